package program

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program/number"
	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// enumRule is one enum keyword, or a const, which is an enum of one.
type enumRule struct {
	fact          *Fact
	null, yes, no bool
	strings       names
	numbers       []number.Decimal
	trees         []digest
}

// enums compiles the enum and const keywords.
func (c *compilation) enums(e elem, r *simpleRules) error {
	if e.s.Enum != nil {
		rule, err := c.enum(e.s, "enum", KindEnum, e.s.Enum)
		if err != nil {
			return err
		}
		r.enums = append(r.enums, rule)
	}
	if hasConst(e.s) {
		rule, err := c.enum(e.s, "const", KindEnum, []any{c.constant(e.s)})
		if err != nil {
			return err
		}
		r.enums = append(r.enums, rule)
	}
	return nil
}

// hasConst reports whether the schema has a const. A const of null is told
// from none by the document's positions, when they were kept.
func hasConst(s *openapi3.Schema) bool {
	if s.Const != nil || s.Origin == nil {
		return s.Const != nil
	}
	_, ok := s.Origin.Fields.Lookup("const")
	return ok
}

// constant is the value of a const, a number as the document has it when the
// options can tell.
func (c *compilation) constant(s *openapi3.Schema) any {
	if _, ok := s.Const.(float64); ok && c.options.Literal != nil {
		if text := c.options.Literal(s, "const"); isNumber(text) {
			return json.Number(text)
		}
	}
	return s.Const
}

type enumKey struct {
	s       *openapi3.Schema
	keyword string
}

// enum compiles a list of values once for all kinds of value.
func (c *compilation) enum(s *openapi3.Schema, keyword string, kind Kind, values []any) (*enumRule, error) {
	if r, ok := c.enumRules[enumKey{s, keyword}]; ok {
		return r, nil
	}
	r := &enumRule{}
	var expected, keys []string
	seen := map[string]bool{}
	for _, v := range values {
		if lossy(v) {
			return nil, c.unsupported(s, keyword, lostDigits)
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, c.unsupported(s, keyword, fmt.Sprintf("value of type %T is not JSON", v))
		}
		expected = append(expected, string(text))
		switch text[0] {
		case 'n':
			r.null = true
		case 't':
			r.yes = true
		case 'f':
			r.no = true
		case '"':
			key := string(scan.AppendUnescaped(nil, text[1:len(text)-1]))
			if !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		case '{', '[':
			_, d := digestOf(text, 0)
			if d.unknown {
				return nil, c.unsupported(s, keyword, "exponent is too large")
			}
			r.trees = append(r.trees, d)
		default:
			d, ok := number.Parse(text)
			if !ok {
				return nil, c.unsupported(s, keyword, "exponent is too large")
			}
			r.numbers = append(r.numbers, d)
		}
	}
	r.strings = newNames(keys)
	r.fact = c.fact(s, keyword, kind, expected...)
	c.enumRules[enumKey{s, keyword}] = r
	return r, nil
}

// lossy reports whether a value holds a number whose digits were lost.
func lossy(v any) bool {
	switch v := v.(type) {
	case float64:
		_, known := shortest(v)
		return !known
	case []any:
		return slices.ContainsFunc(v, lossy)
	case map[string]any:
		for _, member := range v {
			if lossy(member) {
				return true
			}
		}
	}
	return false
}

// hasLiteral reports whether true, false or null is one of the values.
func (e *enumRule) hasLiteral(word string) bool {
	switch word {
	case "true":
		return e.yes
	case "false":
		return e.no
	default:
		return e.null
	}
}

// hasNumber reports whether a number is one of the values.
func (e *enumRule) hasNumber(d *number.Decimal) bool {
	for i := range e.numbers {
		if d.Compare(&e.numbers[i]) == 0 {
			return true
		}
	}
	return false
}

// enumTrees checks an array or object that stands from start to the position.
func (m *machine) enumTrees(enums []*enumRule, start int) bool {
	var d digest
	for i, e := range enums {
		if i == 0 {
			if _, d = digestOf(m.body, start); d.unknown {
				return m.undecided(factNumber, start)
			}
		}
		if !e.hasTree(d) && !m.fail(e.fact, start) {
			return false
		}
	}
	return true
}

func (e *enumRule) hasTree(d digest) bool {
	for _, t := range e.trees {
		if t == d {
			return true
		}
	}
	return false
}
