package proxy

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract"
)

// panicking is a transport with a bug.
type panicking struct{}

func (panicking) RoundTrip(*http.Request) (*http.Response, error) { panic("transport") }

func TestThousandsOfHeaders(t *testing.T) {
	t.Parallel()
	var fields []field
	for i := range 5000 {
		fields = append(fields, field{fmt.Sprintf("X-Field-%d", i), "v"}, field{"X-Same", fmt.Sprint(i)})
	}
	u, requests := answering(t, func(message) []byte {
		return message{Start: "HTTP/1.1 200 OK", Fields: fields}.bytes()
	})
	h := start(t, Config{Upstream: u, Contracts: vendor(t)}, nil)
	m := h.roundTrip(t, message{Start: "GET /messages/1/ HTTP/1.1", Fields: append([]field{{"Host", "a"}}, fields...), NoLength: true}.bytes())
	want := endToEnd(fields)
	for side, got := range map[string]message{"client": m, "upstream": receive(t, requests)} {
		if n := len(endToEnd(got.Fields)); n != len(want) {
			t.Errorf("%s got %d names, want %d", side, n, len(want))
		}
		if n := len(got.get("X-Same")); n != 5000 {
			t.Errorf("%s got %d values of one name, want 5000", side, n)
		}
	}
	x := h.ledger.next(t)
	found := rules(x.Findings)
	if len(found) == 0 || len(found) > 50 {
		t.Errorf("%d findings, want some and not thousands", len(found))
	}
}

func TestLargeBodiesPassWhole(t *testing.T) {
	t.Parallel()
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<18) // 4 MiB
	u, requests := answering(t, func(message) []byte {
		return message{Start: "HTTP/1.1 200 OK", Body: big}.bytes()
	})
	h := start(t, Config{Upstream: u, Contracts: vendor(t)}, nil)
	conn, r := h.dial(t)
	go func() {
		_, _ = conn.Write(message{Start: "POST /messages/ HTTP/1.1", Fields: []field{{"Host", "a"}}, Body: big}.bytes())
	}()
	m, err := readMessage(r, false, "POST")
	if err != nil || !bytes.Equal(m.Body, big) {
		t.Fatalf("client got %d bytes, %v, want %d", len(m.Body), err, len(big))
	}
	if got := receive(t, requests); !bytes.Equal(got.Body, big) {
		t.Errorf("upstream got %d bytes, want %d", len(got.Body), len(big))
	}
	x := h.ledger.next(t)
	if x.Request.Account != contract.AccountTooLarge || x.Response.Account != contract.AccountTooLarge {
		t.Errorf("accounts are %s and %s, want both too large", x.Request.Account, x.Response.Account)
	}
	if x.Request.Body != "" || x.Request.BodyBytes != int64(len(big)) {
		t.Errorf("recorded %d bytes as %d, want none of %d", len(x.Request.Body), x.Request.BodyBytes, len(big))
	}
}

func TestResponseWhileTheRequestStillComes(t *testing.T) {
	t.Parallel()
	h := start(t, Config{Upstream: misbehavingEarly(t)}, fakeJudge{})
	conn, r := h.dial(t)
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n")
	m, err := readMessage(r, false, "POST") // the request is never finished
	if err != nil || m.status() != 413 {
		t.Fatalf("got %q, %v, want the upstream's 413", m.Start, err)
	}
	_ = conn.Close()
	x := h.ledger.next(t)
	if x.Request.Account != contract.AccountFailed || x.Response == nil || x.Response.Account != contract.AccountValidated {
		t.Errorf("recorded %+v, want a request that was not whole and its response", x)
	}
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	u, requests := okUpstream(t)
	h := start(t, Config{Upstream: u}, fakeJudge{})
	conn, r := h.dial(t)
	for i := range 100 {
		body := strings.Repeat(fmt.Sprint(i%10), 1000+i)
		if _, err := conn.Write(post("/", body)); err != nil {
			t.Fatal(err)
		}
		if _, err := readMessage(r, false, "POST"); err != nil {
			t.Fatal(err)
		}
		if got := string(receive(t, requests).Body); got != body {
			t.Fatalf("request %d arrived as %q", i, got)
		}
		if x := h.ledger.next(t); x.Request.Body != body {
			t.Fatalf("request %d was recorded as %q", i, x.Request.Body)
		}
	}
}
