package server

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
)

// ProblemType is the media type of ProblemErrors.
const ProblemType = "application/problem+json"

// Problem is the body of ProblemErrors, by RFC 9457.
type Problem struct {
	// Type is "about:blank": the status says all there is to the kind.
	Type string `json:"type"`
	// Title is the status in words.
	Title string `json:"title"`
	// Status is the status code, again.
	Status int `json:"status"`
	// Detail says what is wrong with this request.
	Detail string `json:"detail"`
	// Instance is the id of the request.
	Instance string `json:"instance,omitempty"`
	// Findings are the disagreements with the contract, never null.
	Findings []contract.Finding `json:"findings"`
}

// ProblemErrors is the error shape of RFC 9457, with the findings as an
// extension member.
func ProblemErrors(c *gin.Context, r Refusal) {
	p := newProblem(r)
	body, err := json.Marshal(p)
	if err != nil { // Strings and numbers only: it cannot fail.
		c.Status(r.Status)
		return
	}
	c.Data(r.Status, ProblemType, body)
}

func newProblem(r Refusal) Problem {
	p := Problem{
		Type:     "about:blank",
		Title:    http.StatusText(r.Status),
		Status:   r.Status,
		Detail:   r.Detail,
		Instance: r.RequestID,
		Findings: r.Findings,
	}
	if p.Findings == nil {
		p.Findings = []contract.Finding{}
	}
	return p
}
