package maax

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The causes that errors.Is finds in an Error, besides those of the context
// and the network.
var (
	// ErrInvalid: the call breaks a rule of the contract and was not sent.
	ErrInvalid = errors.New("not valid")
	// ErrTooLarge: the response is longer than Config.MaxResponseBytes.
	ErrTooLarge = errors.New("response too large")
	// ErrMalformed: a response that reports success is not as the contract
	// says.
	ErrMalformed = errors.New("response malformed")
	// ErrNotReady: there was no answer within Config.MaxWait.
	ErrNotReady = errors.New("no answer yet")
)

const (
	maxExcerptBytes = 512
	maxMessageBytes = 200
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

	kind   kind
	detail string
	cause  error
}

// kind is where a call failed.
type kind int

const (
	kindInvalid  kind = iota // before it was sent
	kindDial                 // no connection came about
	kindNetwork              // the connection failed, or the response broke off
	kindTimeout              // Config.Timeout passed
	kindEnded                // the caller's context ended
	kindStatus               // the vendor said so
	kindResponse             // a response that cannot be taken
	kindNotReady             // the wait is over
)

// Error says operation, status and the vendor's short description, or what
// was found wrong here. It never holds the key or a message.
func (e *Error) Error() string {
	text := "maax: " + e.Operation
	if e.Status != 0 {
		text += fmt.Sprintf(": status %d", e.Status)
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.detail != "" {
		text += ": " + e.detail
	}
	return text
}

// Unwrap returns the cause, nil when the vendor answered with an error.
func (e *Error) Unwrap() error { return e.cause }

// Wire says that the error is the vendor's: it answered with a status that is
// no success. Otherwise the error was inferred here, from what is sent, the
// network, the clock or a response that cannot be taken.
func (e *Error) Wire() bool { return e.kind == kindStatus }

// Temporary says that the same call may work later: a failure of the network,
// a time-out, or one of the statuses 408, 429, 500, 502, 503 and 504. Look at
// RequestSent before repeating a message.
func (e *Error) Temporary() bool {
	switch e.kind {
	case kindDial, kindNetwork, kindTimeout, kindNotReady:
		return true
	case kindStatus:
		switch e.Status {
		case 408, 429, 500, 502, 503, 504:
			return true
		}
	}
	return false
}

// invalid is the error of a call that is not sent.
func invalid(op operation, format string, args ...any) *Error {
	return &Error{
		Operation: string(op),
		kind:      kindInvalid,
		detail:    fmt.Sprintf(format, args...),
		cause:     ErrInvalid,
	}
}

// vendorMessage returns the short description of an error body: the member
// that the contract assumes or another that frameworks use.
func vendorMessage(body []byte) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return ""
	}
	for _, name := range []string{"error", "detail", "message"} {
		var text string
		if raw, ok := members[name]; ok && json.Unmarshal(raw, &text) == nil && text != "" {
			return text
		}
	}
	return ""
}

// printable makes text that others wrote fit for a terminal or a log: one
// line, without control characters and the secret, at most limit bytes.
func printable(text, secret string, limit int) string {
	// The secret goes first: a cut or a replaced character could hide part of
	// it from the search.
	text = strings.ReplaceAll(text, secret, "[redacted]")
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case !unicode.IsPrint(r):
			r = utf8.RuneError
		}
		if b.Len()+utf8.RuneLen(r) > limit {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
