package proxy

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	u, requests := answering(t, func(message) []byte {
		return message{Start: "HTTP/1.1 302 Found", Fields: []field{{"Location", "/elsewhere"}}}.bytes()
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	m := h.roundTrip(t, get("/"))
	if m.status() != 302 || !cmp.Equal(m.get("Location"), []string{"/elsewhere"}) {
		t.Errorf("got %q %v, want the redirect itself", m.Start, m.Fields)
	}
	receive(t, requests)
	if n := len(requests); n != 0 {
		t.Errorf("the upstream got %d more requests, want none", n)
	}
}

func TestCookiesAreNotMerged(t *testing.T) {
	t.Parallel()
	u, requests := answering(t, func(message) []byte {
		return message{Start: "HTTP/1.1 200 OK", Fields: []field{{"Set-Cookie", "a=1; Path=/"}, {"Set-Cookie", "b=2"}}}.bytes()
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	m := h.roundTrip(t, []byte("GET / HTTP/1.1\r\nHost: a\r\nCookie: x=1\r\nCookie: y=2\r\n\r\n"))
	if got, want := m.get("Set-Cookie"), []string{"a=1; Path=/", "b=2"}; !cmp.Equal(got, want) {
		t.Errorf("client got the cookies %q, want %q", got, want)
	}
	if got, want := receive(t, requests).get("Cookie"), []string{"x=1", "y=2"}; !cmp.Equal(got, want) {
		t.Errorf("upstream got the cookies %q, want %q", got, want)
	}
	// No jar: the next request has none.
	h.roundTrip(t, get("/"))
	if got := receive(t, requests).get("Cookie"); got != nil {
		t.Errorf("upstream got the cookies %q with the next request, want none", got)
	}
}

func TestUpstreamTLSIsVerified(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hi")
	}))
	upstream.Config.ErrorLog = discardLog()
	var conns atomic.Int64
	upstream.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	upstream.StartTLS()
	t.Cleanup(upstream.Close)
	u, err := url.Parse(upstream.URL)
	if err != nil {
		t.Fatal(err)
	}
	h := start(t, Config{Upstream: u}, fakeJudge{})
	p := problemOf(t, h.roundTrip(t, get("/")))
	if p.Status != 502 || p.Detail != failureTLS {
		t.Errorf("got %+v, want a 502 about the certificate", p)
	}

	roots := x509.NewCertPool()
	roots.AddCert(upstream.Certificate())
	config := &tls.Config{RootCAs: roots}
	for name, options := range map[string]Options{
		"direct": {TLS: config}, "http.Transport": {Transport: NewTransport(Options{TLS: config})},
	} {
		before := conns.Load()
		h = start(t, Config{Upstream: u, Options: options}, fakeJudge{})
		for range 5 {
			if m := h.roundTrip(t, get("/")); m.status() != 200 || string(m.Body) != "hi" {
				t.Errorf("%s: with the right authority got %q %q, want 200", name, m.Start, m.Body)
			}
			h.ledger.next(t)
		}
		if n := conns.Load() - before; n > 2 {
			t.Errorf("%s: %d connections for 5 requests, want them kept", name, n)
		}
	}
}

func TestSwitchedProtocolPassesBothWays(t *testing.T) {
	t.Parallel()
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		m, err := readMessage(r, true, "")
		if err != nil {
			return err
		}
		if got := m.get("Upgrade"); !cmp.Equal(got, []string{"websocket"}) {
			t.Errorf("upstream was asked to upgrade to %q", got)
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n")
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		_, _ = io.WriteString(conn, "echo "+line)
		return errEnough
	})
	for _, mode := range []Mode{ModeObserve, ModeEnforce} {
		h := start(t, Config{Upstream: u, Mode: mode}, fakeJudge{})
		conn, r := h.dial(t)
		_, _ = io.WriteString(conn, "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n")
		head := readUntil(t, r, "\r\n\r\n")
		want := "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nSec-Websocket-Accept: x\r\nUpgrade: websocket\r\n\r\n"
		if head != want {
			t.Errorf("%s: header is %q, want %q", mode, head, want)
		}
		_, _ = io.WriteString(conn, "hello\n")
		if got := readUntil(t, r, "\n"); got != "echo hello\n" {
			t.Errorf("%s: got %q through the tunnel", mode, got)
		}
		_ = conn.Close()
		x := h.ledger.next(t)
		if x.Response == nil || x.Response.Status != 101 || x.Failure != "" {
			t.Errorf("%s: recorded %+v, want the switch", mode, x)
		}
	}
}

func TestUpgradeThatWasRefused(t *testing.T) {
	t.Parallel()
	u, _ := okUpstream(t)
	h := start(t, Config{Upstream: u}, fakeJudge{})
	m := h.roundTrip(t, []byte("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"))
	if m.status() != 200 || string(m.Body) != `{"ok":true}` {
		t.Errorf("got %q %q, want the upstream's refusal", m.Start, m.Body)
	}
}

func TestConnectIsRefused(t *testing.T) {
	t.Parallel()
	u, requests := okUpstream(t)
	h := start(t, Config{Upstream: u}, fakeJudge{})
	p := problemOf(t, h.roundTrip(t, []byte("CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n")))
	if p.Status != http.StatusNotImplemented {
		t.Errorf("status is %d, want 501", p.Status)
	}
	if n := len(requests); n != 0 {
		t.Errorf("upstream got %d requests, want none", n)
	}
}
