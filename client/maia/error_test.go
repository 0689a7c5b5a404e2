package maia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestStatusAndExcerptAreKept answers with what error pages look like, as JSON
// or not.
func TestStatusAndExcerptAreKept(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, response, message, excerpt string }{
		{"documented", `400 {"error":"Bad Request","message":"content or attachments required"}`, "content or attachments required", `{"error":"Bad Request","message":"content or attachments required"}`},
		{"a gateway's", `401 {"message":"Unauthorized"}`, "Unauthorized", `{"message":"Unauthorized"}`},
		{"without a message", `404 {"error":"Not Found"}`, "Not Found", `{"error":"Not Found"}`},
		{"HTML announced as JSON", "401 <html><h1>Unauthorized</h1>\n</html>", "", "<html><h1>Unauthorized</h1> </html>"},
		{"the token", `401 {"message":"no token ` + testToken + `"}`, "no token [redacted]", `{"message":"no token [redacted]"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, newVendor(t, answers(tc.response)).URL, Config{})
			for op, run := range operations {
				err := run(t.Context(), c)
				e := asError(t, err)
				if fmt.Sprint(e.Status) != tc.response[:3] || e.Message != tc.message || e.Excerpt != tc.excerpt {
					t.Errorf("%s: got %d, message %q, excerpt %q, want %s, %q, %q", op, e.Status, e.Message, e.Excerpt, tc.response[:3], tc.message, tc.excerpt)
				}
				want := "maia: " + string(op) + ": status " + tc.response[:3]
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

// TestMalformed answers with what no operation but the reports can take.
func TestMalformed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "null", "[]", "<html>login</html>", "{", "{} {}", `{}`,
		`{"sessionId":1,"isNewSession":true,"userMessage":{},"message":"m","aiPaused":"true","items":{},"uploadUrl":1,"fileKey":"k","downloadUrl":1}`,
		`{"SessionId":"s","IsNewSession":true,"UserMessage":{"id":"u","timestamp":1},"Message":"m","AiPaused":true,"Items":[],"UploadURL":"https://x.example","FileKey":"k","DownloadURL":"x"}`,
		`{"sessionId":"s","isNewSession":true,"userMessage":null,"message":"m","aiPaused":false,"items":null,"downloadUrl":"d","expiresAt":"2024","contentType":"x","size":1}`,
		`{"sessionId":"s","isNewSession":true,"userMessage":{"id":"u","timestamp":"2024-01-01"},"message":"m","items":[{"name":"no id"}]}`,
	} {
		v := newVendor(t, answers("200 "+body))
		c := newTestClient(t, v.URL, Config{})
		for op, run := range operations {
			err := run(t.Context(), c)
			taken := op == opLink || op == opStatus || op == opReaction // nothing is documented of their responses
			if taken || (op == opTemplates && json.Valid([]byte(body))) {
				if err != nil {
					t.Errorf("%s, body %q: got %v", op, body, err)
				}
				continue
			}
			e := asError(t, err)
			if !errors.Is(err, ErrMalformed) || e.Status != 200 || e.Wire() || !e.RequestSent || e.Temporary() || e.Excerpt != body {
				t.Errorf("%s, body %q: got %v, want ErrMalformed", op, body, err)
			}
		}
		if got := len(v.seen()); got != len(operations) {
			t.Errorf("body %q: got %d calls, want %d: malformed responses are not asked for again", body, got, len(operations))
		}
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers("200 "+good+strings.Repeat(" ", 1000)))
	c := newTestClient(t, v.URL, Config{MaxResponseBytes: 1000})
	for op, run := range operations {
		if err := run(t.Context(), c); !errors.Is(err, ErrTooLarge) || !asError(t, err).RequestSent {
			t.Errorf("%s: got %v, want ErrTooLarge", op, err)
		}
	}
}

func TestTimeoutAndCancel(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c := newTestClient(t, v.URL, Config{Timeout: 50 * time.Millisecond})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for op, run := range operations {
		err := run(t.Context(), c)
		if e := asError(t, err); !errors.Is(err, context.DeadlineExceeded) || e.Wire() || !e.RequestSent || !e.Temporary() {
			t.Errorf("%s: got %v, want a time-out after the request was sent", op, err)
		}
		err = run(ended, c)
		if e := asError(t, err); !errors.Is(err, context.Canceled) || e.RequestSent || e.Temporary() {
			t.Errorf("%s, canceled before: got %v, want not sent", op, err)
		}
	}
}

func TestConnectionErrors(t *testing.T) {
	t.Parallel()
	for op, run := range operations {
		waits := &clock{}
		c := newTestClient(t, closedURL(t)+"/secret", Config{Sleep: waits.sleep})
		err := run(t.Context(), c)
		e := asError(t, err)
		var dial *net.OpError
		if e.Status != 0 || e.RequestSent || e.Wire() || !e.Temporary() || !errors.As(err, &dial) || len(waits.slept()) != DefaultMaxRetries {
			t.Errorf("%s, nobody listens: got %+v after %d waits", op, *e, len(waits.slept()))
		}
		if text := err.Error(); strings.Contains(text, "secret") || !strings.HasPrefix(text, "maia: "+string(op)+": not connected: ") {
			t.Errorf("%s: got text %q", op, text)
		}
	}
}

// TestRetriesOnlyWhatIsSafe fails the first two tries.
func TestRetriesOnlyWhatIsSafe(t *testing.T) {
	t.Parallel()
	s := newStorage(t, func(http.ResponseWriter, *http.Request) {})
	for first, again := range map[string]bool{"502 {}": true, "503 {}": true, "504 {}": true, "500 {}": false, "400 {}": false, "hang up": true} {
		for op, run := range operations {
			var tries atomic.Int64
			v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case tries.Add(1) > 2:
					_, _ = io.WriteString(w, strings.Replace(good, "UPLOAD", s.URL, 1))
				case first == "hang up":
					panic(http.ErrAbortHandler)
				default:
					answers(first)(w, r)
				}
			})
			err := run(t.Context(), newTestClient(t, v.URL, Config{}))
			want := 1
			if again && op.safe() {
				want = 3
			}
			if got := len(v.seen()); got != want || (err == nil) != (want == 3) {
				t.Errorf("%s after %s: got %d calls, error %v, want %d calls", op, first, got, err, want)
			}
		}
	}
}

func TestPauseThatDidNotHappen(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, newVendor(t, answers(`200 {"aiPaused":false,"sessionId":"s","message":"m"}`)).URL, Config{})
	if err := c.PauseAI(t.Context(), "s"); !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "aiPaused is false after it was set to true") {
		t.Errorf("got %v", err)
	}
	if err := c.ResumeAI(t.Context(), "s"); err != nil {
		t.Errorf("resume: got %v", err)
	}
}
