package server

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
)

// EngineConfig sets up an engine. The zero value is ready to use.
type EngineConfig struct {
	// Shape writes the answers to unknown paths (404), wrong methods (405)
	// and panics (500). Default ProblemErrors.
	Shape ErrorShape
	// Logger gets one error per panic and, with LogExchanges, one line per
	// exchange. Default slog.Default().
	Logger *slog.Logger
	// LogExchanges logs one line per exchange: method, route, status, sizes
	// and duration, never the target, a header or a body.
	LogExchanges bool
	// NewRequestID makes the id of a request that brings none in
	// X-Request-Id. It must be safe for concurrent use. Default: 26 random
	// characters.
	NewRequestID func() string
}

// NewEngine returns a Gin engine with the settings that a contract needs.
// Handlers see the cancellation and the values of the request's context; a
// path must be written as its route is, slash included, with nothing
// redirected; a known path with another method is 405 with Allow; "%2F" in a
// path parameter is part of its value and "+" stays a plus; no proxy header is
// trusted for the client's address. Every request has an id, see RequestID,
// which the answer carries in X-Request-Id. A panic is logged without its
// value and answered with 500, or breaks the connection when the answer has
// begun.
//
// Middlewares given to Use run for unknown paths too. Add them before the
// routes.
func NewEngine(config EngineConfig) *gin.Engine {
	config = config.withDefaults()
	e := gin.New()
	e.ContextWithFallback = true
	e.RedirectTrailingSlash = false
	e.RedirectFixedPath = false
	e.HandleMethodNotAllowed = true
	e.UseEscapedPath = true
	e.UnescapePathValues = false // Gin would turn "+" into a space: unescapeParams does it.
	e.ForwardedByClientIP = false
	// Cannot fail: there is no address to parse.
	_ = e.SetTrustedProxies(nil)

	e.Use(identify(config.NewRequestID))
	if config.LogExchanges {
		e.Use(logExchange(config.Logger))
	}
	e.Use(recoverPanic(config.Logger, config.Shape), unescapeParams)
	e.NoRoute(func(c *gin.Context) {
		refuse(c, config.Shape, Refusal{Status: http.StatusNotFound, Detail: "no operation has this path"})
	})
	e.NoMethod(func(c *gin.Context) {
		refuse(c, config.Shape, Refusal{Status: http.StatusMethodNotAllowed, Detail: "the path has no operation with this method"})
	})
	return e
}

// withDefaults returns the configuration with every zero field set.
func (c EngineConfig) withDefaults() EngineConfig {
	if c.Shape == nil {
		c.Shape = ProblemErrors
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.NewRequestID == nil {
		c.NewRequestID = randomID
	}
	return c
}

// unescapeParams decodes the path parameters, which Gin matched as they stood
// in the target. What does not decode stays as it is.
func unescapeParams(c *gin.Context) {
	for i := range c.Params {
		if !strings.Contains(c.Params[i].Value, "%") {
			continue
		}
		if v, err := url.PathUnescape(c.Params[i].Value); err == nil {
			c.Params[i].Value = v
		}
	}
}
