package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

func TestFirstEventArrivesBeforeTheSecondIsSent(t *testing.T) {
	t.Parallel()
	for _, mode := range []Mode{ModeObserve, ModeEnforce} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			seen := make(chan struct{})
			u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
				if _, err := readMessage(r, true, ""); err != nil {
					return err
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
				<-seen // the client has read the first event
				_, _ = io.WriteString(conn, "data: 2\n\n")
				return errEnough
			})
			h := start(t, Config{Upstream: u, Mode: mode}, fakeJudge{})
			conn, r := h.dial(t)
			if _, err := conn.Write(get("/events")); err != nil {
				t.Fatal(err)
			}
			first := readUntil(t, r, "data: 1\n\n")
			close(seen)
			if !strings.Contains(first, "text/event-stream") {
				t.Errorf("header is %q, want an event stream", first)
			}
			readUntil(t, r, "data: 2\n\n")
			x := h.ledger.next(t)
			if got, want := x.Response.BodyBytes, int64(len("data: 1\n\ndata: 2\n\n")); got != want {
				t.Errorf("recorded %d bytes, want %d", got, want)
			}
		})
	}
}

// readUntil reads until what was read ends in end.
func readUntil(t testing.TB, r *bufio.Reader, end string) string {
	t.Helper()
	got, err := readPast(r, end)
	if err != nil {
		t.Fatalf("after %q: %v", got, err)
	}
	return got
}

// readPast is readUntil for goroutines that are not the test's.
func readPast(r *bufio.Reader, end string) (string, error) {
	var b strings.Builder
	for !strings.HasSuffix(b.String(), end) {
		c, err := r.ReadByte()
		if err != nil {
			return b.String(), err
		}
		b.WriteByte(c)
	}
	return b.String(), nil
}

func TestHeaderArrivesBeforeTheBody(t *testing.T) {
	t.Parallel()
	seen := make(chan struct{})
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := readMessage(r, true, ""); err != nil {
			return err
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
		<-seen
		_, err := io.WriteString(conn, strings.Repeat("x", 100000))
		return err
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	conn, r := h.dial(t)
	if _, err := conn.Write(get("/download")); err != nil {
		t.Fatal(err)
	}
	readUntil(t, r, "\r\n\r\n")
	close(seen)
	if n, err := io.CopyN(io.Discard, r, 100000); err != nil {
		t.Errorf("read %d bytes of the body: %v", n, err)
	}
}

func TestRequestOfUnknownLengthIsNotCollected(t *testing.T) {
	t.Parallel()
	got := make(chan string, 2)
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		for _, end := range []string{"one\r\n", "0\r\n\r\n"} {
			part, err := readPast(r, end)
			if err != nil {
				return err
			}
			got <- part
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		return errEnough
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	conn, r := h.dial(t)
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
	receive(t, got) // the upstream has the first chunk, and the second is not sent yet
	_, _ = io.WriteString(conn, "3\r\ntwo\r\n0\r\n\r\n")
	receive(t, got)
	if m, err := readMessage(r, false, "POST"); err != nil || m.status() != 200 {
		t.Errorf("got %q, %v", m.Start, err)
	}
	x := h.ledger.next(t)
	if x.Request.Body != "onetwo" || x.Request.Account != contract.AccountValidated {
		t.Errorf("recorded %+v, want the whole body, validated", x.Request)
	}
}

// blockedKeeper keeps nothing until it is let go.
type blockedKeeper struct{ letGo chan struct{} }

func (k blockedKeeper) Keep(evidence.Exchange) error { <-k.letGo; return nil }
func (k blockedKeeper) Flush() error                 { return nil }

func TestBlockedRecordingHoldsNoTraffic(t *testing.T) {
	t.Parallel()
	keeper := blockedKeeper{make(chan struct{})}
	recorder, err := evidence.NewRecorder(evidence.RecorderConfig{Keepers: []evidence.Keeper{keeper}, QueueLength: 4})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := okUpstream(t)
	h := start(t, Config{Upstream: u, Options: Options{Sink: recorder}}, fakeJudge{})
	if err := RegisterRecorder(h.proxy.Registry(), recorder); err != nil {
		t.Fatal(err)
	}
	const n = 50
	for i := range n {
		if m := h.roundTrip(t, get(fmt.Sprint("/", i))); m.status() != 200 {
			t.Fatalf("request %d got %q", i, m.Start)
		}
	}
	h.server.Close() // ends every handler
	close(keeper.letGo)
	stats, err := recorder.Close(t.Context())
	if err == nil || !strings.Contains(err.Error(), "incomplete") {
		t.Errorf("Close says %v, want that the recording is incomplete", err)
	}
	if stats.Offered != n || stats.Dropped == 0 || stats.Recorded+stats.Dropped != n {
		t.Errorf("stats are %+v, want %d offered, all of them recorded or dropped", stats, n)
	}
	got := gather(t, h.proxy.Registry())
	want := map[string]float64{"dropped": float64(stats.Dropped), "recorded": float64(stats.Recorded), "failed": 0}
	for outcome, count := range want {
		if v := got[`parley_recorder_exchanges_total{outcome="`+outcome+`"}`]; v != count {
			t.Errorf("metric of %s is %v, want %v", outcome, v, count)
		}
	}
}

func TestEarlyResponsesPass(t *testing.T) {
	t.Parallel()
	seen := make(chan struct{}, 2)
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := readMessage(r, true, ""); err != nil {
			return err
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
		<-seen
		_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\n\r\nhi")
		return err
	})
	requests := map[string]string{
		"collected": "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"streamed":  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	}
	for name, request := range requests {
		t.Run(name, func(t *testing.T) {
			h := start(t, Config{Upstream: u}, fakeJudge{})
			conn, r := h.dial(t)
			_, _ = io.WriteString(conn, request)
			early := readUntil(t, r, "\r\n\r\n")
			if want := "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"; early != want {
				t.Errorf("early response is %q, want %q", early, want)
			}
			seen <- struct{}{}
			m, err := readMessage(r, false, "GET")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(endToEnd(m.Fields), map[string][]string{"x-a": {"1"}}); diff != "" {
				t.Errorf("final header (-got +want):\n%s", diff)
			}
		})
	}
}

func TestContinueComesFromTheUpstream(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	allow := make(chan struct{})
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := r.ReadString('\n'); err != nil {
			return err
		}
		fields, err := readFields(r)
		if err != nil {
			return err
		}
		if got := (message{Fields: fields}).get("Expect"); !cmp.Equal(got, []string{"100-continue"}) {
			t.Errorf("upstream was told to expect %q", got)
		}
		close(asked)
		<-allow
		_, _ = io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\n")
		body := make([]byte, 4)
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
		_, err = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n%s", body)
		return err
	})
	h := start(t, Config{Upstream: u}, fakeJudge{})
	conn, r := h.dial(t)
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
	receive(t, asked)
	close(allow)
	if got, want := readUntil(t, r, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, _ = io.WriteString(conn, "body")
	m, err := readMessage(r, false, "POST")
	if err != nil || string(m.Body) != "body" {
		t.Errorf("got %q %q, %v", m.Start, m.Body, err)
	}
}
