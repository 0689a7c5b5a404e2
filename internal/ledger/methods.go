package ledger

// Methods are the Go methods of the operations.
type Methods struct {
	// Client are the methods with the directive of an operation, by operationId.
	Client map[string][]string
	// Server are the generated methods by contract and by method and path, such
	// as "POST /messages".
	Server map[string]map[string]string
	// Mount are the functions of the package server that mount a contract.
	Mount map[string]string
}
