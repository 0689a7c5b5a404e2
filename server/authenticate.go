package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/parley-contracts/parley/contract"
)

// AuthInput is a call whose caller is to be established.
type AuthInput struct {
	// Operation that the call matched; never nil.
	Operation *contract.Operation
	// Request as net/http gave it. Its Body is the handler's: read Body below.
	Request *http.Request
	// Body is the whole body, for signatures; nil when it was larger than the
	// limit in ModeObserve. It must not be changed or kept.
	Body []byte
}

// Authenticate establishes who calls. Nil lets the call go on to its check; an
// error with HTTPStatus and Public, such as Unauthorized or Forbidden, is
// answered as it says, any other error as 401 without its text. It is called
// for every operation and has the last word: whether the credentials that the
// contract asks for may be missing is for it to say.
type Authenticate func(ctx context.Context, in AuthInput) error

// missingCredentials is the text of a 401 where the contract's security was not
// met.
const missingCredentials = "the credentials that the operation needs are missing"

// authRefusal is the answer to a caller who was not accepted.
func authRefusal(op *contract.Operation, err error) Refusal {
	r := Refusal{Status: http.StatusUnauthorized, Operation: op, Detail: "the credentials are not valid"}
	if p, ok := errors.AsType[publicError](err); ok {
		r.Status, r.Detail = statusOf(p), p.Public()
	}
	return r
}

// statusOf is the error's status where it is one of an error, else 500.
func statusOf(p publicError) int {
	if s := p.HTTPStatus(); s >= 400 && s <= 599 {
		return s
	}
	return http.StatusInternalServerError
}

// securityMissing are the findings that say a credential was not sent.
func securityMissing(findings []contract.Finding) []contract.Finding {
	var out []contract.Finding
	for _, f := range findings {
		if f.Rule == contract.RuleSecurityMissing && f.Severity == contract.SeverityError {
			out = append(out, f)
		}
	}
	return out
}
