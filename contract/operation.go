package contract

// Operation is a method and a path template of a contract.
type Operation struct {
	// ID is the operationId. An operation without one gets "METHOD template".
	ID string
	// Method is the HTTP method, upper case.
	Method string
	// Path is the path template, such as "/api/v2/conversations/{id}/".
	Path string
	// Contract is the name of the document it came from.
	Contract string
	// Evidence is the operation's x-evidence; zero without one.
	Evidence Evidence
	// Position is the operation's place in the document.
	Position Position
	// Callbacks are the callbacks that the operation declares.
	Callbacks []CallbackRef
	// Fallback says what of the operation is not compiled and left to
	// kin-openapi, which is slower and less exact: the part, the keyword in
	// the way, why, and where the document says it. Empty when all is compiled.
	Fallback []string
}

// CallbackRef is a callback that an operation declares.
type CallbackRef struct {
	// Name is the callback's name in the document, such as "answer".
	Name string
	// Expression is the runtime expression of its URL, such as
	// "{$request.body#/send_response_url}".
	Expression string
	// OperationID is the operationId of the callback operation, which the
	// callbacks contract declares under the same id.
	OperationID string
}
