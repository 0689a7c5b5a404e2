package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// accountingUpstream does what the path of the request says.
func accountingUpstream(t testing.TB) func(conn net.Conn, r *bufio.Reader) error {
	return func(conn net.Conn, r *bufio.Reader) error {
		m, err := readMessage(r, true, "")
		if err != nil {
			return err
		}
		switch {
		case strings.Contains(m.Start, "/hang"):
			hang(conn)
			return errEnough
		case strings.Contains(m.Start, "/reset"):
			reset(conn)
			return errEnough
		case strings.Contains(m.Start, "/break"):
			say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome")(conn)
			return errEnough
		case strings.Contains(m.Start, "/big"):
			_, err = conn.Write(message{Start: "HTTP/1.1 200 OK", Body: make([]byte, 9000)}.bytes())
		case strings.Contains(m.Start, "/binary"):
			_, err = conn.Write(message{Start: "HTTP/1.1 200 OK", Fields: []field{{"Content-Type", "application/json"}, {"Content-Encoding", "zstd"}}, Body: []byte{1, 2}}.bytes())
		default:
			_, err = conn.Write(message{Start: "HTTP/1.1 200 OK", Fields: []field{{"Content-Type", "application/json"}}, Body: []byte(`{"ok":true}`)}.bytes())
		}
		return err
	}
}

// TestAccounting sends messages of every kind, and compares each one's account
// and the sums of the metrics and of a tally with the totals.
func TestAccounting(t *testing.T) {
	t.Parallel()
	to := func(target string) []byte { return post(target, goodBody) }
	type accounts struct{ request, response contract.Account }
	tests := []struct {
		name    string
		request []byte
		leave   bool // the client closes at once
		want    map[Mode]accounts
	}{
		{"good", send(goodBody), false, both(accounts{contract.AccountValidated, contract.AccountValidated})},
		{"bad", send(badBody), false, map[Mode]accounts{
			ModeObserve: {contract.AccountValidated, contract.AccountValidated},
			ModeEnforce: {contract.AccountValidated, ""},
		}},
		{"not JSON", send("{"), false, map[Mode]accounts{
			ModeObserve: {contract.AccountUndecodable, contract.AccountValidated},
			ModeEnforce: {contract.AccountUndecodable, ""},
		}},
		{"too large", send(strings.Repeat("x", 9000)), false, map[Mode]accounts{
			ModeObserve: {contract.AccountTooLarge, contract.AccountValidated},
			ModeEnforce: {contract.AccountTooLarge, ""},
		}},
		{"unknown path", to("/other"), false, map[Mode]accounts{
			ModeObserve: {contract.AccountUnmatched, contract.AccountUnmatched},
			ModeEnforce: {contract.AccountUnmatched, ""},
		}},
		{"connect", []byte("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"), false, both(accounts{contract.AccountUnmatched, ""})},
		{"upstream resets", get("/messages/reset/"), false, both(accounts{contract.AccountValidated, ""})},
		{"upstream hangs", get("/messages/hang/"), false, both(accounts{contract.AccountValidated, ""})},
		{"response breaks off", get("/messages/break/"), false, both(accounts{contract.AccountValidated, contract.AccountFailed})},
		{"large response", get("/messages/big/"), false, both(accounts{contract.AccountValidated, contract.AccountTooLarge})},
		{"unreadable response", get("/messages/binary/"), false, both(accounts{contract.AccountValidated, contract.AccountUndecodable})},
		{"client leaves", []byte("POST /messages/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"), true, both(accounts{contract.AccountFailed, ""})},
	}
	for _, mode := range []Mode{ModeObserve, ModeEnforce} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			h := start(t, Config{
				Upstream: rawUpstream(t, accountingUpstream(t)), Contracts: vendor(t), Mode: mode,
				Options: Options{MaxBodyBytes: 4096, ResponseTimeout: 100 * time.Millisecond},
			}, nil)
			var tally evidence.Tally
			requests, responses := 0, 0
			for _, tt := range tests {
				conn, r := h.dial(t)
				_, _ = conn.Write(tt.request)
				if !tt.leave {
					_, _ = io.Copy(io.Discard, io.LimitReader(r, 10)) // the response has begun
				}
				if tt.leave {
					_ = conn.Close()
				}
				x := h.ledger.next(t)
				_ = conn.Close()
				tally.Add(x)
				requests++
				got := accounts{request: x.Request.Account}
				if x.Response != nil {
					responses++
					got.response = x.Response.Account
				}
				if got != tt.want[mode] {
					t.Errorf("%s: accounts are %v, want %v; failure %q", tt.name, got, tt.want[mode], x.Failure)
				}
			}
			checkSums(t, h, &tally, requests, responses)
		})
	}
}

// both is the same want in both modes.
func both[T any](v T) map[Mode]T { return map[Mode]T{ModeObserve: v, ModeEnforce: v} }

// checkSums compares the sums of all accounts with the totals.
func checkSums(t *testing.T, h *harness, tally *evidence.Tally, requests, responses int) {
	t.Helper()
	s := tally.Summary()
	got := []int64{s.Exchanges, s.Accounts[contract.DirectionRequest].Total(), s.Accounts[contract.DirectionResponse].Total()}
	if want := []int64{int64(requests), int64(requests), int64(responses)}; !cmp.Equal(got, want) {
		t.Errorf("tally has %v exchanges, requests, responses, want %v", got, want)
	}
	metrics := gather(t, h.proxy.Registry())
	for direction, accounts := range s.Accounts {
		for account, n := range accounts {
			name := fmt.Sprintf(`parley_messages_total{account="%s",direction="%s"}`, account, direction)
			if metrics[name] != float64(n) {
				t.Errorf("metric %s is %v, want %d", name, metrics[name], n)
			}
		}
	}
	var messages, findings float64
	for name, v := range metrics {
		switch {
		case strings.HasPrefix(name, "parley_messages_total"):
			messages += v
		case strings.HasPrefix(name, "parley_findings_total"):
			findings += v
		}
	}
	if want := float64(requests + responses); messages != want {
		t.Errorf("metrics count %v messages, want %v", messages, want)
	}
	var want float64
	for _, g := range s.Groups {
		want += float64(g.Count)
	}
	if findings != want || want == 0 {
		t.Errorf("metrics count %v findings, want %v and some", findings, want)
	}
	if n := len(h.ledger.all); n != 0 {
		t.Errorf("%d exchanges more than requests", n)
	}
}

func TestAccountingUnderLoad(t *testing.T) {
	t.Parallel()
	h := start(t, Config{Upstream: rawUpstream(t, accountingUpstream(t)), Contracts: vendor(t)}, nil)
	const clients, each = 16, 50
	for range clients {
		go func() {
			conn, err := net.Dial("tcp", h.server.Listener.Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			r := bufio.NewReader(conn)
			for range each {
				if _, err := conn.Write(send(badBody)); err != nil {
					t.Error(err)
					return
				}
				if _, err := readMessage(r, false, "POST"); err != nil {
					t.Error(err)
					return
				}
			}
		}()
	}
	var tally evidence.Tally
	for range clients * each {
		tally.Add(h.ledger.next(t))
	}
	checkSums(t, h, &tally, clients*each, clients*each)
	for _, g := range tally.Summary().Groups {
		if g.Count != clients*each {
			t.Errorf("finding %s came %d times, want %d", g.Fingerprint, g.Count, clients*each)
		}
	}
}

func TestPanicIsAccountedFor(t *testing.T) {
	t.Parallel()
	u, _ := okUpstream(t)
	h := start(t, Config{Upstream: u, Options: Options{Transport: panicking{}}}, fakeJudge{})
	p := problemOf(t, h.roundTrip(t, get("/")))
	if p.Status != 500 {
		t.Errorf("status is %d, want 500", p.Status)
	}
	if x := h.ledger.next(t); x.Request.Account != contract.AccountValidated || x.Failure == "" {
		t.Errorf("recorded %+v, want the request and a failure", x)
	}
}
