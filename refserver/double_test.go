package refserver_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver"
)

// callbackPaths takes callbacks and remembers where they went, and their bodies.
type callbackPaths struct {
	URL string

	mu     sync.Mutex
	got    []string
	bodies []string
}

func newCallbackPaths(t *testing.T) *callbackPaths {
	c := &callbackPaths{}
	ts := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.got, c.bodies = append(c.got, r.URL.Path), append(c.bodies, string(body))
	}))
	t.Cleanup(ts.Close)
	c.URL = ts.URL
	return c
}

func (c *callbackPaths) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.got, " ")
}

func (c *callbackPaths) lastBody() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.bodies) == 0 {
		return ""
	}
	return c.bodies[len(c.bodies)-1]
}

// sendTo has a question accepted whose callbacks go to the receiver.
func sendTo(t *testing.T, srv *refserver.Server, receiver string) {
	t.Helper()
	sendQuestion(t, srv, srv.DevelopmentKey(), receiver, "Which courses do you offer?")
}

func sendQuestion(t *testing.T, srv *refserver.Server, key, receiver, question string) {
	t.Helper()
	body := `{"message_content": "` + question + `", "platform": "sms", "ai_id": 12,
		"service_type": "sales_automation", "prospect_info": {"first_name": "Ada", "email": "ada@example.com"},
		"send_response_url": "` + receiver + `/answer", "followup_url": "` + receiver + `/follow-up"}`
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v2/outgoing-messages/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("2hd-api-key", key)
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("question: got %d %s, want 200", w.Code, w.Body)
	}
}

func TestDoubleFollowsUpWithinMilliseconds(t *testing.T) {
	t.Parallel()
	srv := refserver.Double(t, refserver.Config{})
	c := newCallbackPaths(t)
	sendTo(t, srv, c.URL)
	for _, step := range []struct {
		after time.Duration
		want  string
	}{
		{0, "/answer"},
		{15*time.Minute - time.Millisecond, "/answer"},
		{time.Millisecond, "/answer /follow-up"},
		{24 * time.Hour, "/answer /follow-up"},
	} {
		if err := srv.Advance(t.Context(), step.after); err != nil {
			t.Fatal(err)
		}
		if got := c.String(); got != step.want {
			t.Errorf("%v later: got %q, want %q", step.after, got, step.want)
		}
	}
}

func TestDoublesDoNotKnowEachOther(t *testing.T) {
	t.Parallel()
	first, second := refserver.Double(t, refserver.Config{}), refserver.Double(t, refserver.Config{})
	c := newCallbackPaths(t)
	sendTo(t, first, c.URL)
	if err := second.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := first.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := c.String(); got != "/answer" {
		t.Errorf("got %q, want the answer alone", got)
	}
	if first.DevelopmentKey() == second.DevelopmentKey() {
		t.Error("both have the same key")
	}
}

func TestAdvanceSaysWhyItCannot(t *testing.T) {
	t.Parallel()
	srv := start(t, refserver.Config{})
	if err := srv.Advance(t.Context(), time.Second); !errors.Is(err, refserver.ErrSystemClock) {
		t.Errorf("system clock: got %v, want ErrSystemClock", err)
	}
	double := refserver.Double(t, refserver.Config{})
	if err := double.Advance(t.Context(), -time.Second); err == nil {
		t.Error("back in time: got no error")
	}
	// A receiver that hangs holds time up until the caller has had enough.
	entered, done := make(chan struct{}), make(chan struct{})
	ts := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	defer ts.Close()
	defer close(done)
	sendTo(t, double, ts.URL)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-entered
		cancel()
	}()
	if err := double.Advance(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("receiver that hangs: got %v, want the context's end", err)
	}
}

func TestAdvanceBeforeStartMovesTheClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := refserver.NewVirtualClock(at)
	srv, err := refserver.New(refserver.Config{Clock: clock, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	if err := srv.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if got, want := clock.Now(), at.Add(time.Hour); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := srv.Settle(t.Context()); err == nil {
		t.Error("settle: got no error, want one that the server was not started")
	}
}

// The start of a double, but for the first of a process, which makes the
// database that the others begin as and loads the contracts.
func BenchmarkNewDouble(b *testing.B) {
	refserver.Double(b, refserver.Config{})
	for b.Loop() {
		srv, err := refserver.NewDouble(refserver.Config{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := srv.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
