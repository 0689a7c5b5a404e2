package server

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
)

// ResponseConfig sets up CheckResponses.
type ResponseConfig struct {
	// Contracts that responses are checked against; at least one.
	Contracts contract.Set
	// Strict holds each response back until it is checked and answers 500 in
	// place of one with a finding of error severity. For tests and staging:
	// without it nothing is delayed or changed.
	Strict bool
	// MaxBodyBytes is the largest body that is kept for its check. Larger
	// ones pass and are accounted for as too large, also with Strict.
	// Default 1 MiB (1 << 20).
	MaxBodyBytes int
	// Shape writes the 500 of Strict. Default ProblemErrors.
	Shape ErrorShape
	// Logger gets one error per response that Strict replaced, with its
	// findings. Default slog.Default().
	Logger *slog.Logger
	// OnResult is told of every response of an operation; nil for nobody.
	OnResult OnResult
	// BasePath is as in Config.
	BasePath string
}

// CheckResponses returns a middleware that checks what handlers answer. It
// goes before Validate, whose refusals are answers too, and after it when those
// are not to be checked. Responses to requests that match no operation pass
// without a word. A handler that flushes streams: its response passes as it is
// written, its status and headers are checked and it is reported as Streamed,
// accounted for as sampled out.
//
// The error says which field of the configuration is wrong.
func CheckResponses(config ResponseConfig) (gin.HandlerFunc, error) {
	if err := checkContracts(config.Contracts); err != nil {
		return nil, fmt.Errorf("server: check responses: %w", err)
	}
	limit, err := bodyLimit(config.MaxBodyBytes)
	if err != nil {
		return nil, fmt.Errorf("server: check responses: %w", err)
	}
	config.MaxBodyBytes = limit
	if config.Shape == nil {
		config.Shape = ProblemErrors
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	config.BasePath = strings.TrimSuffix(config.BasePath, "/")
	return (&responseChecker{config}).handle, nil
}

type responseChecker struct {
	ResponseConfig
}

// handle is the middleware.
func (k *responseChecker) handle(c *gin.Context) {
	ct, m := k.match(c)
	if m.Operation == nil {
		c.Next()
		return
	}
	before := maps.Clone(c.Writer.Header())
	inner := c.Writer
	w := &responseWriter{ResponseWriter: inner, limit: k.MaxBodyBytes, hold: k.Strict, status: inner.Status()}
	c.Writer = w
	// A panic leaves the writer to the recovery of the engine, which must
	// write to the client and not to what is held back.
	defer func() { c.Writer = inner }()
	c.Next()
	c.Writer = inner
	if w.hijacked {
		return
	}

	res := ct.CheckResponse(m.Operation, w.response())
	o := Outcome{
		Direction: contract.DirectionResponse,
		Contract:  ct, Result: res, Status: w.status, Streamed: w.streamed,
		RequestID: RequestID(c.Request.Context()),
	}
	if o.Streamed {
		o.Result.Account = contract.AccountSampledOut
		o.Result.Findings = withoutBody(res.Findings)
	}
	o.Refused = w.hold && res.Blocking()
	if k.OnResult != nil {
		k.OnResult(c.Request.Context(), o)
	}
	if o.Refused {
		k.replace(c, m.Operation, before, res)
		return
	}
	w.release()
}

// match finds the operation that a response belongs to.
func (k *responseChecker) match(c *gin.Context) (*contract.Contract, contract.Match) {
	raw, ok := contractTarget(c, k.Contracts, k.BasePath)
	if !ok {
		return nil, contract.Match{Rule: contract.RulePathUnknown}
	}
	return k.Contracts.Match(c.Request.Method, raw)
}

// replace answers 500 in place of the response that was held back, with the
// headers as they were before the handlers.
func (k *responseChecker) replace(c *gin.Context, op *contract.Operation, before http.Header, res contract.Result) {
	k.Logger.ErrorContext(c.Request.Context(), "response does not keep the contract",
		"request_id", RequestID(c.Request.Context()),
		"operation", op.ID,
		"findings", findingLines(res.Findings))
	h := c.Writer.Header()
	clear(h)
	maps.Copy(h, before)
	refuse(c, k.Shape, Refusal{Status: http.StatusInternalServerError, Operation: op, Detail: internalDetail})
}

func findingLines(findings []contract.Finding) []string {
	lines := make([]string, len(findings))
	for i, f := range findings {
		lines[i] = f.String()
	}
	return lines
}

// withoutBody drops the findings about a body that was not kept.
func withoutBody(findings []contract.Finding) []contract.Finding {
	var out []contract.Finding
	for _, f := range findings {
		if f.Location.In != contract.PartBody {
			out = append(out, f)
		}
	}
	return out
}
