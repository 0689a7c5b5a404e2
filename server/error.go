package server

import (
	"fmt"
	"net/http"
)

// Error is an error of a handler that says how to answer. Any error type with
// the methods HTTPStatus() int and Public() string is understood in its stead,
// so that a domain need not know this package; every other error is answered
// with 500 and no detail.
type Error struct {
	// Status is the status code, 400 to 599; anything else is taken as 500.
	Status int
	// Message goes to the client. Empty means the status in words.
	Message string
	// Err is the cause for the log, or nil. It never goes to the client.
	Err error
}

// Error is the message and, after a colon, the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Public()
	}
	return fmt.Sprintf("%s: %v", e.Public(), e.Err)
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// HTTPStatus is the status code.
func (e *Error) HTTPStatus() int { return e.Status }

// Public is what the client may read.
func (e *Error) Public() string {
	if e.Message != "" {
		return e.Message
	}
	return http.StatusText(e.Status)
}

// BadRequest is status 400: the request keeps the contract but makes no sense.
func BadRequest(message string) *Error {
	return &Error{Status: http.StatusBadRequest, Message: message}
}

// Unauthorized is status 401: nobody is known by these credentials.
func Unauthorized(message string) *Error {
	return &Error{Status: http.StatusUnauthorized, Message: message}
}

// Forbidden is status 403: somebody is known, who may not do this.
func Forbidden(message string) *Error { return &Error{Status: http.StatusForbidden, Message: message} }

// NotFound is status 404: the object does not exist.
func NotFound(message string) *Error { return &Error{Status: http.StatusNotFound, Message: message} }

// Conflict is status 409: the object is not in a state that allows this.
func Conflict(message string) *Error { return &Error{Status: http.StatusConflict, Message: message} }

// Internal is status 500 without a word to the client; err goes to the log.
func Internal(err error) *Error {
	return &Error{Status: http.StatusInternalServerError, Message: internalDetail, Err: err}
}

// publicError is an error that says how to answer.
type publicError interface {
	error
	HTTPStatus() int
	Public() string
}

var _ publicError = (*Error)(nil)
