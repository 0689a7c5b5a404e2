package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// deadline bounds every wait of these tests; none waits for it to pass.
const deadline = 20 * time.Second

// field is a header field as it stood on the wire.
type field struct{ Name, Value string }

// message is an HTTP/1.1 message as it stands on the wire.
type message struct {
	Start    string // request line or status line, without its end
	Fields   []field
	Body     []byte
	Chunked  bool
	Trailers []field
	NoLength bool // neither length nor chunks: no body, or one that ends with the connection
}

// bytes writes the message.
func (m message) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\r\n", m.Start)
	for _, f := range m.Fields {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	switch {
	case m.Chunked:
		b.WriteString("Transfer-Encoding: chunked\r\n")
		for _, f := range m.Trailers {
			fmt.Fprintf(&b, "Trailer: %s\r\n", f.Name)
		}
		b.WriteString("\r\n")
		for part := range slices.Chunk(m.Body, 700) {
			fmt.Fprintf(&b, "%x\r\n%s\r\n", len(part), part)
		}
		b.WriteString("0\r\n")
		for _, f := range m.Trailers {
			fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
		}
		b.WriteString("\r\n")
	case m.NoLength:
		fmt.Fprintf(&b, "\r\n%s", m.Body)
	default:
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(m.Body), m.Body)
	}
	return b.Bytes()
}

// get returns the values of a field.
func (m message) get(name string) []string {
	var out []string
	for _, f := range m.Fields {
		if strings.EqualFold(f.Name, name) {
			out = append(out, f.Value)
		}
	}
	return out
}

// endToEnd is what must arrive as it was sent: values in order by lower-case
// name, without what concerns one connection.
func endToEnd(fields []field) map[string][]string {
	out := map[string][]string{}
	for _, f := range fields {
		name := strings.ToLower(f.Name)
		switch name {
		case "host", "content-length", "connection", "transfer-encoding", "trailer", "te", "keep-alive",
			"upgrade", "proxy-connection", "proxy-authenticate", "proxy-authorization":
			continue
		}
		out[name] = append(out[name], strings.Trim(f.Value, " \t"))
	}
	return out
}

// readMessage reads a message. A response to HEAD has no body.
func readMessage(r *bufio.Reader, request bool, method string) (message, error) {
	var m message
	start, err := r.ReadString('\n')
	if err != nil {
		return m, err
	}
	m.Start = strings.TrimRight(start, "\r\n")
	if m.Fields, err = readFields(r); err != nil {
		return m, err
	}
	noBody := false
	if !request {
		status := m.status()
		noBody = method == http.MethodHead || status < 200 || status == 204 || status == 304
	}
	switch {
	case noBody:
	case len(m.get("Transfer-Encoding")) > 0:
		m.Chunked = true
		m.Body, m.Trailers, err = readChunks(r)
	case len(m.get("Content-Length")) > 0:
		n, convErr := strconv.Atoi(m.get("Content-Length")[0])
		if convErr != nil {
			return m, convErr
		}
		m.Body = make([]byte, n)
		_, err = io.ReadFull(r, m.Body)
	case !request:
		m.NoLength = true
		m.Body, err = io.ReadAll(r)
	}
	return m, err
}

// status is the status of a response.
func (m message) status() int {
	parts := strings.SplitN(m.Start, " ", 3)
	if len(parts) < 2 {
		return 0
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0
	}
	return n
}

func readFields(r *bufio.Reader) ([]field, error) {
	var out []field
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return out, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			return out, nil
		}
		name, value, _ := strings.Cut(line, ":")
		out = append(out, field{name, strings.Trim(value, " \t")})
	}
}

func readChunks(r *bufio.Reader) (body []byte, trailers []field, err error) {
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return body, nil, err
		}
		n, err := strconv.ParseInt(strings.TrimSpace(line), 16, 64)
		if err != nil {
			return body, nil, err
		}
		if n == 0 {
			trailers, err = readFields(r)
			return body, trailers, err
		}
		part := make([]byte, n+2)
		if _, err := io.ReadFull(r, part); err != nil {
			return body, nil, err
		}
		body = append(body, part[:n]...)
	}
}

// rawUpstream is an upstream that a test plays byte by byte. It serves every
// connection with play until play returns an error.
func rawUpstream(t testing.TB, play func(conn net.Conn, r *bufio.Reader) error) *url.URL {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	conns := map[net.Conn]bool{}
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns[conn] = true
			mu.Unlock()
			wg.Go(func() {
				defer func() { _ = conn.Close() }()
				r := bufio.NewReader(conn)
				for play(conn, r) == nil {
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		mu.Lock()
		for conn := range conns {
			_ = conn.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return &url.URL{Scheme: "http", Host: listener.Addr().String()}
}

var errEnough = errors.New("close the connection")

// answering is an upstream that records requests and gives each one response.
func answering(t testing.TB, response func(request message) []byte) (*url.URL, <-chan message) {
	requests := make(chan message, 1000)
	u := rawUpstream(t, func(conn net.Conn, r *bufio.Reader) error {
		m, err := readMessage(r, true, "")
		if err != nil {
			return err
		}
		requests <- m
		_, err = conn.Write(response(m))
		return err
	})
	return u, requests
}

// okUpstream answers every request with 200 and a short body.
func okUpstream(t testing.TB) (*url.URL, <-chan message) {
	return answering(t, func(message) []byte {
		return message{Start: "HTTP/1.1 200 OK", Fields: []field{{"Content-Type", "application/json"}}, Body: []byte(`{"ok":true}`)}.bytes()
	})
}

// ledger is a sink that keeps the exchanges.
type ledger struct {
	all chan evidence.Exchange
}

func newLedger() *ledger { return &ledger{all: make(chan evidence.Exchange, 10000)} }

func (l *ledger) Exchange(x evidence.Exchange) { l.all <- x }

// next waits for an exchange.
func (l *ledger) next(t testing.TB) evidence.Exchange {
	t.Helper()
	return receive(t, l.all)
}

// receive waits for a value.
func receive[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(deadline):
		t.Fatal("nothing came in time")
		panic("unreachable")
	}
}

// fakeJudge checks by functions; without them all is validated and clean.
type fakeJudge struct {
	onRequest  func(r *contract.Request) contract.Result
	onResponse func(r *contract.Response) contract.Result
	isCallback bool
}

var fakeOperation = &contract.Operation{ID: "sendMessage", Method: "POST", Path: "/messages"}

func (j fakeJudge) request(r *contract.Request) verdict {
	res := contract.Result{Account: accountOf(r.Oversize)}
	if j.onRequest != nil {
		res = j.onRequest(r)
	}
	res.Operation = fakeOperation
	return verdict{contract: &contract.Contract{}, Result: res}
}

func (j fakeJudge) response(_ verdict, r *contract.Response) contract.Result {
	if j.onResponse != nil {
		return j.onResponse(r)
	}
	return contract.Result{Account: accountOf(r.Oversize)}
}

func (j fakeJudge) callback() bool { return j.isCallback }

func accountOf(oversize bool) contract.Account {
	if oversize {
		return contract.AccountTooLarge
	}
	return contract.AccountValidated
}

// harness is a proxy on a real socket.
type harness struct {
	proxy  *Proxy
	server *httptest.Server
	ledger *ledger
}

// start runs a proxy for config. The judge replaces its contracts unless nil.
func start(t testing.TB, config Config, j judge) *harness {
	t.Helper()
	h := &harness{ledger: newLedger()}
	if config.Sink == nil {
		config.Sink = h.ledger
	}
	p, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	if j != nil {
		p.judge = j
	}
	h.proxy = p
	h.server = httptest.NewUnstartedServer(p)
	h.server.Config.ErrorLog = nil
	h.server.Start()
	t.Cleanup(func() {
		h.server.CloseClientConnections()
		h.server.Close()
		p.CloseIdleConnections()
	})
	return h
}

// dial connects to the proxy.
func (h *harness) dial(t testing.TB) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", h.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

// roundTrip sends raw bytes and reads one response.
func (h *harness) roundTrip(t testing.TB, request []byte) message {
	t.Helper()
	conn, r := h.dial(t)
	if _, err := conn.Write(request); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(string(request), " ")
	m, err := readMessage(r, false, method)
	if err != nil {
		t.Fatalf("read response: %v", err)
	}
	return m
}

// post is a request with a JSON body.
func post(target, body string) []byte {
	return message{
		Start:  "POST " + target + " HTTP/1.1",
		Fields: []field{{"Host", "vendor.example"}, {"Content-Type", "application/json"}},
		Body:   []byte(body),
	}.bytes()
}

// get is a request without a body.
func get(target string) []byte {
	return []byte("GET " + target + " HTTP/1.1\r\nHost: vendor.example\r\n\r\n")
}
