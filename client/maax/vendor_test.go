package maax

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const testKey = "k3y-s3cret"

// vendor is a real server that remembers what it was asked.
type vendor struct {
	*httptest.Server
	mu    sync.Mutex
	calls []call
}

type call struct {
	Method, URI, Key, Type, Accept, Body string
}

func newVendor(t testing.TB, handler http.HandlerFunc) *vendor {
	t.Helper()
	v := &vendor{}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		v.mu.Lock()
		v.calls = append(v.calls, call{r.Method, r.RequestURI, r.Header.Get(keyHeader), r.Header.Get("Content-Type"), r.Header.Get("Accept"), string(body)})
		v.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(v.Close)
	return v
}

func (v *vendor) seen() []call {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]call(nil), v.calls...)
}

// answers is a handler that gives these responses in turn and repeats the last
// one: a status and a body, "503 {}".
func answers(responses ...string) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		response := responses[0]
		if len(responses) > 1 {
			responses = responses[1:]
		}
		mu.Unlock()
		status, body, _ := strings.Cut(response, " ")
		code := 0
		for _, digit := range status {
			code = code*10 + int(digit-'0')
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// clock records the waits instead of making them.
type clock struct {
	mu    sync.Mutex
	waits []time.Duration
	// stopAfter ends the wait after so many, 0 for never.
	stopAfter int
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = append(c.waits, d)
	if c.stopAfter > 0 && len(c.waits) > c.stopAfter {
		return context.Canceled
	}
	return ctx.Err()
}

func (c *clock) slept() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.waits...)
}

// newTestClient makes a client for the URL that never really waits, unless the
// configuration has its own Sleep.
func newTestClient(t testing.TB, url string, config Config) *Client {
	t.Helper()
	config.APIKey, config.BaseURL = testKey, url
	if config.Sleep == nil {
		config.Sleep = (&clock{}).sleep
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func message() Message {
	return Message{
		Content:     "How do I reset my password?",
		Platform:    PlatformEmail,
		ServiceType: ServiceSupport,
		Prospect:    &Prospect{FirstName: "Ada", Email: "ada@example.com"},
	}
}

func outgoing() OutgoingMessage {
	return OutgoingMessage{
		Message: Message{
			Content:  "What does the course cost?",
			Platform: PlatformSMS,
			AIID:     12,
			Prospect: &Prospect{FirstName: "Ada", Phone: "+15550100"},
		},
		AnswerURL:   "https://hooks.example.com/answer?message=1",
		FollowUpURL: "https://hooks.example.com/follow-up",
	}
}

// every calls each operation once with a valid request.
func every(ctx context.Context, c *Client) map[operation]error {
	results := make(map[operation]error)
	_, results[opInitiate] = c.Initiate(ctx, message())
	_, _, results[opRetrieve] = c.RetrieveAnswer(ctx, 48213, ServiceSupport)
	_, results[opCreate] = c.CreateConversation(ctx, Conversation{ProspectID: 9107})
	_, results[opHistory] = c.History(ctx, 7301, "")
	_, results[opSend] = c.Send(ctx, outgoing())
	_, results[opHistoryV2] = c.HistoryV2(ctx, 7301)
	return results
}

func asError(t testing.TB, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want *Error", err, err)
	}
	return e
}

// closedURL is the URL of a port where nobody listens.
func closedURL(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	return "http://" + listener.Addr().String()
}
