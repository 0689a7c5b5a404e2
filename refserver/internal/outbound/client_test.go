package outbound

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPostSendsTheRequest(t *testing.T) {
	t.Parallel()
	type seen struct {
		Method, URI, Body, Type, Agent, ID, Host string
		Length                                   int64
	}
	got := make(chan seen, 1)
	r := newReceiver(t, func(_ http.ResponseWriter, r *http.Request) {
		got <- seen{r.Method, r.RequestURI, drain(r), r.Header.Get("Content-Type"), r.Header.Get("User-Agent"), r.Header.Get("Webhook-Id"), r.Host, r.ContentLength}
	})
	c := newClient(t, Config{AllowPrivate: true})
	a := c.Post(t.Context(), Request{
		URL:    r.URL + "/hook?key=a%2Fb#part",
		Header: http.Header{"Webhook-Id": {"d1"}, "Host": {"evil.example"}, "Content-Length": {"3"}, "Transfer-Encoding": {"chunked"}},
		Body:   []byte(`{"answer":"yes"}`),
	})
	if a.Outcome != OutcomeDelivered || a.Status != 200 || a.Reason != "" || a.BodyCut || a.Duration <= 0 {
		t.Errorf("got %+v, want delivered", a)
	}
	want := seen{"POST", "/hook?key=a%2Fb", `{"answer":"yes"}`, "application/json", "parley", "d1", r.Listener.Addr().String(), 16}
	if diff := cmp.Diff(want, <-got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	c.Post(t.Context(), Request{URL: r.URL, Header: http.Header{"Content-Type": {"text/plain"}, "User-Agent": {"mine"}}})
	if s := <-got; s.Type != "text/plain" || s.Agent != "mine" {
		t.Errorf("got %q, %q, want the request's own", s.Type, s.Agent)
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, func(w http.ResponseWriter, r *http.Request) {
		var status int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(status)
	})
	c := newClient(t, Config{AllowPrivate: true})
	for status, want := range map[int]Outcome{
		200: OutcomeDelivered, 201: OutcomeDelivered, 202: OutcomeDelivered, 204: OutcomeDelivered, 299: OutcomeDelivered,
		300: OutcomeRetry, 304: OutcomeRetry,
		400: OutcomeRetry, 401: OutcomeRetry, 403: OutcomeRetry, 404: OutcomeRetry, 408: OutcomeRetry, 410: OutcomeRefused, 422: OutcomeRetry, 425: OutcomeRetry, 429: OutcomeRetry,
		500: OutcomeRetry, 502: OutcomeRetry, 503: OutcomeRetry, 504: OutcomeRetry, 599: OutcomeRetry, 999: OutcomeRetry,
	} {
		got := c.Post(t.Context(), Request{URL: fmt.Sprintf("%s/%d", r.URL, status)})
		if got.Outcome != want || got.Status != status || (got.Reason == "") != (want == OutcomeDelivered) {
			t.Errorf("status %d: got %+v, want %s", status, got, want)
		}
		wantAfter := time.Duration(0)
		if want == OutcomeRetry {
			wantAfter = 7 * time.Second
		}
		if got.RetryAfter != wantAfter {
			t.Errorf("status %d: got retry after %v, want %v", status, got.RetryAfter, wantAfter)
		}
	}
}

func TestInvalidRequests(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	c := newClient(t, Config{AllowPrivate: true})
	for _, header := range []http.Header{{"X-A": {"a\r\nX-B: b"}}, {"X A": {"a"}}, {"": {"a"}}} {
		got := c.Post(t.Context(), Request{URL: r.URL, Header: header})
		if got.Outcome != OutcomeRefused || !strings.Contains(got.Reason, "not valid") {
			t.Errorf("header %q: got %+v, want refused", header, got)
		}
	}
	if r.requests.Load() != 0 {
		t.Error("an invalid request was sent")
	}
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	silent := newReceiver(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	dripping := newReceiver(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		drip(w, r)
	})
	accepting := newReceiver(t, drip)

	byHeader := newClient(t, Config{AllowPrivate: true, HeaderTimeout: 50 * time.Millisecond, Timeout: time.Minute})
	if got := byHeader.Post(t.Context(), Request{URL: silent.URL}); got.Outcome != OutcomeRetry || got.Reason != "time-out: no response" {
		t.Errorf("header time-out: got %+v, want retry", got)
	}
	inTotal := newClient(t, Config{AllowPrivate: true, Timeout: 100 * time.Millisecond})
	if got := inTotal.Post(t.Context(), Request{URL: silent.URL}); got.Outcome != OutcomeRetry || got.Reason != "time-out: no response" {
		t.Errorf("total time-out: got %+v, want retry", got)
	}
	if got := inTotal.Post(t.Context(), Request{URL: dripping.URL}); got.Outcome != OutcomeRetry || got.Status != 503 || !got.BodyCut {
		t.Errorf("dripping 503: got %+v, want its status with the body cut", got)
	}
	if got := inTotal.Post(t.Context(), Request{URL: accepting.URL}); got.Outcome != OutcomeDelivered || !got.BodyCut {
		t.Errorf("dripping 200: got %+v, want delivered with the body cut", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := byHeader.Post(ctx, Request{URL: silent.URL}); got.Outcome != OutcomeRetry || got.Reason != "ended by the caller" {
		t.Errorf("canceled: got %+v, want retry", got)
	}
}

// drip writes a byte now and then until the client goes away.
func drip(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := io.WriteString(w, "."); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
	}
}

// TestDrippingHeader writes the header itself byte by byte.
func TestDrippingHeader(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { listener.Close(); <-done })
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		// A response before the request would not be one to it.
		if _, err := conn.Read(make([]byte, 1024)); err != nil {
			return
		}
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		text := "HTTP/1.1 200 OK\r\nX-Slow: "
		for {
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
			text = "."
			<-tick.C
		}
	}()
	c := newClient(t, Config{AllowPrivate: true, Timeout: 100 * time.Millisecond})
	got := c.Post(t.Context(), Request{URL: "http://" + listener.Addr().String()})
	if got.Outcome != OutcomeRetry || got.Status != 0 || got.Reason != "time-out: no response" {
		t.Errorf("got %+v, want a time-out", got)
	}
}

func TestResponseLimits(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/fits":
			_, _ = io.WriteString(w, strings.Repeat("x", 1000))
		case "/endless":
			for {
				if _, err := io.WriteString(w, strings.Repeat("x", 4096)); err != nil {
					return
				}
			}
		case "/header":
			w.Header().Set("X-Big", strings.Repeat("x", 2*maxResponseHeaderBytes))
		case "/zip":
			if got := r.Header.Get("Accept-Encoding"); got != "" {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
	})
	c := newClient(t, Config{AllowPrivate: true, MaxResponseBytes: 1000})
	for path, want := range map[string]Attempt{
		"/fits":    {Outcome: OutcomeDelivered, Status: 200},
		"/endless": {Outcome: OutcomeDelivered, Status: 200, BodyCut: true},
		"/header":  {Outcome: OutcomeRetry, Reason: "no valid response"},
		"/zip":     {Outcome: OutcomeDelivered, Status: 200},
	} {
		got := c.Post(t.Context(), Request{URL: r.URL + path})
		got.Duration = 0
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestConnectionFailures(t *testing.T) {
	t.Parallel()
	closed := newReceiver(t, nil)
	closed.Close()
	hangingUp := newReceiver(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	garbling := rawReceiver(t, "SSH-2.0-OpenSSH\r\n")
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = quiet()
	secure.StartTLS()
	t.Cleanup(secure.Close)

	c := newClient(t, Config{AllowPrivate: true})
	for _, tc := range []struct{ name, url, want string }{
		{"refused", closed.URL, "connection refused"},
		{"hung up", hangingUp.URL, "connection closed before a response"},
		{"no HTTP", garbling, "no valid response"},
		{"certificate", secure.URL, "tls: certificate not trusted"},
		{"no TLS", strings.Replace(hangingUp.URL, "http:", "https:", 1), "tls: handshake failed"},
	} {
		got := c.Post(t.Context(), Request{URL: tc.url + "/?secret=x"})
		if got.Outcome != OutcomeRetry || got.Status != 0 || got.Reason != tc.want {
			t.Errorf("%s: got %+v, want retry: %s", tc.name, got, tc.want)
		}
	}

	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	trusting := newClient(t, Config{AllowPrivate: true, RootCAs: roots})
	if got := trusting.Post(t.Context(), Request{URL: secure.URL}); got.Status != 404 {
		t.Errorf("trusted certificate: got %+v, want status 404", got)
	}
}

// TestReasonsKeepSecrets looks for the URL, its host and what the receiver
// wrote in everything that is returned.
func TestReasonsKeepSecrets(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/abort":
			panic(http.ErrAbortHandler)
		case "/redirect":
			http.Redirect(w, r, "http://hidden.example/", http.StatusFound)
		default:
			w.Header().Set("X-Hidden", "hidden")
			http.Error(w, "hidden", http.StatusInternalServerError)
		}
	})
	closed := newReceiver(t, nil)
	closed.Close()
	nowhere := nameServer(t, func(string) netip.Addr { return netip.Addr{} })
	c := newClient(t, Config{AllowPrivate: true, Resolver: nowhere})
	if got := c.Post(t.Context(), Request{URL: "http://hidden.example"}); got.Outcome != OutcomeRetry || got.Reason != "host name not found" {
		t.Errorf("unknown name: got %+v, want retry", got)
	}
	for _, target := range []string{
		r.URL + "/hidden?hidden", r.URL + "/abort?hidden", r.URL + "/redirect?hidden", closed.URL + "/?hidden", "http://user:hidden@127.0.0.1/",
		"ftp://hidden", "http://hidden:99999/", "http://%zz/hidden", "http://169.254.169.254/hidden", "http://hidden.example./",
	} {
		got := c.Post(t.Context(), Request{URL: target, Header: http.Header{"Authorization": {"hidden"}}, Body: []byte("hidden")})
		if text := fmt.Sprintf("%+v", got); strings.Contains(text, "hidden") || strings.Contains(text, "127.0.0.1") {
			t.Errorf("post to %s: the attempt holds it: %s", target, text)
		}
	}
}

func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "thanks") })
	c := newClient(t, Config{AllowPrivate: true})
	for range 5 {
		c.Post(t.Context(), Request{URL: r.URL})
	}
	if got := r.connections.Load(); got != 1 {
		t.Errorf("connections for 5 attempts: got %d, want 1", got)
	}
}

func TestNewRefusesNegativeSettings(t *testing.T) {
	t.Parallel()
	for _, config := range []Config{
		{Timeout: -1}, {ConnectTimeout: -1}, {HeaderTimeout: -1}, {MaxResponseBytes: -1}, {MaxRetryAfter: -1},
		{PerDestination: &PerDestination{Failures: -1}}, {PerDestination: &PerDestination{OpenFor: -1}}, {PerDestination: &PerDestination{InFlight: -1}},
	} {
		if _, err := New(config); err == nil || !strings.Contains(err.Error(), "is negative") {
			t.Errorf("New(%+v): got %v, want an error", config, err)
		}
	}
}

func BenchmarkPost(b *testing.B) {
	r := newReceiver(b, nil)
	c := newClient(b, Config{AllowPrivate: true, PerDestination: &PerDestination{}})
	b.ReportAllocs()
	for b.Loop() {
		if a := c.Post(b.Context(), Request{URL: r.URL, Body: []byte("{}")}); a.Outcome != OutcomeDelivered {
			b.Fatal(a)
		}
	}
}
