package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

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
	c.Data(r.Status, ProblemType, p.AppendJSON(nil))
}

// findingRoom is about how long a finding is as JSON.
const findingRoom = 400

// AppendJSON appends the problem as encoding/json writes it.
func (p *Problem) AppendJSON(out []byte) []byte {
	out = slices.Grow(out, findingRoom*(1+len(p.Findings)))
	out = appendText(append(out, `{"type":`...), p.Type)
	out = appendText(append(out, `,"title":`...), p.Title)
	out = strconv.AppendInt(append(out, `,"status":`...), int64(p.Status), 10)
	out = appendText(append(out, `,"detail":`...), p.Detail)
	if p.Instance != "" {
		out = appendText(append(out, `,"instance":`...), p.Instance)
	}
	out = append(out, `,"findings":[`...)
	for i := range p.Findings {
		if i > 0 {
			out = append(out, ',')
		}
		out = p.Findings[i].AppendJSON(out)
	}
	return append(out, ']', '}')
}

// appendText appends a JSON string.
func appendText(out []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, err := json.Marshal(text)
			if err != nil { // a string, which cannot fail
				quoted = []byte(`""`)
			}
			return append(out, quoted...)
		}
	}
	return append(append(append(out, '"'), text...), '"')
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
