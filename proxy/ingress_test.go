package proxy

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

// ingress runs an ingress on a socket; its harness has no proxy.
func ingress(t testing.TB, config IngressConfig) *harness {
	t.Helper()
	h := &harness{ledger: newLedger()}
	config.Sink = h.ledger
	config.Callbacks = load(t, "callbacks.yaml")
	i, err := NewIngress(config)
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(i)
	t.Cleanup(func() {
		h.server.CloseClientConnections()
		h.server.Close()
		i.CloseIdleConnections()
	})
	return h
}

func TestIngressForwardsByteForByte(t *testing.T) {
	t.Parallel()
	u, requests := answering(t, func(message) []byte {
		return message{Start: "HTTP/1.1 202 Taken", Fields: []field{{"X-A", "1"}}, Body: []byte("thanks")}.bytes()
	})
	u.Path = "/hooks"
	h := ingress(t, IngressConfig{ForwardTo: u, Routes: map[string]string{"/mine": "reply"}})
	body := "{ \"answer\" : 12345678901234567890 }"
	sent := post("/mine?a=%zz", body)
	m := h.roundTrip(t, sent)
	if m.status() != 202 || string(m.Body) != "thanks" {
		t.Errorf("vendor got %q %q, want the integration's answer", m.Start, m.Body)
	}
	got := receive(t, requests)
	if got.Start != "POST /hooks/mine?a=%zz HTTP/1.1" || string(got.Body) != body {
		t.Errorf("integration got %q %q", got.Start, got.Body)
	}
	x := h.ledger.next(t)
	if !x.Callback || x.Operation != "reply" || x.Contract != "callbacks" {
		t.Errorf("recorded %+v, want a callback of operation reply", x)
	}
	want := map[contract.Rule]contract.Blame{
		contract.RuleType: contract.BlameVendorCallback, contract.RuleStatusUndeclared: contract.BlameOurResponse,
	}
	blames := map[contract.Rule]contract.Blame{}
	for _, f := range x.Findings {
		blames[f.Rule] = f.Blame
	}
	if diff := cmp.Diff(blames, want); diff != "" {
		t.Errorf("findings (-got +want):\n%s", diff)
	}
}

func TestIngressRoutes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, target string
		routes       map[string]string
		operation    string
		account      contract.Account
	}{
		{"path of the contract", "/callbacks/reply", nil, "reply", contract.AccountValidated},
		{"own path", "/mine?x=1", map[string]string{"/mine": "reply"}, "reply", contract.AccountValidated},
		{"any path", "/whatever", map[string]string{"/": "reply"}, "reply", contract.AccountValidated},
		{"no route", "/whatever", nil, "", contract.AccountUnmatched},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := ingress(t, IngressConfig{Routes: tt.routes})
			m := h.roundTrip(t, post(tt.target, `{"answer":"yes"}`))
			if m.status() != 200 || len(m.Body) != 0 {
				t.Errorf("got %q %q, want an empty 200", m.Start, m.Body)
			}
			x := h.ledger.next(t)
			if x.Operation != tt.operation || x.Request.Account != tt.account || x.Response.Account != tt.account {
				t.Errorf("recorded %+v, want operation %q, account %s", x, tt.operation, tt.account)
			}
		})
	}
}

func TestIngressWithoutForwardTakesLargeBodies(t *testing.T) {
	t.Parallel()
	h := ingress(t, IngressConfig{Options: Options{MaxBodyBytes: 100}})
	m := h.roundTrip(t, post("/callbacks/reply", strings.Repeat("x", 100000)))
	if m.status() != 200 {
		t.Errorf("got %q, want 200", m.Start)
	}
	if x := h.ledger.next(t); x.Request.Account != contract.AccountTooLarge || x.Request.BodyBytes != 100000 {
		t.Errorf("recorded %+v, want 100000 bytes, too large", x.Request)
	}
}

func TestNewIngressRefusesBadConfig(t *testing.T) {
	t.Parallel()
	callbacks := load(t, "callbacks.yaml")
	tests := map[string]IngressConfig{
		"give Callbacks":              {},
		`no operation "other"`:        {Callbacks: callbacks, Routes: map[string]string{"/a": "other"}},
		"must begin with /":           {Callbacks: callbacks, Routes: map[string]string{"a": "reply"}},
		"forward callbacks: upstream": {Callbacks: callbacks, ForwardTo: &url.URL{Scheme: "ftp", Host: "a"}},
	}
	for want, config := range tests {
		if _, err := NewIngress(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("NewIngress says %v, want %q", err, want)
		}
	}
}
