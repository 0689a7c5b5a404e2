package chat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Reason says why a question was not answered.
type Reason string

// The reasons.
const (
	// ReasonStatus is a status that is no success.
	ReasonStatus Reason = "status"
	// ReasonTimeout is an attempt that took too long.
	ReasonTimeout Reason = "time-out"
	// ReasonConnection is a server that was not reached, or was lost.
	ReasonConnection Reason = "connection"
	// ReasonCut is an answer that ended before it was finished.
	ReasonCut Reason = "cut short"
	// ReasonLength is an answer that the model ended at its own limit.
	ReasonLength Reason = "over the model's length"
	// ReasonTooLarge is a response beyond Config.MaxResponseBytes.
	ReasonTooLarge Reason = "response too large"
	// ReasonMalformed is a response that is no chat completion.
	ReasonMalformed Reason = "malformed response"
	// ReasonRefused is an answer that the server held back.
	ReasonRefused Reason = "content filter"
)

// Error is why a question was not answered, after the last attempt. It holds
// no text of the server's.
type Error struct {
	Reason Reason
	// Status of the last response, 0 when there was none.
	Status int
	// Attempts that were made.
	Attempts int
	// retryAfter is what the server asked for, 0 for nothing.
	retryAfter time.Duration
	// cause is the context's error for a time-out.
	cause error
}

// Error names the reason, the status and the number of attempts.
func (e *Error) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("chat completions: %s (status %d) after %d attempts", e.Reason, e.Status, e.Attempts)
	}
	return fmt.Sprintf("chat completions: %s after %d attempts", e.Reason, e.Attempts)
}

// Unwrap returns the context's error when its end was the cause.
func (e *Error) Unwrap() error { return e.cause }

// again says whether another attempt may end better.
func (e *Error) again() bool {
	switch e.Reason {
	case ReasonStatus:
		switch e.Status {
		case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
			return true
		}
		return e.Status >= 500
	case ReasonTimeout, ReasonConnection, ReasonCut, ReasonMalformed:
		return true
	}
	return false
}

// errTooLarge is what reading behind the limit gives.
var errTooLarge = errors.New("response too large")

// failure classes what went wrong in an attempt. errs are the errors of the
// whole question's context and of the attempt's.
func failure(err error, seen *seen, whole, attempt context.Context) *Error { //nolint:revive // two contexts, of equal rank
	e := &Error{Status: seen.status, retryAfter: seen.retryAfter}
	switch {
	case whole.Err() != nil:
		e.Reason, e.cause = ReasonTimeout, whole.Err()
	case attempt.Err() != nil:
		e.Reason, e.cause = ReasonTimeout, attempt.Err()
	case seen.tooLarge:
		e.Reason = ReasonTooLarge
	case seen.status == 0:
		e.Reason = ReasonConnection
	case seen.status < 200 || seen.status > 299:
		e.Reason = ReasonStatus
	case seen.lost:
		e.Reason = ReasonCut
	default:
		e.Reason = ReasonMalformed
		var own *Error
		if errors.As(err, &own) {
			e.Reason = own.Reason
		}
	}
	return e
}
