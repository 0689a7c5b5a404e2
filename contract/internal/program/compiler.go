package program

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program/pattern"
)

// Dialect is the meaning of the schemas of a document.
type Dialect uint8

// The dialects. They differ in nullable alone: where one has a keyword that
// the other lacks, the keyword is honoured wherever it stands.
const (
	// OpenAPI30 knows nullable.
	OpenAPI30 Dialect = iota
	// OpenAPI31 is JSON Schema 2020-12, where nullable means nothing.
	OpenAPI31
)

// Error says why a schema cannot be compiled. Its operation must be checked by
// other means.
type Error struct {
	// Keyword is the schema keyword in the way.
	Keyword string
	// Reason says what about it cannot be compiled.
	Reason string
	// Schema is the schema object it stands in.
	Schema *openapi3.Schema
}

func (e *Error) Error() string { return fmt.Sprintf("compile %s: %s", e.Keyword, e.Reason) }

// maxNodes bounds the nodes of one compiler, since conjunctions of schemas
// multiply in contrived documents.
const maxNodes = 200_000

// Compiler compiles the schemas of one document. Schemas that programs share
// are compiled once. It is not safe for concurrent use; its programs are.
type Compiler struct {
	c *compilation
}

// NewCompiler makes a compiler for the schemas of one document.
func NewCompiler(options Options) *Compiler {
	return &Compiler{c: &compilation{
		options:   options.withDefaults(),
		nodes:     map[string]*node{},
		ids:       map[*openapi3.Schema]uint32{},
		facts:     map[factKey]*Fact{},
		patterns:  map[string]*pattern.Pattern{},
		enumRules: map[enumKey]*enumRule{},
		evals:     map[*openapi3.Schema]*evaluation{},
		visits:    map[*node]visit{},
		sound:     map[*node]bool{},
	}}
}

// Compile makes a program of a schema whose references are resolved. A nil
// reference accepts any JSON. The error is an *Error.
func (c *Compiler) Compile(ref *openapi3.SchemaRef) (*Program, error) {
	root := freeNode
	if ref != nil {
		e, err := c.c.elem(nil, "$ref", ref)
		if err != nil {
			return nil, err
		}
		if root, err = c.c.node([]elem{e}, false); err != nil {
			return nil, err
		}
		if err := c.c.grounded(root); err != nil {
			return nil, err
		}
	}
	o := c.c.options
	return &Program{root: root, maxDepth: o.MaxDepth, maxSteps: o.MaxSteps, maxSlow: slowMatches * o.MatchTimeout}, nil
}

// compilation is what a compiler knows.
type compilation struct {
	options   Options
	nodes     map[string]*node
	ids       map[*openapi3.Schema]uint32
	facts     map[factKey]*Fact
	patterns  map[string]*pattern.Pattern
	enumRules map[enumKey]*enumRule
	evals     map[*openapi3.Schema]*evaluation
	// visits and sound are what is known of cycles.
	visits map[*node]visit
	sound  map[*node]bool
}

// elem is one schema of a conjunction.
type elem struct {
	s     *openapi3.Schema
	flags elemFlags
}

type elemFlags uint8

const (
	// nullPasses means that null need not satisfy the schema.
	nullPasses elemFlags = 1 << iota
	// noAnyOf and noOneOf mean that the keyword is satisfied: a branch of it
	// is in the conjunction.
	noAnyOf
	noOneOf
	// noDispatch means that the discriminator told nothing.
	noDispatch
)

type factKey struct {
	s             *openapi3.Schema
	keyword, name string
	kind          Kind
}

// fact makes the fact that a keyword of a schema states.
func (c *compilation) fact(s *openapi3.Schema, keyword string, kind Kind, expected ...string) *Fact {
	return c.factNamed(s, keyword, "", kind, expected...)
}

// factNamed is fact for a keyword that states several, told apart by a name.
func (c *compilation) factNamed(s *openapi3.Schema, keyword, name string, kind Kind, expected ...string) *Fact {
	key := factKey{s, keyword, name, kind}
	if f, ok := c.facts[key]; ok {
		return f
	}
	f := &Fact{Kind: kind, Keyword: keyword, Schema: s, Expected: expected}
	c.facts[key] = f
	return f
}

func (c *compilation) unsupported(s *openapi3.Schema, keyword, reason string) error {
	return &Error{Keyword: keyword, Reason: reason, Schema: s}
}

// elem is the schema that a reference stands for.
func (c *compilation) elem(parent *openapi3.Schema, keyword string, ref *openapi3.SchemaRef) (elem, error) {
	if ref == nil || ref.Value == nil {
		name := ""
		if ref != nil {
			name = ref.Ref
		}
		return elem{}, c.unsupported(parent, keyword, fmt.Sprintf("reference %q is not resolved", name))
	}
	return elem{s: ref.Value}, nil
}

// expand adds to a conjunction what its schemas demand of the same value
// through allOf. Each schema occurs once.
func (c *compilation) expand(elems []elem) ([]elem, error) {
	var out []elem
	at := map[*openapi3.Schema]int{}
	var visit func(e elem) error
	visit = func(e elem) error {
		if err := c.check(e.s); err != nil {
			return err
		}
		if c.nullable(e.s) {
			e.flags |= nullPasses
		}
		if i, ok := at[e.s]; ok {
			old := out[i].flags
			out[i].flags = (old|e.flags)&^nullPasses | old&e.flags&nullPasses
			if out[i].flags&nullPasses == old&nullPasses {
				return nil
			}
			e = out[i]
		} else {
			at[e.s] = len(out)
			out = append(out, e)
		}
		for _, ref := range e.s.AllOf {
			child, err := c.elem(e.s, "allOf", ref)
			if err != nil {
				return err
			}
			child.flags = e.flags & nullPasses
			if err := visit(child); err != nil {
				return err
			}
		}
		return nil
	}
	for _, e := range elems {
		if err := visit(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// key names a conjunction, whatever the order of its schemas.
func (c *compilation) key(elems []elem, inPlace bool) string {
	words := make([]uint64, len(elems))
	for i, e := range elems {
		id, ok := c.ids[e.s]
		if !ok {
			id = uint32(len(c.ids) + 1)
			c.ids[e.s] = id
		}
		words[i] = uint64(id)<<8 | uint64(e.flags)
	}
	slices.Sort(words)
	out := make([]byte, 0, 8*len(words)+1)
	for _, w := range words {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	if inPlace {
		out = append(out, 1)
	}
	return string(out)
}

// node compiles a conjunction. inPlace is set for what looks at a value that
// another node reads too: the undeclared properties of an object are then the
// other's business.
func (c *compilation) node(elems []elem, inPlace bool) (*node, error) {
	elems, err := c.expand(elems)
	if err != nil {
		return nil, err
	}
	if len(elems) == 0 {
		return freeNode, nil
	}
	key := c.key(elems, inPlace)
	if n, ok := c.nodes[key]; ok {
		return n, nil
	}
	if len(c.nodes) >= maxNodes {
		return nil, c.unsupported(elems[0].s, "allOf", fmt.Sprintf("more than %d combinations of schemas", maxNodes))
	}
	n := &node{}
	c.nodes[key] = n
	if err := c.build(n, elems, inPlace); err != nil {
		delete(c.nodes, key)
		return nil, err
	}
	return n, nil
}

// build fills a node, kind by kind.
func (c *compilation) build(n *node, elems []elem, inPlace bool) error {
	if err := c.types(n, elems); err != nil {
		return err
	}
	steps := []struct {
		kind  types
		build func(*node, []elem, bool) error
	}{
		{tNull, c.buildNull}, {tBoolean, c.buildBoolean}, {tNumber, c.buildNumber},
		{tString, c.buildText}, {tArray, c.buildArray}, {tObject, c.buildObject},
	}
	for _, step := range steps {
		if n.types&step.kind == 0 {
			continue
		}
		narrow, err := c.narrowed(n, elems, step.kind)
		if err != nil {
			return err
		}
		if n.types&step.kind == 0 {
			continue
		}
		if err := step.build(n, narrow, inPlace); err != nil {
			return err
		}
	}
	return nil
}

// clampInt turns a count of a schema into one of ours.
func clampInt(n uint64) int {
	if n > math.MaxInt {
		return math.MaxInt
	}
	return int(n)
}

// sortedKeys are the keys of a map in order, so that what is made of a
// document does not depend on chance.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// unique drops repetitions.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// isNumber reports whether text is a JSON number.
func isNumber(text string) bool {
	return text != "" && strings.IndexByte("-0123456789", text[0]) >= 0 && numberEnd(text) == len(text)
}
