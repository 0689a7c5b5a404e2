package server

import (
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
)

// internalDetail is all that a client learns of an error of ours.
const internalDetail = "internal server error"

// Refusal is a request that is answered with an error by this package rather
// than by its operation. It never holds a value of the request, nor the text of
// an internal error: a shape may write all of it.
type Refusal struct {
	// Status is the status code to answer with, 400 to 599.
	Status int
	// Detail says in one line what is wrong; never empty.
	Detail string
	// Operation is nil when none matched or when it is not known.
	Operation *contract.Operation
	// Findings are the disagreements that led to the refusal, with warnings
	// among them; nil when it has another cause. At least one is an error
	// when Status is 400.
	Findings []contract.Finding
	// Allow are the methods that the path has, with status 405 when they are
	// known. The Allow header is already set.
	Allow []string
	// RequestID is the id of the request; empty without NewEngine.
	RequestID string
}

// firstError is the finding to name when there is room for one: the first
// error, else the first finding, nil without findings.
func (r Refusal) firstError() *contract.Finding {
	for i := range r.Findings {
		if r.Findings[i].Severity == contract.SeverityError {
			return &r.Findings[i]
		}
	}
	if len(r.Findings) > 0 {
		return &r.Findings[0]
	}
	return nil
}

// ErrorShape writes a refusal to the client: the status, the headers of its
// media type and the body. It must not call Next and must be safe for
// concurrent use. ProblemErrors, MAAXErrors and MAIAErrors are the ready ones.
type ErrorShape func(c *gin.Context, r Refusal)

// Refuse answers a request with a refusal in the given shape and ends the chain
// of handlers, for middlewares of the program that should answer like this
// package does. A nil shape is ProblemErrors.
func Refuse(c *gin.Context, shape ErrorShape, r Refusal) {
	if shape == nil {
		shape = ProblemErrors
	}
	refuse(c, shape, r)
}

func refuse(c *gin.Context, shape ErrorShape, r Refusal) {
	if len(r.Allow) > 0 {
		c.Header("Allow", strings.Join(r.Allow, ", "))
	}
	if r.RequestID == "" {
		r.RequestID = RequestID(c.Request.Context())
	}
	c.Abort()
	shape(c, r)
}
