package proxy

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// benchBody is a request of about 500 bytes, as a message to a contact is.
var benchBody = []byte(`{"text":"` + strings.Repeat("A line of the message. ", 18) + `","email":"someone@example.com","channel":"sms"}`)

// discard keeps nothing.
type discard struct{}

func (discard) Exchange(evidence.Exchange) {}

// BenchmarkProxy compares the proxy with plain httputil.ReverseProxy over
// loopback, in one run: the time is of the whole round trip, client and
// upstream included, so that of direct is to be taken off.
func BenchmarkProxy(b *testing.B) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true,"id":"01234567"}`)
	}))
	b.Cleanup(upstream.Close)
	u, err := url.Parse(upstream.URL)
	if err != nil {
		b.Fatal(err)
	}
	plain := func(t http.RoundTripper, pool httputil.BufferPool) http.Handler {
		return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }, Transport: t, BufferPool: pool}
	}
	parley := func(config Config) http.Handler {
		config.Upstream = u
		p, err := New(config)
		if err != nil {
			b.Fatal(err)
		}
		return p
	}
	handlers := []struct {
		name    string
		handler http.Handler
	}{
		{"direct", nil},
		{"reverse-proxy-default", plain(nil, nil)},
		{"reverse-proxy-tuned", plain(NewTransport(Options{}), newPools())},
		{"parley-no-contract", parley(Config{})},
		{"parley-http-transport", parley(Config{Options: Options{Transport: NewTransport(Options{})}})},
		{"parley-observe", parley(Config{Contracts: vendor(b)})},
		{"parley-observe-sink", parley(Config{Contracts: vendor(b), Options: Options{Sink: discard{}}})},
		{"parley-enforce", parley(Config{Contracts: vendor(b), Mode: ModeEnforce})},
	}
	for _, h := range handlers {
		b.Run(h.name, func(b *testing.B) {
			address := u.Host
			if h.handler != nil {
				server := httptest.NewServer(h.handler)
				defer server.Close()
				address = server.Listener.Addr().String()
			}
			drive(b, address)
		})
	}
}

// drive sends the request over one kept-alive connection per worker, with a
// client that costs next to nothing.
func drive(b *testing.B, address string) {
	request := send(string(benchBody))
	b.ReportAllocs()
	b.SetParallelism(8)
	before := cpuTime()
	defer func() {
		b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N), "cpu-us/op")
	}()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		buf := make([]byte, 4096)
		for pb.Next() {
			if _, err := conn.Write(request); err != nil {
				b.Error(err)
				return
			}
			read := 0
			for !bytes.HasSuffix(buf[:read], []byte(`01234567"}`)) {
				n, err := conn.Read(buf[read:])
				if err != nil {
					b.Error(err)
					return
				}
				read += n
			}
		}
	})
}

// BenchmarkAllocations counts the proxy's own allocations, without sockets.
func BenchmarkAllocations(b *testing.B) {
	response := func() *http.Response {
		return &http.Response{
			StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}, "Content-Length": {"11"}},
			ContentLength: 11, Body: io.NopCloser(strings.NewReader(`{"ok":true}`)),
		}
	}
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
		return response(), nil
	})
	u := &url.URL{Scheme: "http", Host: "vendor.example"}
	for name, contracts := range map[string]contract.Set{"no-contract": nil, "observe": vendor(b)} {
		b.Run(name, func(b *testing.B) {
			p, err := New(Config{Upstream: u, Contracts: contracts, Options: Options{Transport: transport}})
			if err != nil {
				b.Fatal(err)
			}
			header := http.Header{"Content-Type": {"application/json"}, "X-Vendor-Pass": {"p"}}
			b.ReportAllocs()
			for b.Loop() {
				r := &http.Request{
					Method: http.MethodPost, RequestURI: "/messages/", URL: &url.URL{Path: "/messages/"}, Header: header,
					ContentLength: int64(len(benchBody)), Body: io.NopCloser(bytes.NewReader(benchBody)),
				}
				p.ServeHTTP(&writer{header: http.Header{}}, r)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// writer is a response writer that keeps nothing.
type writer struct {
	header http.Header
	status int
}

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) Write(p []byte) (int, error) { return len(p), nil }
func (w *writer) WriteHeader(status int)      { w.status = status }
func (w *writer) Flush()                      {}
