package maax

import (
	"errors"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
)

// The causes that errors.Is finds in an Error, besides those of the context
// and the network.
var (
	// ErrInvalid: the call breaks a rule of the contract and was not sent.
	ErrInvalid = wire.ErrInvalid
	// ErrTooLarge: the response is longer than Config.MaxResponseBytes.
	ErrTooLarge = wire.ErrTooLarge
	// ErrMalformed: a response that reports success is not as the contract
	// says.
	ErrMalformed = wire.ErrMalformed
	// ErrNotReady: there was no answer within Config.MaxWait.
	ErrNotReady = errors.New("no answer yet")
)

// Error is the error of every call.
type Error struct {
	// Operation is the operationId of the call.
	Operation string
	// Status of the response; 0 when there was none.
	Status int
	// Message is the vendor's own short description, when the body has one:
	// printable, at most 200 bytes.
	Message string
	// Excerpt is the start of the response's body, whatever it announces to
	// be: printable, at most 512 bytes, the key removed. It is not part of the
	// text of the error because it may hold personal data.
	Excerpt string
	// RetryAfter is how long the vendor asks to wait, at most a day; 0 when it
	// does not.
	RetryAfter time.Duration
	// RequestSent says that the request may have reached the vendor, so that
	// repeating a POST may repeat its effect.
	RequestSent bool

	kind   wire.Kind
	detail string
	cause  error
}

// Error says operation, status and the vendor's short description, or what
// was found wrong here. It never holds the key or a message.
func (e *Error) Error() string {
	return wire.Text("maax", e.Operation, e.Status, e.Message, e.detail)
}

// Unwrap returns the cause, nil when the vendor answered with an error.
func (e *Error) Unwrap() error { return e.cause }

// Wire says that the error is the vendor's: it answered with a status that is
// no success. Otherwise the error was inferred here, from what is sent, the
// network, the clock or a response that cannot be taken.
func (e *Error) Wire() bool { return e.kind == wire.KindStatus }

// Temporary says that the same call may work later: a failure of the network,
// a time-out, or one of the statuses 408, 429, 500, 502, 503 and 504. Look at
// RequestSent before repeating a message.
func (e *Error) Temporary() bool { return wire.Temporary(e.kind, e.Status) }

// newError is the error of a call that failed.
func newError(f *wire.Failure) *Error {
	return &Error{
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
}

// invalid is the error of a call that is not sent.
func invalid(op operation, format string, args ...any) *Error {
	return newError(wire.Invalid(string(op), format, args...))
}
