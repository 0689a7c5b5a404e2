package server_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/server"
)

// newBare starts an engine of NewEngine with the given routes.
func newBare(tb testing.TB, routes func(*gin.Engine)) *service {
	tb.Helper()
	s := &service{log: &lockedBuffer{}}
	engine := server.NewEngine(server.EngineConfig{
		Logger: slog.New(slog.NewTextHandler(s.log, nil)), LogExchanges: true,
		NewRequestID: func() string { return "id-of-the-test" },
	})
	routes(engine)
	s.Server = httptest.NewUnstartedServer(engine)
	// The server tells of broken connections, which one test makes on purpose.
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.Start()
	tb.Cleanup(s.Close)
	return s
}

func TestEngineRouting(t *testing.T) {
	t.Parallel()
	s := newBare(t, func(e *gin.Engine) {
		e.GET("/files/:name/", func(c *gin.Context) { c.String(http.StatusOK, "%s", c.Param("name")) })
		e.POST("/files/:name/", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	})
	tests := []struct {
		name, method, target string
		status               int
		body, allow          string
	}{
		{name: "plain", method: "GET", target: "/files/a/", status: 200, body: "a"},
		{name: "plus stays", method: "GET", target: "/files/a+b/", status: 200, body: "a+b"},
		{name: "escaped slash", method: "GET", target: "/files/a%2Fb%2525/", status: 200, body: "a/b%25"},
		{name: "no slash at the end", method: "GET", target: "/files/a", status: 404},
		{name: "other case", method: "GET", target: "/FILES/a/", status: 404},
		{name: "double slash", method: "GET", target: "//files/a/", status: 404},
		{name: "other method", method: "DELETE", target: "/files/a/", status: 405, allow: "GET, POST"},
		{name: "no content", method: "POST", target: "/files/a/", status: 204},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := s.do(t, call{method: tt.method, target: tt.target})
			if a.status != tt.status || a.header.Get("Allow") != tt.allow {
				t.Errorf("answer = %d, Allow %q, want %d, %q", a.status, a.header.Get("Allow"), tt.status, tt.allow)
			}
			if a.status == http.StatusOK && a.body != tt.body {
				t.Errorf("body = %q, want %q", a.body, tt.body)
			}
			if a.status >= 400 && a.header.Get("Content-Type") != server.ProblemType {
				t.Errorf("Content-Type = %q, want %q", a.header.Get("Content-Type"), server.ProblemType)
			}
			if a.header.Get(server.RequestIDHeader) != "id-of-the-test" {
				t.Errorf("request id = %q", a.header.Get(server.RequestIDHeader))
			}
		})
	}
}

// TestEnginePanicLate panics after the answer has begun: the client must not
// take what it got for the whole.
func TestEnginePanicLate(t *testing.T) {
	t.Parallel()
	s := newBare(t, func(e *gin.Engine) {
		e.GET("/late", func(c *gin.Context) {
			c.String(http.StatusOK, "half")
			c.Writer.Flush()
			panic("secret")
		})
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/late", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("read %q to its end, want a broken connection", body)
	}
	s.Close() // Waits for the handler to end.
	if log := s.log.String(); !strings.Contains(log, "panic in handler") || strings.Contains(log, "secret") {
		t.Errorf("log = %s, want the panic without its value", log)
	}
}

func TestEngineLogsOneLine(t *testing.T) {
	t.Parallel()
	s := newBare(t, func(e *gin.Engine) {
		e.POST("/things/:id", func(c *gin.Context) { c.String(http.StatusAccepted, "12345") })
	})
	s.do(t, call{method: "POST", target: "/things/secret?key=secret", body: "secret"})
	s.Close() // Waits for the handler to end.
	log := s.log.String()
	for _, want := range []string{"msg=exchange", "request_id=id-of-the-test", "method=POST", "route=/things/:id", "status=202", "request_bytes=6", "response_bytes=5", "duration="} {
		if !strings.Contains(log, want) {
			t.Errorf("log = %s, want %s in it", log, want)
		}
	}
	if strings.Count(log, "\n") != 1 || strings.Contains(log, "secret") {
		t.Errorf("log = %s, want one line without values", log)
	}
}

// TestRefuse answers from a middleware of the program.
func TestRefuse(t *testing.T) {
	t.Parallel()
	s := newBare(t, func(e *gin.Engine) {
		e.Use(func(c *gin.Context) {
			server.Refuse(c, nil, server.Refusal{Status: http.StatusTooManyRequests, Detail: "slow down"})
		})
		e.GET("/", func(*gin.Context) { t.Error("the handler was called") })
	})
	const want = `{"type":"about:blank","title":"Too Many Requests","status":429,"detail":"slow down","instance":"id-of-the-test","findings":[]}`
	if a := s.do(t, call{method: "GET", target: "/"}); a.status != http.StatusTooManyRequests || a.body != want {
		t.Errorf("answer = %d %s, want %s", a.status, a.body, want)
	}
}

func TestHTTPServerLimits(t *testing.T) {
	t.Parallel()
	s := server.HTTPServer(http.NotFoundHandler())
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Errorf("a limit is missing: %+v", s)
	}
	started := httptest.NewUnstartedServer(s.Handler)
	started.Config = s
	started.Start()
	t.Cleanup(started.Close)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, started.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Large", strings.Repeat("x", server.MaxHeaderBytes+8<<10))
	if a := send(t, req); a.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("large header: %d, want 431", a.status)
	}
}
