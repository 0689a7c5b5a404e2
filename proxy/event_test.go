package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

const streamDocument = `openapi: 3.0.3
info: {title: A stream, version: 1.0.0}
paths:
  /events:
    get:
      operationId: events
      responses:
        '200':
          description: A stream.
          headers: {X-Count: {schema: {type: integer}}}
          content:
            text/event-stream: {x-itemSchema: {type: object, required: [n], properties: {n: {type: integer}}}}
            application/x-ndjson: {schema: {type: object, required: [n], properties: {n: {type: integer}}}}
    post:
      operationId: ask
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        '200':
          description: A stream.
          headers: {X-Count: {schema: {type: integer}}}
          content:
            text/event-stream: {x-itemSchema: {type: object, required: [n], properties: {n: {type: integer}}}}
`

func streaming(t testing.TB) contract.Set {
	t.Helper()
	c, err := contract.Load(fstest.MapFS{"stream.yaml": {Data: []byte(streamDocument)}}, "stream.yaml", contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return contract.Set{c}
}

// told is a finding as it was handed on.
type told struct {
	Rule    contract.Rule
	Pointer string
}

func TestFindingOfAnEventComesBeforeTheNextEvent(t *testing.T) {
	t.Parallel()
	requests := map[string][]byte{
		"collected": get("/events"),
		"streamed":  []byte("POST /events HTTP/1.1\r\nHost: vendor.example\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
	}
	for name, request := range requests {
		for _, mode := range []Mode{ModeObserve, ModeEnforce} {
			t.Run(name+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				findings := make(chan told, 10)
				next := make(chan struct{})
				u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
					if _, err := readMessage(r, true, ""); err != nil {
						return err
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Count: many\r\n\r\ndata: {\"n\":1}\n\n")
					_, _ = io.WriteString(conn, "data: {\"n\":\"two\"}\n\n")
					<-next // the finding about the second event was told
					_, _ = io.WriteString(conn, "data: {\"n\":3}\n\n")
					return errEnough
				})
				h := start(t, Config{Upstream: u, Mode: mode, Contracts: streaming(t), Options: Options{
					OnFinding: func(_ string, f contract.Finding) { findings <- told{f.Rule, f.Location.Pointer} },
				}}, nil)
				conn, r := h.dial(t)
				if _, err := conn.Write(request); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(told{contract.RuleType, "/1/n"}, receive(t, findings)); diff != "" {
					t.Errorf("while the stream passes (-want +got):\n%s", diff)
				}
				close(next)
				readUntil(t, r, "data: {\"n\":3}\n\n")
				x := h.ledger.next(t)
				if x.Response.Account != contract.AccountValidated {
					t.Errorf("account = %s, want validated", x.Response.Account)
				}
				want := []contract.Rule{contract.RuleType, contract.RuleType}
				if diff := cmp.Diff(want, rules(x.Findings)); diff != "" {
					t.Errorf("recorded findings (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(told{contract.RuleType, ""}, receive(t, findings)); diff != "" {
					t.Errorf("at the end (-want +got):\n%s", diff)
				}
				if n := len(findings); n != 0 {
					t.Errorf("%d findings were told twice", n)
				}
			})
		}
	}
}

func TestEventsAreAccountedFor(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		response string
		account  contract.Account
		want     []contract.Rule
	}{
		"whole":      {"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: 8\r\n\r\n{\"n\":1}\n", contract.AccountValidated, nil},
		"not JSON":   {"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: 2\r\n\r\nx\n", contract.AccountUndecodable, []contract.Rule{contract.RuleJSONSyntax}},
		"broken off": {"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n{}\n{\"n\":", contract.AccountFailed, []contract.Rule{contract.RuleRequired}},
		"beyond the limit of a body": {"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n" + strings.Repeat("{\"n\":1}\n", 1000) + "{}\n",
			contract.AccountValidated, []contract.Rule{contract.RuleRequired}},
		"coded":             {"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx", contract.AccountUndecodable, []contract.Rule{contract.RuleBodyEncoding}},
		"undeclared status": {"HTTP/1.1 202 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: 3\r\n\r\n{}\n", contract.AccountValidated, []contract.Rule{contract.RuleStatusUndeclared}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
				if _, err := readMessage(r, true, ""); err != nil {
					return err
				}
				_, _ = io.WriteString(conn, tc.response)
				return errEnough
			})
			h := start(t, Config{Upstream: u, Contracts: streaming(t), Options: Options{MaxBodyBytes: 4000}}, nil)
			conn, r := h.dial(t)
			if _, err := conn.Write([]byte("GET /events HTTP/1.1\r\nHost: vendor.example\r\nConnection: close\r\n\r\n")); err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, r)
			x := h.ledger.next(t)
			if x.Response.Account != tc.account {
				t.Errorf("account = %s, want %s", x.Response.Account, tc.account)
			}
			if diff := cmp.Diff(tc.want, rules(x.Findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReaderLeavesAStream(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		if _, err := readMessage(r, true, ""); err != nil {
			return err
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"n\":1}\n\ndata: {\"n\"")
		<-gone
		return errEnough
	})
	h := start(t, Config{Upstream: u, Contracts: streaming(t)}, nil)
	conn, r := h.dial(t)
	if _, err := conn.Write(get("/events")); err != nil {
		t.Fatal(err)
	}
	readUntil(t, r, "data: {\"n\"")
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	x := h.ledger.next(t)
	close(gone)
	if x.Response.Account != contract.AccountValidated || len(x.Findings) != 0 {
		t.Errorf("account %s with %v, want validated without findings: %s", x.Response.Account, x.Findings, x.Failure)
	}
}

func TestFeedThatIsBehindIsCounted(t *testing.T) {
	t.Parallel()
	c := streaming(t)[0]
	checker, ok := c.StreamResponse(c.Operation("events"), http.StatusOK, "text/event-stream")
	if !ok {
		t.Fatal("no checker")
	}
	m, err := newMetrics(Options{}.withDefaults().Registry)
	if err != nil {
		t.Fatal(err)
	}
	f := &eventFeed{checker: checker, metrics: m, wake: make(chan struct{}, 1), done: make(chan struct{})}
	f.add([]byte("data: {}\n\n"))
	f.add(make([]byte, copyBytes)) // the checks have not begun
	f.add([]byte("data: {}\n\n"))
	go f.run()
	r := f.end(true)
	if r.Account != contract.AccountSampledOut || len(r.Findings) != 1 {
		t.Errorf("account %s with %v, want sampled-out with one finding", r.Account, r.Findings)
	}
	f.add([]byte("data: {}\n\n")) // after the end: nothing
	if again := f.end(true); len(again.Findings) != 1 {
		t.Errorf("ended again: %v", again.Findings)
	}
	var none *eventFeed
	if none.end(true); none.wasTold(contract.Finding{}) {
		t.Error("no feed has told something")
	}
}
