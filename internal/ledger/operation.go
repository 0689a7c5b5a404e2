package ledger

import (
	"fmt"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// Operation is one line of the ledger.
type Operation struct {
	Contract string `json:"contract"`
	ID       string `json:"id"`
	Method   string `json:"method"`
	Path     string `json:"path"`
	Grade    string `json:"grade"`
	// Page is the page of the documentation it was read on.
	Page string `json:"page"`
	// Inbound says that the vendor calls it on the integration.
	Inbound bool `json:"inbound"`
	// Success and Errors count responses with a body and those of them with an
	// example.
	Success Share `json:"success"`
	Errors  Share `json:"errors"`
	// Fields counts the documented fields listed for it.
	Fields int `json:"fields"`
	// Client are the client methods that call it, none for inbound ones.
	Client []string `json:"client,omitempty"`
	// Server is the generated method that serves it, and Mount the function
	// that mounts it; empty for none.
	Server string `json:"server,omitempty"`
	Mount  string `json:"mount,omitempty"`

	at place
}

// Share is how many of a number have what they should.
type Share struct {
	Have int `json:"have"`
	Of   int `json:"of"`
}

// String is such as "2/3".
func (s Share) String() string { return fmt.Sprintf("%d/%d", s.Have, s.Of) }

// where names the operation in holes.
func (o *Operation) where() string { return o.Contract + " " + o.ID }

// verbs are the members of a path that are operations.
var verbs = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// operations finds all operations of the contracts, and callbacks that are
// declared inside an operation and not in a contract of their own.
func (b *balance) operations() {
	for _, name := range b.Contracts {
		root := place{name + ".yaml", b.docs[name+".yaml"]}
		paths := b.docs.member(root, "paths")
		if paths.node == nil {
			continue
		}
		members(paths.node, func(path string, _ *yaml.Node) {
			b.pathOperations(name, path, b.docs.member(paths, path))
		})
	}
	for i := 0; i < len(b.ledger.Operations); i++ { // grows while it is walked
		op := b.ledger.Operations[i]
		callbacks := b.docs.member(op.at, "callbacks")
		if callbacks.node == nil {
			continue
		}
		members(callbacks.node, func(name string, _ *yaml.Node) {
			expressions := b.docs.member(callbacks, name)
			if expressions.node == nil {
				return
			}
			members(expressions.node, func(expression string, _ *yaml.Node) {
				if strings.HasPrefix(expression, "x-") {
					return
				}
				b.pathOperations(op.Contract, expression, b.docs.member(expressions, expression))
			})
		})
	}
}

// pathOperations adds the operations of one path that are not there yet.
func (b *balance) pathOperations(contract, path string, item place) {
	if item.node == nil {
		return
	}
	for _, verb := range verbs {
		at := b.docs.member(item, verb)
		if at.node == nil || b.seen[at.node] {
			continue
		}
		b.seen[at.node] = true
		op := &Operation{
			Contract: contract, ID: text(at.node, "operationId"), Method: strings.ToUpper(verb), Path: path,
			Grade: text(at.node, "x-evidence", "grade"), Page: text(at.node, "x-evidence", "source", "page"),
			Inbound: b.inbound(contract) || strings.Contains(path, "{$"), at: at,
		}
		if op.ID == "" || b.byID[op.ID] != nil {
			b.hole(KindOperationID, contract+" "+op.Method+" "+path, "give it an operationId of its own")
			continue
		}
		b.byID[op.ID] = op
		b.ledger.Operations = append(b.ledger.Operations, op)
	}
}

// checkOperation looks for everything that one operation must have.
func (b *balance) checkOperation(op *Operation) {
	if op.Page == "" {
		b.hole(KindSource, op.where(), "x-evidence names no source page")
	}
	if op.Grade == "" {
		b.hole(KindGrade, op.where(), "x-evidence has no grade")
	}
	b.checkExamples(op)
	b.checkMethods(op)
	b.checkExpressions(op)
}

// checkExamples looks at the request body and every response.
func (b *balance) checkExamples(op *Operation) {
	if s := b.examples(b.docs.member(op.at, "requestBody")); s.Have < s.Of {
		b.hole(KindRequestExample, op.where(), "")
	}
	responses := b.docs.member(op.at, "responses")
	success, errors := 0, 0
	if responses.node != nil {
		members(responses.node, func(status string, _ *yaml.Node) {
			s := b.examples(b.docs.member(responses, status))
			kind, sum := KindErrorExample, &op.Errors
			if strings.HasPrefix(status, "2") {
				kind, sum = KindSuccessExample, &op.Success
				success++
			} else {
				errors++
			}
			sum.Have, sum.Of = sum.Have+s.Have, sum.Of+s.Of
			if s.Have < s.Of {
				b.hole(kind, op.where()+" "+status, "")
			}
		})
	}
	if success == 0 {
		b.hole(KindSuccess, op.where(), "")
	}
	if errors == 0 && !op.Inbound {
		b.hole(KindError, op.where(), "")
	}
}

// examples counts the media types of a body and those with an example.
func (b *balance) examples(body place) Share {
	var s Share
	content := b.docs.member(body, "content")
	if body.node == nil || content.node == nil {
		return s
	}
	members(content.node, func(_ string, media *yaml.Node) {
		s.Of++
		examples := child(media, "examples")
		if child(media, "example") != nil || (examples != nil && len(examples.Content) > 0) {
			s.Have++
		}
	})
	return s
}

// checkMethods looks for who calls the operation and who serves it.
func (b *balance) checkMethods(op *Operation) {
	op.Client = b.Methods.Client[op.ID]
	if len(op.Client) == 0 && !op.Inbound {
		b.hole(KindClientMethod, op.where(), "no client method has the directive //contract:operation "+op.ID)
	}
	op.Server = b.Methods.Server[op.Contract][op.Method+" "+op.Path]
	if op.Server == "" {
		b.hole(KindServerMethod, op.where(), "")
	}
	op.Mount = b.Methods.Mount[op.Contract]
}
