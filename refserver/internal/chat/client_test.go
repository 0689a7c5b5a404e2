package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parley-contracts/parley/refserver/internal/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "sk-do-not-tell"

// model is a server that speaks the protocol: the n-th request gets the n-th
// response, and further ones the last.
type model struct {
	*httptest.Server
	mu       sync.Mutex
	requests []request
	release  chan struct{}
}

type request struct {
	Path, Authorization string
	Model               string `json:"model"`
	Stream              bool   `json:"stream"`
	Messages            []struct{ Role, Content string }
}

type response func(w http.ResponseWriter, r *http.Request, m *model)

func serve(t *testing.T, responses ...response) *model {
	t.Helper()
	m := &model{release: make(chan struct{})}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got request
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Errorf("request: %v", err)
		}
		got.Path, got.Authorization = r.URL.Path, r.Header.Get("Authorization")
		m.mu.Lock()
		n := len(m.requests)
		m.requests = append(m.requests, got)
		m.mu.Unlock()
		responses[min(n, len(responses)-1)](w, r, m)
	}))
	t.Cleanup(func() {
		close(m.release)
		m.CloseClientConnections()
		m.Close()
	})
	return m
}

func (m *model) seen() []request {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]request(nil), m.requests...)
}

// says answers, streamed when asked to.
func says(text string) response { return ends(text, "stop") }

func ends(text, reason string) response {
	return func(w http.ResponseWriter, _ *http.Request, m *model) {
		requests := m.seen()
		if !requests[len(requests)-1].Stream {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":%q}]}`, text, reason)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, ": hello\n\n")
		for _, word := range strings.SplitAfter(text, " ") {
			fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%q}},{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\n\n", word)
			w.(http.Flusher).Flush()
		}
		fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":%q}]}\n\n", reason)
		fmt.Fprint(w, "data: {\"choices\":[],\"usage\":{\"total_tokens\":1}}\n\ndata: [DONE]\n\n")
	}
}

func status(code int, header ...string) response {
	return func(w http.ResponseWriter, _ *http.Request, m *model) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		requests := m.seen() // a server that repeats what it was sent
		fmt.Fprintf(w, `{"error":{"message":%q,"type":"x","code":"y"}}`, requests[0].Messages[1].Content+requests[0].Authorization)
	}
}

func raw(body string) response {
	return func(w http.ResponseWriter, _ *http.Request, _ *model) { _, _ = io.WriteString(w, body) }
}

// hangs sends nothing until the client goes away.
func hangs(_ http.ResponseWriter, r *http.Request, m *model) {
	select {
	case <-r.Context().Done():
	case <-m.release:
	}
}

// lost sends the beginning of a response and drops the connection.
func lost(beginning string) response {
	return func(w http.ResponseWriter, _ *http.Request, _ *model) {
		_, _ = io.WriteString(w, beginning)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// sleeper notes the waits instead of waiting.
type sleeper struct{ waits []time.Duration }

func (s *sleeper) sleep(_ context.Context, d time.Duration) error {
	s.waits = append(s.waits, d)
	return nil
}

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func client(t *testing.T, m *model, s *sleeper, change func(*chat.Config)) *chat.Client {
	t.Helper()
	config := chat.Config{
		BaseURL: m.URL + "/v1/", Model: "small", Key: key, Sleep: s.sleep,
		Spread: func() float64 { return 0.5 }, Now: func() time.Time { return now },
	}
	if change != nil {
		change(&config)
	}
	c, err := chat.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

var passages = []chat.Passage{{Title: "Parking", Text: "Behind the house."}}

func TestAsk(t *testing.T) {
	t.Parallel()
	day := now.Add(7 * time.Second).Format(http.TimeFormat)
	stream := func(c *chat.Config) { c.Stream = true }
	short := func(c *chat.Config) { c.Timeout = 2 * time.Second }
	for name, tc := range map[string]struct {
		responses []response
		change    func(*chat.Config)
		want      string
		waits     []time.Duration
		err       *chat.Error
	}{
		"answer":                  {responses: []response{says("Behind the house.")}, want: "Behind the house."},
		"streamed":                {responses: []response{says("Behind the house.")}, change: stream, want: "Behind the house."},
		"does not know":           {responses: []response{says(" NO_ANSWER.\n")}},
		"does not know, streamed": {responses: []response{says("NO_ANSWER")}, change: stream},
		"thinks aloud":            {responses: []response{says("<think>NO_ANSWER?</think>\n\nBehind.")}, want: "Behind."},
		"thinks without end":      {responses: []response{says("<think>well")}},
		"after a 500":             {responses: []response{status(500), says("Yes.")}, want: "Yes.", waits: []time.Duration{500 * time.Millisecond}},
		"500s":                    {responses: []response{status(503)}, waits: []time.Duration{500 * time.Millisecond, time.Second}, err: &chat.Error{Reason: chat.ReasonStatus, Status: 503, Attempts: 3}},
		"500s, streamed":          {responses: []response{status(500)}, change: stream, waits: []time.Duration{500 * time.Millisecond, time.Second}, err: &chat.Error{Reason: chat.ReasonStatus, Status: 500, Attempts: 3}},
		"busy for some seconds":   {responses: []response{status(429, "Retry-After", "3"), says("Yes.")}, want: "Yes.", waits: []time.Duration{3 * time.Second}},
		"busy until a date":       {responses: []response{status(429, "Retry-After", day), says("Yes.")}, change: stream, want: "Yes.", waits: []time.Duration{7 * time.Second}},
		"busy for an instant":     {responses: []response{status(429, "Retry-After", "0"), says("Yes.")}, want: "Yes.", waits: []time.Duration{500 * time.Millisecond}},
		"busy for an hour":        {responses: []response{status(429, "Retry-After", "3600")}, err: &chat.Error{Reason: chat.ReasonStatus, Status: 429, Attempts: 1}},
		"wrong key":               {responses: []response{status(401)}, err: &chat.Error{Reason: chat.ReasonStatus, Status: 401, Attempts: 1}},
		"bad request, streamed":   {responses: []response{status(400)}, change: stream, err: &chat.Error{Reason: chat.ReasonStatus, Status: 400, Attempts: 1}},
		"redirect":                {responses: []response{status(307, "Location", "/elsewhere")}, err: &chat.Error{Reason: chat.ReasonStatus, Status: 307, Attempts: 1}},
		"hangs, then answers":     {responses: []response{hangs, says("Yes.")}, change: short, want: "Yes.", waits: []time.Duration{500 * time.Millisecond}},
		"hangs in the stream":     {responses: []response{hangsInStream}, change: func(c *chat.Config) { short(c); stream(c); c.Attempts = 1 }, err: &chat.Error{Reason: chat.ReasonTimeout, Status: 200, Attempts: 1}},
		"stream cut politely":     {responses: []response{raw(piece), says("Yes.")}, change: stream, want: "Yes.", waits: []time.Duration{500 * time.Millisecond}},
		"stream lost":             {responses: []response{lost(piece), says("Yes.")}, change: stream, want: "Yes.", waits: []time.Duration{500 * time.Millisecond}},
		"always lost":             {responses: []response{lost(piece)}, change: func(c *chat.Config) { stream(c); c.Attempts = 1 }, err: &chat.Error{Reason: chat.ReasonCut, Status: 200, Attempts: 1}},
		"answer lost":             {responses: []response{lost(`{"choices":[`)}, change: func(c *chat.Config) { c.Attempts = 1 }, err: &chat.Error{Reason: chat.ReasonCut, Status: 200, Attempts: 1}},
		"not JSON":                {responses: []response{raw("<html>")}, change: func(c *chat.Config) { c.Attempts = 2 }, waits: []time.Duration{500 * time.Millisecond}, err: &chat.Error{Reason: chat.ReasonMalformed, Status: 200, Attempts: 2}},
		"no choices":              {responses: []response{raw(`{"choices":[]}`)}, change: func(c *chat.Config) { c.Attempts = 1 }, err: &chat.Error{Reason: chat.ReasonMalformed, Status: 200, Attempts: 1}},
		"stream with an error":    {responses: []response{raw("data: {\"error\":{\"message\":\"secret\"}}\n\n")}, change: func(c *chat.Config) { stream(c); c.Attempts = 1 }, err: &chat.Error{Reason: chat.ReasonMalformed, Status: 200, Attempts: 1}},
		"stream that is not JSON": {responses: []response{raw("data: nonsense\n\n")}, change: func(c *chat.Config) { stream(c); c.Attempts = 1 }, err: &chat.Error{Reason: chat.ReasonMalformed, Status: 200, Attempts: 1}},
		"huge":                    {responses: []response{says(strings.Repeat("x", 5000))}, change: func(c *chat.Config) { c.MaxResponseBytes = 4096 }, err: &chat.Error{Reason: chat.ReasonTooLarge, Status: 200, Attempts: 1}},
		"huge stream":             {responses: []response{says(strings.Repeat("word ", 1000))}, change: func(c *chat.Config) { stream(c); c.MaxResponseBytes = 4096 }, err: &chat.Error{Reason: chat.ReasonTooLarge, Status: 200, Attempts: 1}},
		"over the model's length": {responses: []response{ends("Behind", "length")}, change: stream, err: &chat.Error{Reason: chat.ReasonLength, Status: 200, Attempts: 1}},
		"held back by the server": {responses: []response{ends("", "content_filter")}, err: &chat.Error{Reason: chat.ReasonRefused, Status: 200, Attempts: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, s := serve(t, tc.responses...), &sleeper{}
			got, err := client(t, m, s, tc.change).Ask(t.Context(), "Where do I park?", passages)
			if got != tc.want {
				t.Errorf("answer: got %q, want %q", got, tc.want)
			}
			if diff := cmp.Diff(tc.waits, s.waits); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
			var failed *chat.Error
			if errors.As(err, &failed); (failed == nil) != (tc.err == nil) {
				t.Fatalf("error: got %v, want %v", err, tc.err)
			}
			if tc.err == nil {
				return
			}
			if failed.Reason != tc.err.Reason || failed.Status != tc.err.Status || failed.Attempts != tc.err.Attempts {
				t.Errorf("error: got %v, want %v", failed, tc.err)
			}
			for _, secret := range []string{key, "Where do I park", "Behind the house", "secret"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("error holds %q: %v", secret, err)
				}
			}
		})
	}
}

const piece = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Beh\"}}]}\n\n"

func hangsInStream(w http.ResponseWriter, r *http.Request, m *model) {
	_, _ = io.WriteString(w, piece)
	w.(http.Flusher).Flush()
	hangs(w, r, m)
}

func TestRequest(t *testing.T) {
	t.Parallel()
	m := serve(t, says("Yes."))
	many := []chat.Passage{{"Parking", "Behind the house."}, {"Long", strings.Repeat("é", 20<<10)}, {"Left", "out"}}
	if _, err := client(t, m, &sleeper{}, nil).Ask(t.Context(), "Where do I park?", many); err != nil {
		t.Fatal(err)
	}
	got := m.seen()[0]
	if got.Path != "/v1/chat/completions" || got.Authorization != "Bearer "+key || got.Model != "small" || got.Stream {
		t.Errorf("request: got %s with %q for %q, streamed %t", got.Path, got.Authorization, got.Model, got.Stream)
	}
	if len(got.Messages) != 2 || got.Messages[0].Role != "system" || got.Messages[1].Role != "user" {
		t.Fatalf("messages: got %d, want system and user", len(got.Messages))
	}
	user := got.Messages[1].Content
	for _, want := range []string{"[1] Parking\nBehind the house.", "[2] Long\né", "[cut here; 1 more passages left out]", "Message:\nWhere do I park?"} {
		if !strings.Contains(user, want) {
			t.Errorf("prompt: %q is missing", want)
		}
	}
	if strings.ContainsRune(user, '\ufffd') || len(user) > 30<<10 {
		t.Errorf("prompt: got %d bytes, want a clean cut at about 24 KiB", len(user))
	}
}

func TestAskEndsWithTheContext(t *testing.T) {
	t.Parallel()
	m, s := serve(t, hangs), &sleeper{}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err := client(t, m, s, nil).Ask(ctx, "?", nil)
	if !errors.Is(err, context.DeadlineExceeded) || len(s.waits) != 0 {
		t.Errorf("got %v after waits %v, want the deadline and no wait", err, s.waits)
	}
	// There is no time left for the wait that the server asks for.
	busy := serve(t, status(429, "Retry-After", "15"))
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err = client(t, busy, s, nil).Ask(ctx, "?", nil); err == nil || len(s.waits) != 0 || len(busy.seen()) != 1 {
		t.Errorf("got %v after %d requests, want an error after one", err, len(busy.seen()))
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = client(t, busy, s, nil).Ask(canceled, "?", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
}

func TestServerDown(t *testing.T) {
	t.Parallel()
	m, s := serve(t, says("")), &sleeper{}
	c := client(t, m, s, func(c *chat.Config) { c.BaseURL = "http://127.0.0.1:1" })
	_, err := c.Ask(t.Context(), "?", nil)
	if want := "chat completions: connection after 3 attempts"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]chat.Config{
		"base URL: want one":     {BaseURL: "api.example", Model: "m"},
		"neither user":           {BaseURL: "https://user:" + key + "@api.example/v1", Model: "m"},
		"neither user, query":    {BaseURL: "https://api.example/v1?key=" + key, Model: "m"},
		"chat model: empty":      {BaseURL: "https://api.example/v1"},
		"a setting is negative":  {BaseURL: "https://api.example/v1", Model: "m", Timeout: -1},
		"base URL: want one suc": {BaseURL: "ftp://api.example/", Model: "m"},
	} {
		_, err := chat.New(config)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), key) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
