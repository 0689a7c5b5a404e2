package maax

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/parley-contracts/parley/client/internal/wire"
)

// TestStatusAndExcerptAreKept answers with what error pages look like, as JSON
// or not.
func TestStatusAndExcerptAreKept(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, response, message, excerpt string }{
		{"JSON", `401 {"error":"Invalid API key"}`, "Invalid API key", `{"error":"Invalid API key"}`},
		{"another member", `403 {"detail":"Not yours"}`, "Not yours", `{"detail":"Not yours"}`},
		{"HTML announced as JSON", "401 <html><h1>Unauthorized</h1>\n</html>", "", "<html><h1>Unauthorized</h1> </html>"},
		{"empty", "400 ", "", ""},
		{"plain text", "400 bad platform", "", "bad platform"},
		{"member of another type", `400 {"error":{"platform":["bad"]}}`, "", `{"error":{"platform":["bad"]}}`},
		{"terminal codes", "500 \x1b[2Jgone\x00\xff", "", "\ufffd[2Jgone\ufffd\ufffd"},
		{"the key", "401 {\"error\":\"no key " + testKey + "\"}", "no key [redacted]", `{"error":"no key [redacted]"}`},
		{"the key escaped", `401 {"error":"no key \u006b3y-s3cret"}`, "no key [redacted]", `{"error":"no key \u006b3y-s3cret"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := newVendor(t, answers(tc.response))
			for op, err := range every(t.Context(), newTestClient(t, v.URL, Config{MaxRetries: -1})) {
				e := asError(t, err)
				if fmt.Sprint(e.Status) != tc.response[:3] || e.Message != tc.message || e.Excerpt != tc.excerpt {
					t.Errorf("%s: got %d, message %q, excerpt %q, want %s, %q, %q", op, e.Status, e.Message, e.Excerpt, tc.response[:3], tc.message, tc.excerpt)
				}
				want := "maax: " + string(op) + ": status " + tc.response[:3]
				if tc.message != "" {
					want += ": " + tc.message
				}
				if e.Error() != want || e.Operation != string(op) || !e.Wire() || !e.RequestSent || errors.Unwrap(err) != nil {
					t.Errorf("%s: got %+v (%q), want %q from the wire", op, *e, e, want)
				}
			}
		})
	}
}

func TestExcerptIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 1000)
	v := newVendor(t, answers("400 {\"error\":\""+long+"\"}"))
	_, err := newTestClient(t, v.URL, Config{}).Send(t.Context(), outgoing())
	e := asError(t, err)
	if len(e.Excerpt) > wire.MaxExcerptBytes || len(e.Excerpt) < wire.MaxExcerptBytes-1 || !utf8.ValidString(e.Excerpt) {
		t.Errorf("excerpt: got %d bytes, want at most %d of valid UTF-8", len(e.Excerpt), wire.MaxExcerptBytes)
	}
	if len(e.Message) != wire.MaxMessageBytes || len(e.Error()) > 300 {
		t.Errorf("message: got %d bytes, want %d", len(e.Message), wire.MaxMessageBytes)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	for status, wire := range map[string]bool{"200": false, "500": true} {
		v := newVendor(t, answers(status+` {"incoming_message_id":1,"x":"`+strings.Repeat("x", 1000)+`"}`))
		_, err := newTestClient(t, v.URL, Config{MaxResponseBytes: 1000}).Initiate(t.Context(), message())
		e := asError(t, err)
		if fmt.Sprint(e.Status) != status || e.Wire() != wire || errors.Is(err, ErrTooLarge) == wire || e.Excerpt == "" || !e.RequestSent {
			t.Errorf("status %s: got %v, want its status kept and ErrTooLarge %t", status, err, !wire)
		}
	}
	fits := `{"incoming_message_id":1}`
	v := newVendor(t, answers("200 "+fits))
	if _, err := newTestClient(t, v.URL, Config{MaxResponseBytes: int64(len(fits))}).Initiate(t.Context(), message()); err != nil {
		t.Errorf("response of the limit: got %v", err)
	}
}

// TestEndlessResponse never ends its response.
func TestEndlessResponse(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := io.WriteString(w, strings.Repeat(" ", 4096)); err != nil {
				return
			}
		}
	})
	_, _, err := newTestClient(t, v.URL, Config{}).RetrieveAnswer(t.Context(), 1, ServiceSupport)
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "null", "[]", "<html>login</html>", `"text"`, "{", "{} {}", `{"incoming_message_id":"x","conversation_id":"x","answer":1,"messages_in_conversation":{}}`,
		`{"incoming_message_id":1.5,"conversation_id":-0.5,"answer":["x"],"messages_in_conversation":null}`,
		`{"incoming_message_id":99999999999999999999,"conversation_id":"99999999999999999999","answer":{},"messages_in_conversation":"x"}`,
		`{"Incoming_Message_ID":true,"incoming_message_id":null,"conversation_id":"","answer":false,"messages_in_conversation":1}`,
	} {
		v := newVendor(t, answers("200 "+body))
		for op, err := range every(t.Context(), newTestClient(t, v.URL, Config{})) {
			e := asError(t, err)
			if !errors.Is(err, ErrMalformed) || e.Status != 200 || e.Wire() || !e.RequestSent || e.Temporary() {
				t.Errorf("%s, body %q: got %v, want ErrMalformed", op, body, err)
			}
			if e.Excerpt != body || (len(body) > 5 && strings.Contains(err.Error(), body)) {
				t.Errorf("%s, body %q: got excerpt %q, error %q", op, body, e.Excerpt, err)
			}
		}
		if got, want := len(v.seen()), len(every(t.Context(), newTestClient(t, closedURL(t), Config{}))); got != want {
			t.Errorf("body %q: got %d calls, want %d: malformed responses are not asked for again", body, got, want)
		}
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"silent": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"dripping": func(w http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(5 * time.Millisecond)
			defer tick.Stop()
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
				<-tick.C
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVendor(t, handler)
			for op, err := range every(t.Context(), newTestClient(t, v.URL, Config{Timeout: 50 * time.Millisecond})) {
				e := asError(t, err)
				if !errors.Is(err, context.DeadlineExceeded) || e.Wire() || !e.RequestSent || !e.Temporary() || !strings.Contains(err.Error(), "within 50ms") {
					t.Errorf("%s: got %v, want a time-out after the request was sent", op, err)
				}
			}
		})
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	v := newVendor(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	})
	c := newTestClient(t, v.URL, Config{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	_, err := c.Send(ctx, outgoing())
	if e := asError(t, err); !errors.Is(err, context.Canceled) || e.Wire() || !e.RequestSent || e.Temporary() {
		t.Errorf("canceled on the way: got %v", err)
	}
	for op, err := range every(ctx, c) {
		if e := asError(t, err); !errors.Is(err, context.Canceled) || e.RequestSent {
			t.Errorf("%s, canceled before: got %v, want not sent", op, err)
		}
	}
}

func TestConnectionErrors(t *testing.T) {
	t.Parallel()
	for op, err := range every(t.Context(), newTestClient(t, closedURL(t)+"/secret", Config{})) {
		e := asError(t, err)
		var dial *net.OpError
		if e.Status != 0 || e.RequestSent || e.Wire() || !e.Temporary() || !errors.As(err, &dial) {
			t.Errorf("%s, nobody listens: got %+v", op, *e)
		}
		if text := err.Error(); strings.Contains(text, "secret") || !strings.HasPrefix(text, "maax: "+string(op)+": not connected: ") {
			t.Errorf("%s: got text %q", op, text)
		}
	}
	v := newVendor(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	for op, err := range every(t.Context(), newTestClient(t, v.URL, Config{})) {
		if e := asError(t, err); e.Status != 0 || !e.RequestSent || e.Wire() || !e.Temporary() {
			t.Errorf("%s, hung up: got %+v", op, *e)
		}
	}
}

// TestTransportErrorsAreCleaned has a transport that quotes the request.
func TestTransportErrorsAreCleaned(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "https://vendor.example", Config{Transport: quoting{}})
	for op, err := range every(t.Context(), c) {
		if e := asError(t, err); strings.Contains(err.Error(), testKey) || !strings.Contains(err.Error(), "[redacted]") || !e.RequestSent {
			t.Errorf("%s: got %q, sent %t", op, err, e.RequestSent)
		}
	}
}

type quoting struct{}

func (quoting) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("cannot send with key %s", r.Header.Get(keyHeader))
}

func TestTemporary(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{400: false, 401: false, 403: false, 404: false, 408: true, 429: true, 500: true, 501: false, 502: true, 503: true, 504: true} {
		v := newVendor(t, answers(fmt.Sprintf("%d {}", status)))
		_, err := newTestClient(t, v.URL, Config{}).Send(t.Context(), outgoing())
		if got := asError(t, err).Temporary(); got != want {
			t.Errorf("status %d: got temporary %t, want %t", status, got, want)
		}
	}
}
