package contract

import (
	"io/fs"
)

// Contract is one loaded OpenAPI document. It is immutable and safe for
// concurrent use.
type Contract struct {
	name   string
	config Config
}

// Load reads the document called name, and the documents it refers to, from
// fsys. References to other hosts are refused. The error names the document,
// the line where it can be known, and what to do about it.
func Load(fsys fs.FS, name string, config Config) (*Contract, error) {
	return &Contract{name: name, config: config.withDefaults()}, nil
}

// LoadFile is Load for a file on disk; the document may refer to files in the
// same folder and below.
func LoadFile(path string, config Config) (*Contract, error) { return nil, nil }

// Name is the document's name without its extension, such as "openapi-v2".
func (c *Contract) Name() string { return c.name }

// Operations are all operations in the order of the document.
func (c *Contract) Operations() []*Operation { return nil }

// Operation is the operation with the given operationId, nil when there is
// none.
func (c *Contract) Operation(id string) *Operation { return nil }

// Match is the outcome of looking for the operation of a call.
type Match struct {
	// Operation is nil when none matched.
	Operation *Operation
	// Params are the path parameters, undecoded.
	Params []Param
	// Rule is empty for a clean match, RulePathTrailingSlash when only the
	// trailing slash differs (Operation is set), RulePathUnknown or
	// RuleMethodUnknown when none matched.
	Rule Rule
	// Allowed are the methods the path has, with RuleMethodUnknown.
	Allowed []string
}

// Match finds the operation of a method and a raw request target. Hosts and
// the document's servers are ignored. Literal segments beat templates. Its cost
// does not grow with the number of operations.
func (c *Contract) Match(method, target string) Match { return Match{} }

// CheckRequest checks a request against the operation it matches.
func (c *Contract) CheckRequest(r *Request) Result { return Result{} }

// CheckResponse checks the response to a request of the given operation.
func (c *Contract) CheckResponse(op *Operation, r *Response) Result { return Result{} }

// CheckCallback checks a request that a vendor made to a callback URL against
// the callback operation with the given operationId. The path of the request
// is not compared: callback URLs are the integrator's own.
func (c *Contract) CheckCallback(operationID string, r *Request) Result { return Result{} }

// CheckCallbackResponse checks the answer that was given to a callback.
func (c *Contract) CheckCallbackResponse(operationID string, r *Response) Result { return Result{} }

// RedactBody returns body with every value replaced that could be somebody's
// data, and the JSON Pointers of what was replaced. Strings become "redacted",
// numbers 0; booleans, nulls, enum values and the structure stay. A property
// marked x-sensitive: false in the document is kept too, one that is marked
// x-sensitive: true or is not declared is always replaced. ok is false when
// the body is not JSON the contract can walk: nothing of it may be kept then.
// status is 0 for a request.
func (c *Contract) RedactBody(op *Operation, status int, contentType string, body []byte) (redacted []byte, pointers []string, ok bool) {
	return nil, nil, false
}

// SecurityHeaders are the names of the headers that carry credentials in any
// operation of the contract, canonical, sorted.
func (c *Contract) SecurityHeaders() []string { return nil }
