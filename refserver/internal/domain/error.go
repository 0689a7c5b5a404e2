package domain

import "errors"

// Code classes an Error. The wire formats translate it into a status.
type Code string

// The codes.
const (
	// CodeInvalid is input that can never be accepted as it is.
	CodeInvalid Code = "invalid"
	// CodeUnauthorized is a missing, unknown or revoked API key.
	CodeUnauthorized Code = "unauthorized"
	// CodeForbidden is a reference to an object of another account, or a read
	// that does not repeat the service type of the message.
	CodeForbidden Code = "forbidden"
	// CodeNotFound is a reference to an object that does not exist, where a
	// wire format tells that apart from invalid input.
	CodeNotFound Code = "not-found"
)

// Error is a rule that the caller broke. Message is written for the caller and
// names the parameter; it never holds a key or the text of a message.
type Error struct {
	Code    Code
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// ErrorCode returns the code of the first Error in err's tree, or "" when
// there is none, which means that the failure is the server's own.
func ErrorCode(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func invalid(message string) error   { return &Error{Code: CodeInvalid, Message: message} }
func forbidden(message string) error { return &Error{Code: CodeForbidden, Message: message} }
func notFound(message string) error  { return &Error{Code: CodeNotFound, Message: message} }
