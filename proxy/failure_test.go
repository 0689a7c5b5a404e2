package proxy

import (
	"bufio"
	"io"
	"log"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/parley-contracts/parley/contract"
)

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }

// misbehaving is an upstream that reads a request and then does something
// else than answer it.
func misbehaving(t testing.TB, do func(conn net.Conn)) *url.URL {
	return rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := readMessage(r, true, ""); err != nil {
			return err
		}
		do(conn)
		return errEnough
	})
}

// reset closes a connection so that the peer gets a reset.
func reset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// hang waits until the proxy closes the connection.
func hang(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

func say(text string) func(net.Conn) {
	return func(conn net.Conn) { _, _ = io.WriteString(conn, text) }
}

func TestUpstreamThatFailsBeforeItsResponse(t *testing.T) {
	t.Parallel()
	requests := map[string][]byte{
		"collected": post("/messages/", goodBody),
		"streamed": message{
			Start: "POST /messages/ HTTP/1.1", Fields: []field{{"Host", "a"}}, Body: []byte(goodBody), Chunked: true,
		}.bytes(),
	}
	tests := []struct {
		name    string
		do      func(net.Conn)
		status  int
		failure string
	}{
		{"hangs", hang, 504, failureTimeout},
		{"resets", reset, 502, failureReset},
		{"closes", func(net.Conn) {}, 502, failureReset},
		{"half a header", say("HTTP/1.1 200 OK\r\nContent-Length: 5"), 502, failureReset},
		{"not http", say("hello there\r\n\r\n"), 502, failureNonsense},
		{"other protocol", say("SSH-2.0-OpenSSH_9\r\n"), 502, failureNonsense},
		{"status that is none", say("HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"), 502, failureNonsense},
		{"switches unasked", say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"), 502, failureNonsense},
		{"bad length", say("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"), 502, failureNonsense},
		{"two lengths", say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), 502, failureNonsense},
		{"endless header", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 4<<20))
			hang(conn)
		}, 502, failureHeader},
	}
	for _, tt := range tests {
		for name, request := range requests {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				wait := deadline
				if tt.failure == failureTimeout {
					wait = 100 * time.Millisecond
				}
				h := start(t, Config{Upstream: misbehaving(t, tt.do), Options: Options{ResponseTimeout: wait}}, fakeJudge{})
				p := problemOf(t, h.roundTrip(t, request))
				if p.Status != tt.status || p.Detail != tt.failure {
					t.Errorf("got %d %q, want %d %q", p.Status, p.Detail, tt.status, tt.failure)
				}
				x := h.ledger.next(t)
				if x.Failure != tt.failure || x.Response != nil || x.Request.Account != contract.AccountValidated || x.Request.Body != goodBody {
					t.Errorf("recorded %+v, want the request and failure %q", x, tt.failure)
				}
			})
		}
	}
}

func TestUpstreamThatIsNotThere(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	_ = listener.Close()
	h := start(t, Config{Upstream: u}, fakeJudge{})
	p := problemOf(t, h.roundTrip(t, get("/")))
	if p.Status != 502 || p.Detail != failureDial {
		t.Errorf("got %+v, want 502 %q", p, failureDial)
	}
	if err := h.proxy.Ready(t.Context()); err == nil {
		t.Error("Ready says nothing of an upstream that is not there")
	}
}

func TestUpstreamThatBreaksOffItsBody(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		do      func(net.Conn)
		failure string
	}{
		{"closes", say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome"), failureBrokeOff},
		{"broken chunks", say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\nzz\r\n"), failureBrokeOff},
		{"stalls", func(conn net.Conn) {
			say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")(conn)
			hang(conn)
		}, failureStalled},
	}
	for _, tt := range tests {
		t.Run(tt.name+"/observe", func(t *testing.T) {
			t.Parallel()
			h := start(t, Config{Upstream: misbehaving(t, tt.do), Options: Options{BodyIdleTimeout: 200 * time.Millisecond}}, fakeJudge{})
			conn, r := h.dial(t)
			if _, err := conn.Write(post("/messages/", goodBody)); err != nil {
				t.Fatal(err)
			}
			m, err := readMessage(r, false, "POST")
			if err == nil || m.status() != 200 {
				t.Errorf("got %q whole, want a response that breaks off", m.Start)
			}
			x := h.ledger.next(t)
			if x.Failure != tt.failure || x.Response == nil || x.Response.Account != contract.AccountFailed || x.Response.BodyBytes != 4 {
				t.Errorf("recorded %+v, want failure %q and a failed response of 4 bytes", x, tt.failure)
			}
		})
		t.Run(tt.name+"/enforce", func(t *testing.T) {
			t.Parallel()
			h := start(t, Config{
				Upstream: misbehaving(t, tt.do), Mode: ModeEnforce, Options: Options{BodyIdleTimeout: 200 * time.Millisecond},
			}, fakeJudge{})
			p := problemOf(t, h.roundTrip(t, post("/messages/", goodBody)))
			if p.Detail != tt.failure {
				t.Errorf("problem says %q, want %q", p.Detail, tt.failure)
			}
			if x := h.ledger.next(t); x.Failure != tt.failure || x.Response.Account != contract.AccountFailed {
				t.Errorf("recorded %+v, want failure %q", x, tt.failure)
			}
		})
		t.Run(tt.name+"/streamed", func(t *testing.T) {
			t.Parallel()
			h := start(t, Config{Upstream: misbehaving(t, tt.do), Options: Options{BodyIdleTimeout: 200 * time.Millisecond}}, fakeJudge{})
			conn, r := h.dial(t)
			_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
			if m, err := readMessage(r, false, "POST"); err == nil {
				t.Errorf("got %q whole, want a response that breaks off", m.Start)
			}
			if x := h.ledger.next(t); x.Failure != tt.failure || x.Response.Account != contract.AccountFailed {
				t.Errorf("recorded %+v, want failure %q", x, tt.failure)
			}
		})
	}
}

func TestClientThatLeaves(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 10)
	waiting := misbehaving(t, func(conn net.Conn) { arrived <- struct{}{}; hang(conn) })
	tests := []struct {
		name    string
		request string
		arrives bool
		failure string
		account contract.Account
	}{
		{"in a collected body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf", false, failureClientBroke, contract.AccountFailed},
		{"while waiting", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true, failureClientGone, contract.AccountValidated},
		{"while waiting for the answer to a stream", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true, failureClientGone, contract.AccountValidated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t, Config{Upstream: waiting}, fakeJudge{})
			conn, _ := h.dial(t)
			_, _ = io.WriteString(conn, tt.request)
			if tt.arrives {
				receive(t, arrived)
			}
			_ = conn.Close()
			x := h.ledger.next(t)
			if x.Failure != tt.failure || x.Request.Account != tt.account || x.Response != nil {
				t.Errorf("recorded %+v, want failure %q and account %s", x, tt.failure, tt.account)
			}
		})
	}
}

func TestClientThatLeavesInAStream(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := readPast(r, "some\r\n"); err != nil {
			return err
		}
		close(begun)
		hang(conn)
		return errEnough
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	conn, _ := h.dial(t)
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n")
	receive(t, begun)
	_ = conn.Close()
	x := h.ledger.next(t)
	if x.Failure != failureClientBroke || x.Request.Account != contract.AccountFailed || x.Request.BodyBytes != 4 {
		t.Errorf("recorded %+v, want a request that broke off after 4 bytes", x)
	}
}

func TestClientThatLeavesDuringTheResponse(t *testing.T) {
	t.Parallel()
	u := misbehaving(t, func(conn net.Conn) {
		say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")(conn)
		for {
			if _, err := io.WriteString(conn, "data: "+strings.Repeat("x", 4096)+"\n\n"); err != nil {
				return
			}
		}
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	conn, r := h.dial(t)
	_, _ = conn.Write(get("/events"))
	readUntil(t, r, "data: ")
	reset(conn)
	x := h.ledger.next(t)
	if x.Failure != failureClientGone || x.Response == nil || x.Response.Account != contract.AccountFailed {
		t.Errorf("recorded %+v, want a client that left", x)
	}
}

func TestClientThatIsTooSlow(t *testing.T) {
	t.Parallel()
	u, _ := okUpstream(t)
	h := start(t, Config{Upstream: u, Options: Options{BodyIdleTimeout: 100 * time.Millisecond}}, fakeJudge{})
	m := h.roundTrip(t, []byte("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"))
	if p := problemOf(t, m); p.Status != 408 {
		t.Errorf("got %+v, want 408", p)
	}
	if x := h.ledger.next(t); x.Failure != failureClientSlow || x.Request.Account != contract.AccountFailed {
		t.Errorf("recorded %+v, want failure %q", x, failureClientSlow)
	}
}

// misbehavingEarly is an upstream that answers before it has read the body.
func misbehavingEarly(t testing.TB) *url.URL {
	return rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := readPast(r, "\r\n\r\n"); err != nil {
			return err
		}
		say("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")(conn)
		hang(conn)
		return errEnough
	})
}
