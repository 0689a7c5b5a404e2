package proxy

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

func TestEnforce(t *testing.T) {
	t.Parallel()
	chunked := func(body string) []byte {
		return message{
			Start:  "POST /messages/ HTTP/1.1",
			Fields: []field{{"Host", "a"}, {"Content-Type", "application/json"}, {"X-Vendor-Pass", "p"}},
			Body:   []byte(body), Chunked: true,
		}.bytes()
	}
	respond := func(status int, body string) []byte {
		return message{Start: fmt.Sprintf("HTTP/1.1 %d X", status), Fields: []field{{"Content-Type", "application/json"}}, Body: []byte(body)}.bytes()
	}
	good := respond(200, `{"ok":true}`)
	warned := `{"text":"x","email":"a@example.com","note":"longer than the twenty that we guessed"}`
	big := `{"text":"` + strings.Repeat("x", 5000) + `","email":"a@example.com"}`
	tests := []struct {
		name     string
		request  []byte
		response []byte
		status   int
		problem  string
		rules    []contract.Rule // of the problem
		reached  bool
	}{
		{"good passes", send(goodBody), good, 200, "", nil, true},
		{"bad request", send(badBody), good, 400, "request-refused", []contract.Rule{contract.RulePropertyUndeclared, contract.RuleMinLength}, false},
		{"bad request of unknown length", chunked(badBody), good, 400, "request-refused", []contract.Rule{contract.RulePropertyUndeclared, contract.RuleMinLength}, false},
		{"good request of unknown length", chunked(goodBody), good, 200, "", nil, true},
		{"inferred facts only warn", send(warned), good, 200, "", nil, true},
		{"oversize", send(big), good, 413, "body-too-large", []contract.Rule{contract.RuleBodyTooLarge}, false},
		{"oversize of unknown length", chunked(big), good, 413, "body-too-large", []contract.Rule{contract.RuleBodyTooLarge}, false},
		{"bad response", send(goodBody), respond(200, `{"ok":"yes"}`), 502, "response-refused", []contract.Rule{contract.RuleType}, true},
		{"bad response of unknown length", send(goodBody), message{
			Start: "HTTP/1.1 200 OK", Fields: []field{{"Content-Type", "application/json"}}, Body: []byte(`{}`), Chunked: true,
		}.bytes(), 502, "response-refused", []contract.Rule{contract.RuleRequired}, true},
		{"undeclared status", send(goodBody), respond(418, `{}`), 502, "response-refused", []contract.Rule{contract.RuleStatusUndeclared}, true},
		{"oversize response passes", send(goodBody), respond(200, `{"ok":true,"id":"`+strings.Repeat("x", 5000)+`"}`), 200, "", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u, requests := answering(t, func(message) []byte { return tt.response })
			h := start(t, Config{Upstream: u, Contracts: vendor(t), Mode: ModeEnforce, Options: Options{MaxBodyBytes: 4096}}, nil)
			m := h.roundTrip(t, tt.request)
			if m.status() != tt.status {
				t.Errorf("status is %d, want %d; body %s", m.status(), tt.status, m.Body)
			}
			x := h.ledger.next(t)
			if got := len(requests) > 0; got != tt.reached {
				t.Errorf("upstream reached: %v, want %v", got, tt.reached)
			}
			if tt.problem == "" {
				if _, body, _ := bytes.Cut(tt.response, []byte("\r\n\r\n")); !bytes.Equal(m.Body, body) {
					t.Errorf("body is %q, want %q", m.Body, body)
				}
				if x.Blocked != "" || x.Response == nil {
					t.Errorf("recorded %+v, want a response and nothing blocked", x)
				}
				return
			}
			p := problemOf(t, m)
			if want := "urn:parley:problem:" + tt.problem; p.Type != want || p.Exchange != x.ID || p.Operation != "sendMessage" {
				t.Errorf("problem is %+v, want type %s for exchange %s", p, want, x.ID)
			}
			if got := rules(p.Findings); !cmp.Equal(got, tt.rules) {
				t.Errorf("problem names %v, want %v", got, tt.rules)
			}
			if bytes.Contains(m.Body, []byte("example.com")) {
				t.Errorf("problem holds a value of the message: %s", m.Body)
			}
			if x.Blocked == "" {
				t.Errorf("recorded %+v, want something blocked", x)
			}
		})
	}
}

func TestObserveRefusesNothing(t *testing.T) {
	t.Parallel()
	u, requests := answering(t, func(message) []byte {
		return message{Start: "HTTP/1.1 200 OK", Fields: []field{{"Content-Type", "application/json"}}, Body: []byte(`{"ok":1}`)}.bytes()
	})
	h := start(t, Config{Upstream: u, Contracts: vendor(t)}, nil)
	m := h.roundTrip(t, send(badBody))
	if m.status() != 200 || string(m.Body) != `{"ok":1}` {
		t.Errorf("got %q %q, want the upstream's answer", m.Start, m.Body)
	}
	if got := string(receive(t, requests).Body); got != badBody {
		t.Errorf("upstream got %q, want %q", got, badBody)
	}
	x := h.ledger.next(t)
	want := []contract.Rule{contract.RulePropertyUndeclared, contract.RuleMinLength, contract.RuleType}
	if got := rules(x.Findings); !cmp.Equal(got, want) {
		t.Errorf("findings are %v, want %v", got, want)
	}
	if x.Operation != "sendMessage" || x.Contract != "vendor" || x.Request.Body != badBody {
		t.Errorf("recorded %+v, want what was sent", x)
	}
}

func TestPanicOfTheCheckChangesNothing(t *testing.T) {
	t.Parallel()
	boom := fakeJudge{
		onRequest:  func(*contract.Request) contract.Result { panic("request") },
		onResponse: func(*contract.Response) contract.Result { panic("response") },
	}
	for _, mode := range []Mode{ModeObserve, ModeEnforce} {
		u, _ := okUpstream(t)
		h := start(t, Config{Upstream: u, Mode: mode}, boom)
		if m := h.roundTrip(t, post("/messages/", goodBody)); m.status() != 200 {
			t.Errorf("%s: got %q, want the upstream's answer", mode, m.Start)
		}
		x := h.ledger.next(t)
		if x.Request.Account != contract.AccountFailed {
			t.Errorf("%s: request is accounted for as %q, want failed", mode, x.Request.Account)
		}
		if got := rules(x.Findings); !cmp.Equal(got, []contract.Rule{contract.RuleCheckFailed}) {
			t.Errorf("%s: findings are %v, want check-failed", mode, got)
		}
	}
}

func TestPanicOfTheSinkChangesNothing(t *testing.T) {
	t.Parallel()
	u, _ := okUpstream(t)
	h := start(t, Config{Upstream: u, Options: Options{
		Sink:      newLedger(),
		OnFinding: func(string, contract.Finding) { panic("listener") },
	}, Contracts: vendor(t)}, nil)
	conn, r := h.dial(t)
	for range 2 { // the connection stays usable
		if _, err := conn.Write(send(badBody)); err != nil {
			t.Fatal(err)
		}
		if m, err := readMessage(r, false, "POST"); err != nil || m.status() != 200 {
			t.Fatalf("got %q, %v", m.Start, err)
		}
	}
}
