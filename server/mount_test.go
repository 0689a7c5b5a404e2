package server_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	callbacks "github.com/parley-contracts/parley/gen/callbacks/ginserver"
	maaxv1 "github.com/parley-contracts/parley/gen/maaxv1/ginserver"
	maaxv2 "github.com/parley-contracts/parley/gen/maaxv2/ginserver"
	"github.com/parley-contracts/parley/server"
)

type sendResult = maaxv2.CreateOutgoingMessageResponseObject

// unencodable is a response that breaks before anything is written.
type unencodable struct{}

func (unencodable) VisitCreateOutgoingMessageResponse(http.ResponseWriter) error {
	return errors.New("secret encoding")
}

// domainError is an error of a package that does not know this one.
type domainError struct{}

func (domainError) Error() string   { return "secret cause" }
func (domainError) HTTPStatus() int { return http.StatusConflict }
func (domainError) Public() string  { return "already sent" }

func TestMountErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		send   func() (sendResult, error)
		status int
		text   string
		logged string
	}{
		{"neither response nor error", func() (sendResult, error) { return nil, nil }, 500, "internal server error", "neither a response nor an error"},
		{"nil pointer", func() (sendResult, error) { return (*maaxv2.CreateOutgoingMessage200JSONResponse)(nil), nil }, 500, "internal server error", "neither a response nor an error"},
		{"plain error", func() (sendResult, error) { return nil, errors.New("secret dsn") }, 500, "internal server error", "secret dsn"},
		{"public error", func() (sendResult, error) { return nil, server.Forbidden("The object belongs to another company") }, 403, "The object belongs to another company", "handler failed"},
		{"domain error", func() (sendResult, error) { return nil, domainError{} }, 409, "already sent", "handler failed"},
		{"error with a cause", func() (sendResult, error) { return nil, server.Internal(errors.New("secret dsn")) }, 500, "internal server error", "secret dsn"},
		{"unencodable", func() (sendResult, error) { return unencodable{}, nil }, 500, "internal server error", "secret encoding"},
		{"panic", func() (sendResult, error) { panic("secret value") }, 500, "internal server error", "value of type string"},
		{"nil dereference", func() (sendResult, error) { var p *server.Error; return nil, server.BadRequest(p.Message) }, 500, "internal server error", "nil pointer dereference"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, nil)
			s.handlers.send = func(context.Context, maaxv2.CreateOutgoingMessageRequestObject) (sendResult, error) { return tt.send() }
			a := s.do(t, call{method: "POST", target: pathSend, body: goodSend})
			if want := `{"error":"` + tt.text + `"}`; a.status != tt.status || a.body != want {
				t.Errorf("answer = %d %s, want %d %s", a.status, a.body, tt.status, want)
			}
			log := s.log.String()
			if !strings.Contains(log, tt.logged) || !strings.Contains(log, a.header.Get(server.RequestIDHeader)) {
				t.Errorf("log = %s, want %q and the request id in it", log, tt.logged)
			}
			if strings.Contains(log, "secret value") {
				t.Errorf("log holds the value of a panic: %s", log)
			}
		})
	}
}

// TestMountUnchecked has no validation, so that the generated servers' own
// errors come out.
func TestMountUnchecked(t *testing.T) {
	t.Parallel()
	engine := server.NewEngine(server.EngineConfig{Shape: server.MAAXErrors})
	h := &handlers{}
	if err := server.MountMAAXV1(engine, v1{handlers: h}, server.MountConfig{}); err != nil {
		t.Fatal(err)
	}
	if err := server.MountMAAXV2(engine, v2{handlers: h}, server.MountConfig{}); err != nil {
		t.Fatal(err)
	}
	s := &service{Server: httptest.NewServer(engine), handlers: h}
	t.Cleanup(s.Close)
	tests := []struct {
		name   string
		call   call
		status int
		want   string
	}{
		{"body", call{method: "POST", target: pathSend, body: `{"ai_id":"secret"}`}, 400, `{"error":"the body cannot be decoded as the operation's request"}`},
		{"parameter", call{method: "GET", target: pathHist + "?conversation_id=secret"}, 400, `{"error":"a parameter is missing or not of its type"}`},
		{"path parameter", call{method: "POST", target: "/api/v2/conversations/secret/"}, 400, `{"error":"a parameter is missing or not of its type"}`},
		{"history by another method", call{method: "DELETE", target: pathHist}, 405, `{"error":"Invalid request method"}`},
		{"unknown path", call{method: "GET", target: "/secret"}, 404, `{"error":"no operation has this path"}`},
		{"no trailing slash", call{method: "POST", target: strings.TrimSuffix(pathSend, "/"), body: goodSend}, 404, `{"error":"no operation has this path"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := s.do(t, tt.call)
			got := strings.ReplaceAll(a.body, `\u0026#39;`, "'")
			if a.status != tt.status || got != tt.want {
				t.Errorf("answer = %d %s, want %d %s", a.status, got, tt.status, tt.want)
			}
		})
	}
}

// TestMountCancelled goes away while the handler works.
func TestMountCancelled(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	entered, seen := make(chan struct{}), make(chan error, 1)
	s.handlers.history = func(ctx context.Context, _ maaxv1.GetConversationsHistoryRequestObject) (maaxv1.GetConversationsHistoryResponseObject, error) {
		close(entered)
		<-ctx.Done()
		seen <- ctx.Err()
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+pathHist+"?conversation_id=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("2hd-Api-Key", goodKey)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
		}
	}()
	<-entered
	cancel()
	if err := <-seen; !errors.Is(err, context.Canceled) {
		t.Errorf("ctx.Err() = %v, want context canceled", err)
	}
	<-done
	s.Close() // Waits for the handler to end.
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("a client that went away is no error of ours: %s", s.log)
	}
}

// TestMountRequestID reads the id where a handler would.
func TestMountRequestID(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	s.handlers.send = func(ctx context.Context, _ maaxv2.CreateOutgoingMessageRequestObject) (sendResult, error) {
		return nil, server.NotFound(server.RequestID(ctx))
	}
	for sent, kept := range map[string]bool{
		"abc-1": true, "": false, "two words": false, strings.Repeat("x", 65): false, `q"uote`: false,
	} {
		header := http.Header{"X-Request-Id": {sent}}
		a := s.do(t, call{method: "POST", target: pathSend, body: goodSend, header: header})
		id := a.header.Get(server.RequestIDHeader)
		if a.body != `{"error":"`+id+`"}` || id == "" || (id == sent) != kept {
			t.Errorf("sent %q: id %q in the answer, body %s; kept should be %v", sent, id, a.body, kept)
		}
	}
}

// generatedHooks answers callbacks with the generated types.
type generatedHooks struct {
	callbacks.StrictServerInterface
}

func (generatedHooks) MaaxAnswer(_ context.Context, r callbacks.MaaxAnswerRequestObject) (callbacks.MaaxAnswerResponseObject, error) {
	if (*r.Body)["answer"] != "a" {
		return nil, nil
	}
	return callbacks.MaaxAnswer200Response{}, nil
}

func TestMountCallbacks(t *testing.T) {
	t.Parallel()
	var mountErr error
	s := newBare(t, func(e *gin.Engine) {
		mountErr = server.MountCallbacks(e, generatedHooks{}, server.MountConfig{Logger: slog.New(slog.DiscardHandler)})
	})
	if mountErr != nil {
		t.Fatal(mountErr)
	}
	for body, want := range map[string]int{`{"answer":"a"}`: 200, `{"answer":"b"}`: 500, `{"answer"`: 400} {
		if a := s.do(t, call{method: "POST", target: "/maax/answer", body: body}); a.status != want || a.status >= 400 && a.header.Get("Content-Type") != server.ProblemType {
			t.Errorf("%s: answer = %d %s, want %d", body, a.status, a.body, want)
		}
	}
}

func TestMountRejects(t *testing.T) {
	t.Parallel()
	good := server.NewEngine(server.EngineConfig{})
	for name, err := range map[string]error{
		"handlers: none":      server.MountMAAXV1(good, nil, server.MountConfig{}),
		"MAAX V2: handlers":   server.MountMAAXV2(good, nil, server.MountConfig{}),
		"callbacks: handlers": server.MountCallbacks(good, nil, server.MountConfig{}),
		"ContextWithFallback": server.MountMAAXV2(gin.New(), v2{}, server.MountConfig{}),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("Mount = %v, want %q in it", err, name)
		}
	}
}
