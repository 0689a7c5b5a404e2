package contract

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/route"
)

// Contract is one loaded OpenAPI document. It is immutable and safe for
// concurrent use.
type Contract struct {
	name     string
	document string
	config   Config

	// doc, sources, programs and places are there while the document is loaded.
	doc        *openapi3.T
	rules      map[Rule]RuleInfo
	schemas    *schemas
	operations []*Operation
	ops        []*operation
	sources    []*openapi3.Operation
	byID       map[string]*operation
	callbacks  map[string]*operation
	routes     *route.Trie
	optionsIn  []openapi3.SchemaValidationOption
	optionsOut []openapi3.SchemaValidationOption
	programs   *programs
	places     *placer
	// securityHeaders are the headers that carry credentials.
	securityHeaders []string
}

// Name is the document's name without its extension, such as "openapi-v2".
func (c *Contract) Name() string { return c.name }

// Operations are all operations in the order of the document. The slice is the
// caller's, what it points to is not to be changed.
func (c *Contract) Operations() []*Operation {
	return append([]*Operation(nil), c.operations...)
}

// Callbacks are the callback operations that the document declares inside its
// operations or as webhooks, by their ids. The slice is the caller's, what it
// points to is not to be changed.
func (c *Contract) Callbacks() []*Operation {
	out := make([]*Operation, 0, len(c.callbacks))
	for _, id := range sortedKeys(c.callbacks) {
		out = append(out, c.callbacks[id].public)
	}
	return out
}

// Operation is the operation with the given operationId, nil when there is
// none. Callback operations that the document declares inside an operation or
// as a webhook are found too.
func (c *Contract) Operation(id string) *Operation {
	if op := c.find(id); op != nil {
		return op.public
	}
	return nil
}

// find is the operation of an id; those of paths come before callbacks.
func (c *Contract) find(id string) *operation {
	if op := c.byID[id]; op != nil {
		return op
	}
	return c.callbacks[id]
}
