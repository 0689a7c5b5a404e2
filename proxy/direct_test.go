package proxy

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-contracts/parley/contract"
)

// counted is an upstream that answers with ok and counts its connections;
// ended closes each one after its first answer.
func counted(t testing.TB, ended bool) (*atomic.Int64, Config) {
	var conns atomic.Int64
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := r.Peek(1); err != nil {
			return err
		}
		conns.Add(1)
		for {
			if _, err := readMessage(r, true, ""); err != nil {
				return err
			}
			if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); err != nil || ended {
				return errEnough
			}
		}
	})
	return &conns, Config{Upstream: u}
}

func TestDirectKeepsConnections(t *testing.T) {
	t.Parallel()
	conns, config := counted(t, false)
	h := start(t, config, fakeJudge{})
	for range 20 {
		if m := h.roundTrip(t, post("/", "body")); string(m.Body) != "ok" {
			t.Fatalf("got %q %q", m.Start, m.Body)
		}
		h.ledger.next(t) // the connection is kept by now
	}
	if n := conns.Load(); n != 1 {
		t.Errorf("%d connections for 20 requests one after the other, want 1", n)
	}
	d := h.proxy.core.direct()
	if n := idle(d); n != 1 {
		t.Errorf("%d idle connections, want 1", n)
	}
	d.reap(time.Hour)
	if n := idle(d); n != 1 {
		t.Errorf("%d idle connections after the young were spared, want 1", n)
	}
	h.proxy.CloseIdleConnections()
	if n := idle(d); n != 0 {
		t.Errorf("%d idle connections after they were closed, want 0", n)
	}
}

// idle counts idle connections.
func idle(d *direct) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, list := range d.idle {
		n += len(list)
	}
	return n
}

func TestDirectNoticesConnectionsThatEnded(t *testing.T) {
	t.Parallel()
	conns, config := counted(t, true)
	h := start(t, config, fakeJudge{})
	for range 20 {
		// A POST must not be sent twice, so it must not meet an ended connection.
		if m := h.roundTrip(t, post("/", "body")); string(m.Body) != "ok" {
			t.Fatalf("got %q %q", m.Start, m.Body)
		}
		h.ledger.next(t)
		waitUntil(t, func() bool { return endSeen(h.proxy.core.direct()) })
	}
	if n := conns.Load(); n != 20 {
		t.Errorf("%d connections, want one for each of 20 requests", n)
	}
}

// endSeen reports whether the end of every idle connection has arrived.
func endSeen(d *direct) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, list := range d.idle {
		for _, c := range list {
			if isSilent(c.conn) {
				return false
			}
		}
	}
	return true
}

// waitUntil polls until a condition holds.
func waitUntil(t testing.TB, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.After(deadline)
	for !holds() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("it did not come about in time")
		}
	}
}

// TestDirectSendsOnlyHarmlessRequestsTwice ends connections at the moment they
// are used again.
func TestDirectSendsOnlyHarmlessRequestsTwice(t *testing.T) {
	t.Parallel()
	tests := []struct {
		request []byte
		status  int
		seen    int64
	}{
		{get("/"), 200, 3},
		{post("/", "body"), 502, 2},
	}
	for _, tt := range tests {
		var seen atomic.Int64
		u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
			if _, err := readMessage(r, true, ""); err != nil {
				return err
			}
			if seen.Add(1) == 2 {
				return errEnough // the second request of all gets no answer
			}
			_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
			return err
		})
		h := start(t, Config{Upstream: u}, fakeJudge{})
		h.roundTrip(t, tt.request)
		h.ledger.next(t)
		m := h.roundTrip(t, tt.request)
		if m.status() != tt.status || seen.Load() != tt.seen {
			t.Errorf("%.4s: second got %q and the upstream saw %d, want %d and %d", tt.request, m.Start, seen.Load(), tt.status, tt.seen)
		}
	}
}

func TestDirectDropsConnectionsWithMoreToSay(t *testing.T) {
	t.Parallel()
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := readMessage(r, true, ""); err != nil {
			return err
		}
		_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong")
		return err
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	for range 10 {
		if m := h.roundTrip(t, get("/")); string(m.Body) != "ok" {
			t.Fatalf("got %q, the answer to nothing", m.Body)
		}
		h.ledger.next(t)
	}
}

func TestDirectTakesAnEarlyAnswer(t *testing.T) {
	t.Parallel()
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := readPast(r, "\r\n\r\n"); err != nil {
			return err
		}
		say("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmuch")(conn)
		_, _ = io.CopyN(io.Discard, r, 50<<10)
		return errEnough
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	m := h.roundTrip(t, post("/", strings.Repeat("x", 50<<10)))
	if m.status() != 413 || string(m.Body) != "much" {
		t.Errorf("got %q %q, want the upstream's 413", m.Start, m.Body)
	}
}

func TestLineBreaksAreNotSent(t *testing.T) {
	t.Parallel()
	u, requests := okUpstream(t)
	p, err := New(Config{Upstream: u})
	if err != nil {
		t.Fatal(err)
	}
	bad := []*http.Request{
		{RequestURI: "/a HTTP/1.1\r\nX: y\r\n\r\n", Header: http.Header{}},
		{RequestURI: "/a b", Header: http.Header{}},
		{RequestURI: "/", Header: http.Header{"X": {"a\r\nY: b"}}},
		{RequestURI: "/", Header: http.Header{"X\r\nY": {"b"}}},
	}
	for _, r := range bad {
		r.Method, r.Body = http.MethodGet, http.NoBody
		w := &writer{header: http.Header{}}
		p.ServeHTTP(w, r)
		if w.status != http.StatusBadRequest {
			t.Errorf("%q %q: status is %d, want 400", r.RequestURI, r.Header, w.status)
		}
	}
	if n := len(requests); n != 0 {
		t.Errorf("upstream got %d requests, want none", n)
	}
}

func TestBodiesOfEverySizeArrive(t *testing.T) {
	t.Parallel()
	u, requests := okUpstream(t)
	h := start(t, Config{Upstream: u}, fakeJudge{})
	for _, size := range []int{1, 4095, 4096, 4097, directBytes - 1, directBytes, directBytes + 1, 1<<20 - 1, 1 << 20, 1<<20 + 1} {
		body := bytes.Repeat([]byte("abc"), size/3+1)[:size]
		conn, r := h.dial(t)
		go func() { _, _ = conn.Write(post("/", string(body))) }()
		if _, err := readMessage(r, false, "POST"); err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		if got := receive(t, requests).Body; !bytes.Equal(got, body) {
			t.Errorf("%d bytes arrived as %d", size, len(got))
		}
		want := contract.AccountValidated
		if size > 1<<20 {
			want = contract.AccountTooLarge
		}
		if x := h.ledger.next(t); x.Request.Account != want || x.Request.BodyBytes != int64(size) {
			t.Errorf("%d bytes were recorded as %d, %s", size, x.Request.BodyBytes, x.Request.Account)
		}
	}
}
