package proxy

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

var sealingKey = bytes.Repeat([]byte{7}, keyBytes)

func interposer(t testing.TB, public string) *Interposer {
	t.Helper()
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	i, err := NewInterposer(InterposerConfig{PublicURL: u, Key: sealingKey})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// TestInterposition plays both sides: the callback URL of a request is
// swapped, and what the vendor sends there reaches the original.
func TestInterposition(t *testing.T) {
	t.Parallel()
	const public = "https://parley.example/in"
	integration, callbacks := okUpstream(t)
	original := integration.String() + "/reply/7?k=v"

	vendorURL, requests := okUpstream(t)
	h := start(t, Config{Upstream: vendorURL, Contracts: vendor(t), Interposer: interposer(t, public)}, nil)
	before, after := `{ "text":"x",  "reply_url" : "`, `" ,"email":"a@example.com"}`
	quoted := strings.ReplaceAll(original, "/", `\/`) // as some encoders write it
	h.roundTrip(t, send(before+quoted+after))
	sent := string(receive(t, requests).Body)
	swapped := strings.TrimSuffix(strings.TrimPrefix(sent, before), after)
	if !strings.HasPrefix(sent, before) || !strings.HasSuffix(sent, after) || !strings.HasPrefix(swapped, public+interposedPath) {
		t.Fatalf("vendor got %q, want the URL swapped and nothing else", sent)
	}
	if strings.Contains(sent, integration.Host) {
		t.Errorf("vendor got the original address: %q", sent)
	}
	asked := h.ledger.next(t)
	if n := gather(t, h.proxy.Registry())[`parley_interpositions_total{outcome="swapped"}`]; n != 1 {
		t.Errorf("%v swaps were counted, want 1", n)
	}
	if !strings.Contains(asked.Request.Body, quoted) {
		t.Errorf("recorded %q, want the request as it arrived", asked.Request.Body)
	}

	in := ingress(t, IngressConfig{Interposer: interposer(t, public)})
	target := strings.TrimPrefix(swapped, "https://parley.example")
	body := `{"answer": 5 }`
	m := in.roundTrip(t, post(target+"?added=1", body))
	if m.status() != 200 || string(m.Body) != `{"ok":true}` {
		t.Errorf("vendor got %q %q, want the integration's answer", m.Start, m.Body)
	}
	got := receive(t, callbacks)
	if got.Start != "POST /reply/7?k=v&added=1 HTTP/1.1" || string(got.Body) != body {
		t.Errorf("integration got %q %q", got.Start, got.Body)
	}
	x := in.ledger.next(t)
	if x.Cause != asked.ID || x.Operation != "reply" || !x.Callback || x.Request.Target != "/reply/7?k=v&added=1" {
		t.Errorf("recorded %+v, want a callback caused by %s", x, asked.ID)
	}
	want := []contract.Rule{contract.RuleBodyUnexpected, contract.RuleType}
	if got := rules(x.Findings); !cmp.Equal(got, want) {
		t.Errorf("findings are %v, want %v", got, want)
	}
}

func TestInterpositionAtTheProxyItself(t *testing.T) {
	t.Parallel()
	integration, callbacks := okUpstream(t)
	vendorURL, requests := okUpstream(t)
	h := start(t, Config{
		Upstream: vendorURL, Contracts: vendor(t), Mode: ModeEnforce,
		Callbacks: load(t, "callbacks.yaml"), Interposer: interposer(t, "https://parley.example"),
	}, nil)
	h.roundTrip(t, send(`{"text":"x","email":"a@example.com","reply_url":"`+integration.String()+`"}`))
	var sent struct {
		URL string `json:"reply_url"`
	}
	if err := json.Unmarshal(receive(t, requests).Body, &sent); err != nil {
		t.Fatal(err)
	}
	asked := h.ledger.next(t)
	// Bad callbacks pass in enforce mode too.
	m := h.roundTrip(t, post(strings.TrimPrefix(sent.URL, "https://parley.example")+"/more", `{"answer":5}`))
	if m.status() != 200 {
		t.Errorf("vendor got %q %s, want the integration's answer", m.Start, m.Body)
	}
	if got := receive(t, callbacks); got.Start != "POST /more HTTP/1.1" {
		t.Errorf("integration got %q", got.Start)
	}
	if x := h.ledger.next(t); x.Cause != asked.ID || len(x.Findings) == 0 {
		t.Errorf("recorded %+v, want a callback caused by %s with findings", x, asked.ID)
	}
}

func TestInterpositionLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{
		"no callback URL": goodBody,
		"not a string":    `{"text":"x","email":"a@example.com","reply_url":5}`,
		"not a URL":       `{"text":"x","email":"a@example.com","reply_url":"later"}`,
		"not JSON":        `{"reply_url":"http://a/"`,
		"other scheme":    `{"text":"x","email":"a@example.com","reply_url":"mailto:a@example.com"}`,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, requests := okUpstream(t)
			h := start(t, Config{Upstream: u, Contracts: vendor(t), Interposer: interposer(t, "https://parley.example")}, nil)
			h.roundTrip(t, send(body))
			if got := string(receive(t, requests).Body); got != body {
				t.Errorf("vendor got %q, want %q", got, body)
			}
		})
	}
}

func TestInterpositionCountsWhatItCannotDo(t *testing.T) {
	t.Parallel()
	u, requests := okUpstream(t)
	h := start(t, Config{Upstream: u, Contracts: vendor(t), Interposer: interposer(t, "https://parley.example")}, nil)
	body := `{"text":"x","email":"a@example.com","reply_url":"http://a.example/"}`
	h.roundTrip(t, message{
		Start:  "POST /messages/ HTTP/1.1",
		Fields: []field{{"Host", "a"}, {"Content-Type", "application/json"}}, Body: []byte(body), Chunked: true,
	}.bytes())
	if got := string(receive(t, requests).Body); got != body {
		t.Errorf("vendor got %q, want %q", got, body)
	}
	h.ledger.next(t)
	if n := gather(t, h.proxy.Registry())[`parley_interpositions_total{outcome="streamed"}`]; n != 1 {
		t.Errorf("%v streamed requests were counted, want 1", n)
	}
}

func TestTokensAreSealed(t *testing.T) {
	t.Parallel()
	s, err := newSealer(sealingKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := token{URL: "http://integration.example/secret", Operation: "reply", Exchange: "01"}
	sealed, err := s.seal(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.open(sealed); err != nil || got != want {
		t.Errorf("opened %+v, %v, want %+v", got, err, want)
	}
	again, err := s.seal(want)
	if err != nil || again == sealed {
		t.Errorf("the same token was sealed alike twice (%v)", err)
	}
	for i := range sealed {
		changed := []byte(sealed)
		changed[i] ^= 1
		if got, err := s.open(string(changed)); err == nil && got != want {
			t.Errorf("a changed token opened as %+v", got)
		}
	}
	other, err := newSealer(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{sealed, "", "AAAA", strings.Repeat("A", maxTokenBytes+1), "%%%"} {
		if _, err := other.open(bad); err == nil {
			t.Errorf("opened %.20q with another key", bad)
		}
	}
	if _, err := newSealer([]byte("short"), nil); err == nil {
		t.Error("took a short key")
	}
}

// TestForgedTokenGoesNowhere shows that an ingress is no open relay.
func TestForgedTokenGoesNowhere(t *testing.T) {
	t.Parallel()
	victim, requests := okUpstream(t)
	s, err := newSealer(nil, nil) // not the ingress's key
	if err != nil {
		t.Fatal(err)
	}
	forged, err := s.seal(token{URL: victim.String()})
	if err != nil {
		t.Fatal(err)
	}
	in := ingress(t, IngressConfig{Interposer: interposer(t, "https://parley.example")})
	in.roundTrip(t, post(interposedPath+forged, `{}`))
	if n := len(requests); n != 0 {
		t.Errorf("the victim got %d requests, want none", n)
	}
	if x := in.ledger.next(t); x.Request.Account != contract.AccountUnmatched {
		t.Errorf("account is %s, want unmatched", x.Request.Account)
	}
}

func TestFindString(t *testing.T) {
	t.Parallel()
	tests := []struct{ document, pointer, want string }{
		{`{"a":"x"}`, "/a", "x"},
		{` { "b" : 1 , "a" :  "x" } `, "/a", "x"},
		{`{"a":{"b":["p",{"c":"x"}]}}`, "/a/b/1/c", "x"},
		{`{"a/b":{"~":"x"}}`, "/a~1b/~0", "x"},
		{`{"a":"first","a":"last"}`, "/a", "last"},
		{`{"\u0061":"x"}`, "/a", "x"},
		{`["p","x"]`, "/1", "x"},
		{`{"a":1}`, "/a", ""},
		{`{"a":"x"}`, "/b", ""},
		{`{"a":"x"}`, "", ""},
		{`"x"`, "", ""},
		{`{"a":"x"`, "/a", ""},
		{`{"a":"x"} trailing`, "/a", ""},
		{`{"a":"x"}`, "/a/b", ""},
		{`[]`, "/0", ""},
		{``, "/a", ""},
	}
	for _, tt := range tests {
		start, end, got, err := findString([]byte(tt.document), tt.pointer)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("findString(%s, %s) = %q, %v, want %q", tt.document, tt.pointer, got, err, tt.want)
		}
		if err == nil && tt.document[start:end] != `"`+tt.want+`"` {
			t.Errorf("findString(%s, %s) stands at %q", tt.document, tt.pointer, tt.document[start:end])
		}
	}
}

func FuzzFindString(f *testing.F) {
	f.Add([]byte(`{"a":{"b":["p",{"c":"x"}]}}`), "/a/b/1/c")
	f.Add([]byte(`{"a":"first","a":"last"}`), "/a")
	f.Fuzz(func(t *testing.T, document []byte, pointer string) {
		start, end, value, err := findString(document, pointer)
		if err != nil {
			return
		}
		var got string
		if err := json.Unmarshal(document[start:end], &got); err != nil || got != value {
			t.Errorf("%q of %q says %q (%v), want %q", pointer, document, got, err, value)
		}
		swapped := append(append(append([]byte{}, document[:start]...), `"other"`...), document[end:]...)
		if _, _, got, err := findString(swapped, pointer); err != nil || got != "other" {
			t.Errorf("after the swap %q of %q says %q, %v", pointer, swapped, got, err)
		}
	})
}
