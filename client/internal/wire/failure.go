package wire

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// The causes that the clients' errors have in common.
var (
	// ErrInvalid: the call breaks a rule of the contract and was not sent.
	ErrInvalid = errors.New("not valid")
	// ErrTooLarge: the response is longer than the limit.
	ErrTooLarge = errors.New("response too large")
	// ErrMalformed: a response that reports success is not as the contract
	// says.
	ErrMalformed = errors.New("response malformed")
	// ErrHost: something moved the request away from the base URL.
	ErrHost = errors.New("the request does not go to the host of BaseURL: the credential stays here")
)

// Kind is where a call failed.
type Kind int

// The kinds.
const (
	KindInvalid  Kind = iota // before it was sent
	KindDial                 // no connection came about
	KindNetwork              // the connection failed, or the response broke off
	KindTimeout              // the time for one try passed
	KindEnded                // the caller's context ended
	KindStatus               // the vendor said so
	KindResponse             // a response that cannot be taken
	KindNotReady             // a wait over several calls is over
)

// Failure is a call without a usable response.
type Failure struct {
	Operation string
	// Status of the response; 0 when there was none.
	Status int
	// Header of the response; nil when there was none or it was a success.
	Header http.Header
	// Message and Excerpt are cleaned of the credential and bounded.
	Message, Excerpt string
	RetryAfter       time.Duration
	// RequestSent says that the vendor may have got the request.
	RequestSent bool
	// Limited says that the status means an exhausted rate limit.
	Limited bool
	Kind    Kind
	Detail  string
	Cause   error
}

// Invalid is the failure of a call that is not sent.
func Invalid(operation, format string, args ...any) *Failure {
	return &Failure{
		Operation: operation,
		Kind:      KindInvalid,
		Detail:    fmt.Sprintf(format, args...),
		Cause:     ErrInvalid,
	}
}

// Text is the text of a client's error: package, operation, status, what the
// vendor says and what was found here; the last three where there are any.
func Text(pkg, operation string, status int, message, detail string) string {
	text := pkg + ": " + operation
	if status != 0 {
		text += fmt.Sprintf(": status %d", status)
	}
	if message != "" {
		text += ": " + message
	}
	if detail != "" {
		text += ": " + detail
	}
	return text
}

// Temporary says that the same call may work later: a failure of the network,
// a time-out, a wait that is over, or one of the statuses 408, 429, 500, 502,
// 503 and 504.
func Temporary(kind Kind, status int) bool {
	switch kind {
	case KindDial, KindNetwork, KindTimeout, KindNotReady:
		return true
	case KindStatus:
		switch status {
		case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
	}
	return false
}
