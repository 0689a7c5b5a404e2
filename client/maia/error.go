package maia

import (
	"errors"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
)

// The causes that errors.Is finds in an Error, besides those of the context
// and the network.
var (
	// ErrInvalid: the call breaks a rule of the contract and was not sent, or
	// the content of a file is not as long as it was said to be.
	ErrInvalid = wire.ErrInvalid
	// ErrTooLarge: the response is longer than Config.MaxResponseBytes.
	ErrTooLarge = wire.ErrTooLarge
	// ErrMalformed: a response that reports success is not as the contract
	// says.
	ErrMalformed = wire.ErrMalformed
	// ErrRateLimited: the account's rate limit is exhausted. The status is 429,
	// or 403 with no calls remaining.
	ErrRateLimited = errors.New("rate limited")
)

// Error is the error of every call.
type Error struct {
	// Operation is the operationId of the call, "PUT uploadUrl" for a file
	// that goes to the storage host.
	Operation string
	// Status of the response; 0 when there was none.
	Status int
	// Message is the vendor's own short description, when the body has one:
	// printable, at most 200 bytes.
	Message string
	// Excerpt is the start of the response's body, whatever it announces to
	// be: printable, at most 512 bytes, the token removed. It is not part of
	// the text of the error because it may hold personal data.
	Excerpt string
	// RetryAfter is how long to wait, at most a day: what the vendor asks for,
	// else the time until the exhausted rate limit is reset; 0 when neither is
	// told.
	RetryAfter time.Duration
	// RateLimit is what the response said; not Known when it said nothing or
	// there was none.
	RateLimit RateLimit
	// RequestSent says that the request may have reached the vendor, so that
	// repeating it may repeat its effect.
	RequestSent bool

	kind   wire.Kind
	detail string
	cause  error
}

// Error says operation, status and the vendor's short description, or what
// was found wrong here. It never holds the token, a message or an upload URL.
func (e *Error) Error() string {
	return wire.Text("maia", e.Operation, e.Status, e.Message, e.detail)
}

// Unwrap returns the cause: ErrRateLimited, or nil, when the vendor answered
// with an error.
func (e *Error) Unwrap() error { return e.cause }

// Wire says that the error is the vendor's: it, or its storage host, answered
// with a status that is no success. Otherwise the error was inferred here,
// from what is sent, the network, the clock or a response that cannot be
// taken.
func (e *Error) Wire() bool { return e.kind == wire.KindStatus }

// Temporary says that the same call may work later: a failure of the network,
// a time-out, an exhausted rate limit, or one of the statuses 408, 429, 500,
// 502, 503 and 504. Look at RequestSent before repeating a message.
func (e *Error) Temporary() bool {
	return wire.Temporary(e.kind, e.Status) || errors.Is(e.cause, ErrRateLimited)
}

// newError is the error of a call that failed.
func newError(f *wire.Failure) *Error {
	e := &Error{
		Operation:   f.Operation,
		Status:      f.Status,
		Message:     f.Message,
		Excerpt:     f.Excerpt,
		RetryAfter:  f.RetryAfter,
		RequestSent: f.RequestSent,
		kind:        f.Kind,
		detail:      f.Detail,
		cause:       f.Cause,
	}
	if f.Header != nil && f.Operation != string(opPut) {
		e.RateLimit = readRateLimit(f.Header)
	}
	if f.Limited {
		e.cause = ErrRateLimited
	}
	return e
}

// invalid is the error of a call that is not sent.
func invalid(op operation, fault string) *Error {
	return newError(wire.Invalid(string(op), "%s", fault))
}
