package contract

import (
	"io"
	"net/http"
)

// Request is a request as it stood on the wire. The contract keeps no
// reference to it after a check.
type Request struct {
	// Method is the HTTP method, upper case.
	Method string
	// Target is the raw request target: path and, after "?", the query,
	// exactly as sent.
	Target string
	// Header holds the request's headers with canonical names.
	Header http.Header
	// Body is the whole body. Callers read it with a limit; a body beyond the
	// limit is not checked but given with Oversize set.
	Body []byte
	// BodyReader brings what follows Body; nil when Body is all. The check reads
	// it, to its end or to the limits, and does not close it: a deadline is the
	// caller's. A multipart body is checked while it is read and not held, up to
	// Config.MaxStreamBytes; any other is read up to Config.MaxBodyBytes.
	BodyReader io.Reader
	// Oversize says that the body was larger than the caller's limit, so that
	// Body is not the whole of it: the rest of the request is checked, the
	// result is accounted for as too large.
	Oversize bool
}

// Response is a response as it stood on the wire.
type Response struct {
	// Status is the status code.
	Status int
	// Header holds the response's headers with canonical names.
	Header http.Header
	// Body is the whole body, as in Request.
	Body []byte
	// BodyReader is as in Request.
	BodyReader io.Reader
	// Oversize is as in Request.
	Oversize bool
}
