package server_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
	maaxv1 "github.com/parley-contracts/parley/gen/maaxv1/ginserver"
	maaxv2 "github.com/parley-contracts/parley/gen/maaxv2/ginserver"
	"github.com/parley-contracts/parley/server"
)

const (
	goodKey  = "a-key-that-is-known"
	pathSend = "/api/v2/outgoing-messages/"
	pathHist = "/api/get_conversations_history/"
	pathMake = "/api/create-conversation/"

	goodSend = `{"message_content":"What does the course cost?","platform":"sms","ai_id":12,` +
		`"service_type":"sales_automation","prospect_info":{"first_name":"Ada","phone":"+15550100"},` +
		`"output_format":"plain_text","send_response_url":"https://hooks.example.com/a?message=1",` +
		`"followup_url":"https://hooks.example.com/f"}`
)

// handlers answer the operations that the tests call.
type handlers struct {
	send    func(context.Context, maaxv2.CreateOutgoingMessageRequestObject) (maaxv2.CreateOutgoingMessageResponseObject, error)
	history func(context.Context, maaxv1.GetConversationsHistoryRequestObject) (maaxv1.GetConversationsHistoryResponseObject, error)
}

// v1 and v2 are the handlers as the two generated servers want them; the
// operations that no test calls are nil and would panic.
type v1 struct {
	*handlers
	maaxv1.StrictServerInterface
}

func (h v1) GetConversationsHistory(ctx context.Context, r maaxv1.GetConversationsHistoryRequestObject) (maaxv1.GetConversationsHistoryResponseObject, error) {
	return h.history(ctx, r)
}

type v2 struct {
	*handlers
	maaxv2.StrictServerInterface
}

func (h v2) CreateOutgoingMessage(ctx context.Context, r maaxv2.CreateOutgoingMessageRequestObject) (maaxv2.CreateOutgoingMessageResponseObject, error) {
	return h.send(ctx, r)
}

func loadContracts(tb testing.TB, config contract.Config) contract.Set {
	tb.Helper()
	var set contract.Set
	for _, name := range []string{"openapi-v1.yaml", "openapi-v2.yaml"} {
		c, err := contract.Load(api.FS, name, config)
		if err != nil {
			tb.Fatalf("load %s: %v", name, err)
		}
		set = append(set, c)
	}
	return set
}

// service is a running server of both MAAX contracts.
type service struct {
	*httptest.Server
	handlers *handlers
	log      *lockedBuffer

	mu       sync.Mutex
	outcomes []server.Outcome
}

// newService starts a service whose operations all work; adjust may change the
// validation and add to the engine before the routes.
func newService(tb testing.TB, adjust func(*server.Config, *gin.Engine)) *service {
	tb.Helper()
	s := &service{log: &lockedBuffer{}, handlers: &handlers{
		send: func(context.Context, maaxv2.CreateOutgoingMessageRequestObject) (maaxv2.CreateOutgoingMessageResponseObject, error) {
			return maaxv2.CreateOutgoingMessage200JSONResponse{IncomingMessageID: 48213}, nil
		},
		history: func(context.Context, maaxv1.GetConversationsHistoryRequestObject) (maaxv1.GetConversationsHistoryResponseObject, error) {
			return maaxv1.GetConversationsHistory200JSONResponse{}, nil
		},
	}}
	logger := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	engine := server.NewEngine(server.EngineConfig{Shape: server.MAAXErrors, Logger: logger, LogExchanges: true})
	config := server.Config{
		Contracts:    loadContracts(tb, contract.Config{}),
		Authenticate: knowKey,
		Shape:        server.MAAXErrors,
		OnResult: func(_ context.Context, o server.Outcome) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.outcomes = append(s.outcomes, o)
		},
	}
	if adjust != nil {
		adjust(&config, engine)
	}
	validate, err := server.Validate(config)
	if err != nil {
		tb.Fatal(err)
	}
	engine.Use(validate)
	mount := server.MountConfig{Shape: config.Shape, Logger: logger, BasePath: config.BasePath}
	if err := server.MountMAAXV1(engine, v1{handlers: s.handlers}, mount); err != nil {
		tb.Fatal(err)
	}
	if err := server.MountMAAXV2(engine, v2{handlers: s.handlers}, mount); err != nil {
		tb.Fatal(err)
	}
	s.Server = httptest.NewServer(engine)
	tb.Cleanup(s.Close)
	return s
}

// knowKey accepts goodKey alone.
func knowKey(_ context.Context, in server.AuthInput) error {
	if in.Request.Header.Get("2hd-Api-Key") != goodKey {
		return server.Unauthorized("Invalid API key")
	}
	return nil
}

// only returns the single outcome so far.
func (s *service) only(tb testing.TB) server.Outcome {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.outcomes) != 1 {
		tb.Fatalf("%d outcomes, want 1", len(s.outcomes))
	}
	return s.outcomes[0]
}

// call is one request and what is to come back.
type call struct {
	method, target, body string
	header               http.Header
}

// answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a call with a good key and JSON unless the call's headers say
// otherwise; a header set to nil is left out.
func (s *service) do(tb testing.TB, c call) answer {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), c.method, s.URL+c.target, strings.NewReader(c.body))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("2hd-Api-Key", goodKey)
	if c.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		if values == nil {
			req.Header.Del(name)
			continue
		}
		req.Header[name] = values
	}
	return send(tb, req)
}

func send(tb testing.TB, req *http.Request) answer {
	tb.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: string(body)}
}

// lockedBuffer is a log that may be read while it is written.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
