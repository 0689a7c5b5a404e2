package maia

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const testToken = "t0ken-s3cret"

// good is a body that every operation can read as its success.
const good = `{"sessionId":"s","isNewSession":true,"userMessage":{"id":"u","role":"user","content":"x","timestamp":1704067200123},` +
	`"message":"ok","uploadUrl":"UPLOAD","fileKey":"attachments/acc1/x.jpg","expiresAt":1704070800000,"downloadUrl":"https://d.example/x?s=1",` +
	`"contentType":"image/jpeg","size":3,"aiPaused":true,"items":[]}`

// vendor is a real server that remembers what it was asked.
type vendor struct {
	*httptest.Server
	mu    sync.Mutex
	calls []call
}

type call struct {
	Method, URI, Auth, Type, Accept, Body string
}

func newVendor(t testing.TB, handler http.HandlerFunc) *vendor {
	t.Helper()
	v := &vendor{}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		v.mu.Lock()
		v.calls = append(v.calls, call{r.Method, r.RequestURI, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), r.Header.Get("Accept"), string(body)})
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
		code, _ := strconv.Atoi(status)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// clock records the waits instead of making them.
type clock struct {
	mu    sync.Mutex
	waits []time.Duration
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = append(c.waits, d)
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
	config.Token, config.BaseURL = testToken, url
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
	return Message{Channel: "shop-support", Content: "I need help.", ExternalUserID: "customer-123"}
}

func jpeg(size int64) File { return File{Name: "photo.jpg", ContentType: "image/jpeg", Size: size} }

// operations call each operation of the contract once with a valid request.
var operations = map[operation]func(context.Context, *Client) error{
	opSend: func(ctx context.Context, c *Client) error { _, err := c.Send(ctx, message()); return err },
	opUpload: func(ctx context.Context, c *Client) error {
		_, err := c.Upload(ctx, jpeg(3), strings.NewReader("abc"))
		return err
	},
	opAttachment: func(ctx context.Context, c *Client) error {
		_, err := c.DownloadURL(ctx, "attachments/acc1/x.jpg")
		return err
	},
	opLink: func(ctx context.Context, c *Client) error {
		return c.Link(ctx, Link{SessionID: "s", MessageID: "m", ProviderMessageID: "p"})
	},
	opStatus: func(ctx context.Context, c *Client) error {
		return c.ReportStatus(ctx, StatusReport{SessionID: "s", ProviderMessageID: "p", Status: StatusRead})
	},
	opReaction: func(ctx context.Context, c *Client) error {
		return c.AddReaction(ctx, Reaction{SessionID: "s", ProviderMessageID: "p", Emoji: "+"})
	},
	opPause: func(ctx context.Context, c *Client) error { return c.PauseAI(ctx, "s") },
	opKanbans: func(ctx context.Context, c *Client) error {
		for _, err := range c.Kanbans(ctx, KanbanFilter{}) {
			return err
		}
		return nil
	},
	opConnections: func(ctx context.Context, c *Client) error { _, err := c.Connections(ctx, ""); return err },
	opTemplates:   func(ctx context.Context, c *Client) error { _, err := c.SearchTemplates(ctx, "c", nil); return err },
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
