package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/server"
)

const pathFetch = "/api/retrieve_answer/"

func TestCheckResponses(t *testing.T) {
	t.Parallel()
	const good, bad = `{"answer":"secret"}`, `{"answer":7}`
	write := func(status int, body string) gin.HandlerFunc {
		return func(c *gin.Context) {
			c.Header("X-Handler", "was here")
			c.Data(status, "application/json", []byte(body))
		}
	}
	long := `{"answer":"` + strings.Repeat("x", 2000) + `"}`
	tests := []struct {
		name     string
		strict   bool
		handler  gin.HandlerFunc
		status   int
		body     string // empty: replaced by a problem
		rule     contract.Rule
		account  contract.Account
		streamed bool
		kept     bool // passed although body is empty
	}{
		{name: "good", handler: write(200, good), status: 200, body: good, account: contract.AccountValidated},
		{name: "good, strict", strict: true, handler: write(200, good), status: 200, body: good, account: contract.AccountValidated},
		{name: "bad", handler: write(200, bad), status: 200, body: bad, rule: contract.RuleType, account: contract.AccountValidated},
		{name: "bad, strict", strict: true, handler: write(200, bad), status: 500, rule: contract.RuleType, account: contract.AccountValidated},
		{name: "large", handler: write(200, long), status: 200, body: long, account: contract.AccountTooLarge},
		{name: "large, strict", strict: true, handler: write(200, long), status: 200, body: long, account: contract.AccountTooLarge},
		{name: "stream, strict", strict: true, handler: func(c *gin.Context) {
			c.Header("Content-Type", "application/json")
			_, _ = c.Writer.WriteString(`{"answer":`)
			c.Writer.Flush()
			_, _ = c.Writer.WriteString(`7}`)
		}, status: 200, body: bad, account: contract.AccountSampledOut, streamed: true},
		{name: "error without a body, strict", strict: true, handler: func(c *gin.Context) {
			c.Status(http.StatusTeapot)
			if c.Writer.Written() || c.Writer.Size() != -1 || c.Writer.Status() != http.StatusTeapot {
				t.Error("the writer claims to have written")
			}
			c.Writer.WriteHeaderNow()
			c.Status(http.StatusOK)
			if !c.Writer.Written() || c.Writer.Size() != 0 || c.Writer.Status() != http.StatusTeapot {
				t.Error("the writer forgets what it wrote")
			}
		}, status: 418, body: "", account: contract.AccountValidated, kept: true},
		{name: "in pieces, strict", strict: true, handler: func(c *gin.Context) {
			c.Header("Content-Type", "application/json")
			for _, piece := range []string{`{"ans`, `wer":"s`, `ecret"}`} {
				_, _ = c.Writer.WriteString(piece)
			}
		}, status: 200, body: good, account: contract.AccountValidated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, outcomes := newResponses(t, tt.strict, tt.handler)
			a := s.do(t, call{method: "GET", target: pathFetch})
			if a.status != tt.status || (tt.body != "" && a.body != tt.body) {
				t.Errorf("answer = %d %s, want %d %s", a.status, a.body, tt.status, tt.body)
			}
			replaced := tt.body == "" && !tt.kept
			if replaced && (a.header.Get("X-Handler") != "" || a.header.Get("Content-Type") != server.ProblemType || a.header.Get(server.RequestIDHeader) == "") {
				t.Errorf("headers of the handler are left: %v", a.header)
			}
			o := outcomes()
			if len(o) != 1 {
				t.Fatalf("%d outcomes, want 1", len(o))
			}
			if o[0].Refused != replaced || o[0].Streamed != tt.streamed || o[0].Result.Account != tt.account {
				t.Errorf("outcome = %+v, want refused %v, streamed %v, %s", o[0], replaced, tt.streamed, tt.account)
			}
			if tt.rule != "" && !hasRule(o[0].Result.Findings, tt.rule) {
				t.Errorf("findings = %v, want %s", o[0].Result.Findings, tt.rule)
			}
			if log := s.log.String(); strings.Contains(log, "secret") || replaced != strings.Contains(log, string(contract.RuleType)) {
				t.Errorf("log = %s, want findings only where an answer was replaced", log)
			}
		})
	}
}

// TestCheckResponsesPanic panics while its answer is held back.
func TestCheckResponsesPanic(t *testing.T) {
	t.Parallel()
	s, outcomes := newResponses(t, true, func(c *gin.Context) {
		c.String(http.StatusOK, "half")
		panic("secret")
	})
	if a := s.do(t, call{method: "GET", target: pathFetch}); a.status != 500 || !strings.Contains(a.body, "internal server error") {
		t.Errorf("answer = %d %s, want a clean 500", a.status, a.body)
	}
	if n := len(outcomes()); n != 0 {
		t.Errorf("%d outcomes, want none for an answer that never was", n)
	}
}

// TestCheckResponsesElsewhere answers what no operation asked.
func TestCheckResponsesElsewhere(t *testing.T) {
	t.Parallel()
	s, outcomes := newResponses(t, true, func(c *gin.Context) { c.String(http.StatusTeapot, "own") })
	if a := s.do(t, call{method: "GET", target: "/own"}); a.status != http.StatusTeapot || a.body != "own" {
		t.Errorf("answer = %d %s", a.status, a.body)
	}
	if n := len(outcomes()); n != 0 {
		t.Errorf("%d outcomes, want none", n)
	}
}

// newResponses starts an engine that checks the answers of handler.
func newResponses(tb testing.TB, strict bool, handler gin.HandlerFunc) (*service, func() []server.Outcome) {
	tb.Helper()
	var mu sync.Mutex
	var outcomes []server.Outcome
	s := &service{log: &lockedBuffer{}}
	logger := slog.New(slog.NewTextHandler(s.log, nil))
	check, err := server.CheckResponses(server.ResponseConfig{
		Contracts: loadContracts(tb, contract.Config{}), Strict: strict, MaxBodyBytes: 1000, Logger: logger,
		OnResult: func(_ context.Context, o server.Outcome) {
			mu.Lock()
			defer mu.Unlock()
			outcomes = append(outcomes, o)
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	engine := server.NewEngine(server.EngineConfig{Logger: logger})
	engine.Use(check)
	engine.GET(pathFetch, handler)
	engine.GET("/own", handler)
	s.Server = httptest.NewServer(engine)
	tb.Cleanup(s.Close)
	return s, func() []server.Outcome {
		s.Close() // Waits for the handlers, which report after they answer.
		mu.Lock()
		defer mu.Unlock()
		return outcomes
	}
}

func TestCheckResponsesConfig(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]server.ResponseConfig{
		"contracts: none": {},
		"body limit -1":   {Contracts: loadContracts(t, contract.Config{}), MaxBodyBytes: -1},
	} {
		if _, err := server.CheckResponses(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("CheckResponses = %v, want %q in it", err, want)
		}
	}
}
