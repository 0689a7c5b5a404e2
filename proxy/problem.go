package proxy

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/parley-contracts/parley/contract"
)

// Problem is what the proxy answers in its own name (RFC 9457), with the media
// type application/problem+json.
type Problem struct {
	// Type names the kind of problem: urn:parley:problem:request-refused,
	// response-refused, body-too-large, upstream-unreachable,
	// upstream-timeout, upstream-invalid, request-target, request-broken,
	// request-timeout, method-unsupported or internal.
	Type string `json:"type"`
	// Title is the same for all problems of a type.
	Title string `json:"title"`
	// Status is the status code of the answer.
	Status int `json:"status"`
	// Detail says what happened, without values of the messages.
	Detail string `json:"detail"`
	// Exchange is the ID of the exchange.
	Exchange string `json:"exchange"`
	// Operation is the operationId, empty when none matched.
	Operation string `json:"operation,omitempty"`
	// Findings are why a message was refused.
	Findings []contract.Finding `json:"findings,omitempty"`
}

// problemKind is a type of problem.
type problemKind struct {
	name   string
	title  string
	status int
}

var (
	problemRequestRefused      = problemKind{"request-refused", "Request breaks the contract", http.StatusBadRequest}
	problemResponseRefused     = problemKind{"response-refused", "Response breaks the contract", http.StatusBadGateway}
	problemOversize            = problemKind{"body-too-large", "Body too large", http.StatusRequestEntityTooLarge}
	problemUpstreamUnreachable = problemKind{"upstream-unreachable", "Upstream unreachable", http.StatusBadGateway}
	problemUpstreamTimeout     = problemKind{"upstream-timeout", "Upstream timed out", http.StatusGatewayTimeout}
	problemUpstreamInvalid     = problemKind{"upstream-invalid", "Upstream gave no usable response", http.StatusBadGateway}
	problemTarget              = problemKind{"request-target", "Request target not supported", http.StatusBadRequest}
	problemRequestBroken       = problemKind{"request-broken", "Request incomplete", http.StatusBadRequest}
	problemRequestSlow         = problemKind{"request-timeout", "Request timed out", http.StatusRequestTimeout}
	problemMethod              = problemKind{"method-unsupported", "Method not supported", http.StatusNotImplemented}
	problemInternal            = problemKind{"internal", "Proxy failed", http.StatusInternalServerError}
)

// answerProblem answers the client in the proxy's name, unless it has already
// got the beginning of a response.
func (e *exchange) answerProblem(kind problemKind, detail string, findings []contract.Finding) {
	if e.sent {
		return
	}
	e.sent = true
	document, err := json.Marshal(Problem{
		Type: "urn:parley:problem:" + kind.name, Title: kind.title, Status: kind.status, Detail: detail,
		Exchange: e.record.ID, Operation: e.record.Operation, Findings: findings,
	})
	if err != nil {
		document = []byte("{}")
	}
	h := e.w.Header()
	clear(h)
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(document)))
	if !e.bodyRead() {
		h.Set("Connection", "close") // or net/http would wait for the rest of it
	}
	e.w.WriteHeader(kind.status)
	if e.in.Method != http.MethodHead {
		_, _ = e.w.Write(document)
	}
	_ = http.NewResponseController(e.w).Flush()
}
