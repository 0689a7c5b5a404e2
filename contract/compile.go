package contract

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/route"
)

// compile prepares every operation of the document.
func (c *Contract) compile(root *file) error {
	c.rules = make(map[Rule]RuleInfo)
	for _, info := range Rules() {
		c.rules[info.Rule] = info
	}
	c.schemas = newSchemas(c.doc.IsOpenAPI31OrLater())
	c.programs = newPrograms(c)
	c.byID = make(map[string]*operation)
	c.callbacks = make(map[string]*operation)
	if err := c.learnComponents(); err != nil {
		return err
	}
	top := &scope{place: Position{Document: c.document}}
	doc, err := top.within(c.doc.Extensions, nil)
	if err != nil {
		return err
	}
	if err := c.compilePaths(root, doc); err != nil {
		return err
	}
	if err := c.compileCallbacks(doc); err != nil {
		return err
	}
	c.optionsIn, c.optionsOut = c.kinOptions(true), c.kinOptions(false)
	if err := c.buildRoutes(); err != nil {
		return err
	}
	c.securityHeaders = headersOf(c.doc)
	c.forget()
	return nil
}

// forget drops what only loading needs, most of all the document itself: the
// checks know the parts of it that they use.
func (c *Contract) forget() {
	c.doc, c.sources, c.programs, c.places = nil, nil, nil, nil
	s := c.schemas
	s.state = nil
	maps.DeleteFunc(s.evidence, func(_ *openapi3.Schema, e *Evidence) bool { return e == nil })
	maps.DeleteFunc(s.refs, func(_ *openapi3.SchemaRef, e *Evidence) bool { return e == nil })
	s.evidence, s.refs = maps.Clone(s.evidence), maps.Clone(s.refs)
}

// learnComponents also looks at schemas that no operation uses, so that a
// mistake in them is found when the document is loaded.
func (c *Contract) learnComponents() error {
	if c.doc.Components == nil {
		return nil
	}
	for _, ref := range sorted(c.doc.Components.Schemas) {
		if err := c.schemas.learn(ref); err != nil {
			return err
		}
	}
	return nil
}

// compilePaths compiles the operations in the order of the document.
func (c *Contract) compilePaths(root *file, up *scope) error {
	items := c.doc.Paths.Map()
	paths := child(root.root, "paths")
	for i := 0; paths != nil && i+1 < len(paths.Content); i += 2 {
		template := paths.Content[i].Value
		item := items[template]
		if item == nil {
			continue
		}
		at, err := up.within(item.Extensions, item.Origin)
		if err != nil {
			return err
		}
		if at.place.Document == c.document || at.place.Document == "" {
			at.place = Position{Document: c.document, Line: paths.Content[i].Line}
		}
		for _, m := range methodsOf(item) {
			op, err := c.compileOperation(m.name, template, item, m.op, at)
			if err != nil {
				return err
			}
			if other := c.byID[op.public.ID]; other != nil {
				return &LoadError{Position: op.public.Position, Problem: fmt.Sprintf("operationId %q is also that of %s", op.public.ID, other.public.Position), Remedy: "give each operation its own"}
			}
			c.byID[op.public.ID] = op
			c.ops = append(c.ops, op)
			c.sources = append(c.sources, m.op)
			c.operations = append(c.operations, op.public)
		}
	}
	return nil
}

type namedOperation struct {
	name string
	op   *openapi3.Operation
}

// methodsOf are the operations of a path item in the order of the document.
func methodsOf(item *openapi3.PathItem) []namedOperation {
	var out []namedOperation
	for name, op := range item.Operations() {
		out = append(out, namedOperation{strings.ToUpper(name), op})
	}
	slices.SortFunc(out, func(a, b namedOperation) int {
		return cmp.Or(cmp.Compare(place(a.op.Origin).Line, place(b.op.Origin).Line), cmp.Compare(a.name, b.name))
	})
	return out
}

// compileCallbacks compiles what the operations' callback objects and the
// document's webhooks declare.
func (c *Contract) compileCallbacks(up *scope) error {
	add := func(item *openapi3.PathItem, expression string, refs func(id string)) error {
		if item == nil {
			return nil
		}
		at, err := up.within(item.Extensions, item.Origin)
		if err != nil {
			return err
		}
		for _, m := range methodsOf(item) {
			op, err := c.compileOperation(m.name, expression, item, m.op, at)
			if err != nil {
				return err
			}
			if refs != nil {
				refs(op.public.ID)
			}
			if c.callbacks[op.public.ID] == nil {
				c.callbacks[op.public.ID] = op
			}
		}
		return nil
	}
	for i, op := range c.ops {
		for _, name := range sortedKeys(c.sources[i].Callbacks) {
			callback := c.sources[i].Callbacks[name].Value
			for _, expression := range sortedKeys(callback.Map()) {
				err := add(callback.Value(expression), expression, func(id string) {
					op.public.Callbacks = append(op.public.Callbacks, CallbackRef{Name: name, Expression: expression, OperationID: id})
				})
				if err != nil {
					return err
				}
			}
		}
	}
	for _, name := range sortedKeys(c.doc.Webhooks) {
		if err := add(c.doc.Webhooks[name], name, nil); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// buildRoutes makes the trie, and names both places when two routes conflict.
func (c *Contract) buildRoutes() error {
	routes := make([]route.Route, len(c.operations))
	for i, op := range c.operations {
		routes[i] = route.Route{Method: op.Method, Template: op.Path, Rest: c.restParameter(op)}
	}
	trie, err := route.New(routes)
	if conflict, ok := errors.AsType[*route.Conflict](err); ok {
		a, b := c.operations[conflict.First], c.operations[conflict.Second]
		return &LoadError{Position: b.Position, Problem: fmt.Sprintf("%s %s conflicts with %s %s at %s: %s", b.Method, b.Path, a.Method, a.Path, a.Position, conflict.Why), Remedy: "keep one of them"}
	}
	if invalid, ok := errors.AsType[*route.Invalid](err); ok {
		return &LoadError{Position: c.operations[invalid.Index].Position, Problem: invalid.Err.Error(), Remedy: "correct the path"}
	}
	c.routes = trie
	return nil
}
