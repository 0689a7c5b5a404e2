package contract

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/format"
)

// errFormat is all that a format check says: its text must not hold the value.
var errFormat = errors.New("wrong format")

// kinOptions are the options of every check by kin-openapi.
func (c *Contract) kinOptions(incoming bool) []openapi3.SchemaValidationOption {
	formats := make(map[string]openapi3.StringFormatValidator)
	for _, name := range format.Names() {
		formats[name] = openapi3.NewCallbackValidator(func(text string) error {
			if !format.Valid(name, text) {
				return errFormat
			}
			return nil
		})
	}
	integers := map[string]openapi3.IntegerFormatValidator{
		"int32": openapi3.NewRangeFormatValidator[int64](-1<<31, 1<<31-1),
		"int64": openapi3.NewRangeFormatValidator[int64](-1<<63, 1<<63-1),
	}
	options := []openapi3.SchemaValidationOption{
		openapi3.MultiErrors(),
		openapi3.WithStringFormatValidators(formats),
		openapi3.WithIntegerFormatValidators(integers),
		openapi3.SetSchemaRegexCompiler(func(pattern string) (openapi3.RegexMatcher, error) {
			if re := c.schemas.patterns[pattern]; re != nil {
				return re, nil
			}
			return nil, errors.New("pattern was not seen when the document was loaded")
		}),
	}
	if c.doc.IsOpenAPI31OrLater() {
		options = append(options, openapi3.EnableJSONSchema2020())
	} else {
		options = append(options, openapi3.DisableSchemaErrorDetails())
	}
	if incoming {
		return append(options, openapi3.VisitAsRequest())
	}
	return append(options, openapi3.VisitAsResponse())
}

// kinValue checks a decoded value against a site's schema.
func (c *Contract) kinValue(s *site, value any, incoming bool) []fault {
	if s.schema == nil || s.schema.Value == nil {
		return nil
	}
	options := c.optionsOut
	if incoming {
		options = c.optionsIn
	}
	w := &kinFaults{options: options, root: value}
	w.check(s.schema.Value, value, "")
	return w.faults
}

// again marks that the rest of a schema was checked apart, see kinFaults.rest.
type again struct {
	schema *openapi3.Schema
	at     string
}

// kinFaults turns the errors of kin-openapi into faults.
type kinFaults struct {
	options []openapi3.SchemaValidationOption
	root    any
	faults  []fault
	again   map[again]struct{}
	// copied and original name a schema whose copy is being checked.
	copied, original *openapi3.Schema
}

func (w *kinFaults) check(schema *openapi3.Schema, value any, base string) {
	if err := schema.VisitJSON(value, w.options...); err != nil {
		w.flatten(err, base)
	}
}

// flatten walks the tree of an error. base is where its paths begin.
func (w *kinFaults) flatten(err error, base string) {
	switch e := err.(type) {
	case nil:
	case openapi3.MultiError:
		for _, inner := range e {
			w.flatten(inner, base)
		}
	case *openapi3.SchemaError:
		if !w.flatten2020(e, base) {
			w.schemaError(e, base)
		}
	default:
		if inner := errors.Unwrap(err); inner != nil {
			w.flatten(inner, base)
			return
		}
		w.faults = append(w.faults, fault{rule: RuleAllOf, pointer: base, value: base, message: "does not fit the schema"})
	}
}

// schemaError turns one error of the validator for OpenAPI 3.0 into faults.
func (w *kinFaults) schemaError(e *openapi3.SchemaError, base string) {
	tokens := e.JSONPointer()
	f := fault{schema: e.Schema, keyword: e.SchemaField}
	if f.schema == w.copied && f.schema != nil {
		f.schema = w.original
	}
	if f.keyword == "required" && len(tokens) > 0 {
		f.item, tokens = tokens[len(tokens)-1], tokens[:len(tokens)-1]
	}
	f.value = base + joinPointer(tokens)
	f.pointer = f.value
	if f.keyword == "properties" {
		f.item = quotedIn(e.Reason)
		f.pointer += joinPointer([]string{f.item})
		f.keyword = "additionalProperties"
	}
	if w.inside(e, f.value, base) {
		return
	}
	f.rule = keywordRule(f.keyword)
	f.message = wording(f.schema, f.keyword, f.item)
	switch {
	case e.Value == nil && (f.keyword == "enum" || f.keyword == "type"):
		f.rule, f.message = RuleNull, wording(f.schema, "nullable", "")
	case f.keyword == "type" && beyondFloat(e.Value):
		f.message = "is a number too large to be checked"
	case f.keyword == "oneOf" && errors.Is(e.Origin, openapi3.ErrOneOfConflict):
		f.message = "fits more than one of the alternatives"
	}
	w.faults = append(w.faults, f)
	w.rest(e, f.value)
}

// beyondFloat reports a number that kin-openapi cannot hold: it calls that a
// wrong type.
func beyondFloat(value any) bool {
	n, ok := value.(json.Number)
	if !ok {
		return false
	}
	_, err := n.Float64()
	return err != nil
}

// inside reports an error that only stands for those within it: allOf, and a
// oneOf whose discriminator has chosen the alternative.
func (w *kinFaults) inside(e *openapi3.SchemaError, value, base string) bool {
	if e.Origin == nil {
		return false
	}
	inner := causes(e.Origin)
	switch {
	case e.SchemaField == "allOf" && len(inner) > 0:
	case e.SchemaField == "oneOf" && len(inner) == 1 && e.Schema.Discriminator != nil:
	default:
		return false
	}
	for _, err := range inner {
		w.flatten(err, base)
	}
	w.rest(e, value)
	return true
}

// causes are the errors that an error wraps.
func causes(err error) []error {
	for err != nil {
		if many, ok := err.(openapi3.MultiError); ok {
			return many
		}
		err = errors.Unwrap(err)
	}
	return nil
}

// rest checks what kin-openapi leaves out once a combination of schemas has
// failed: the keywords that come after it, by way of a copy of the schema
// without the combinations up to it.
func (w *kinFaults) rest(e *openapi3.SchemaError, at string) {
	if e.Schema == nil {
		return
	}
	left := *e.Schema
	switch e.SchemaField {
	case "not":
		left.Not = nil
	case "oneOf":
		left.Not, left.OneOf = nil, nil
	case "anyOf":
		left.Not, left.OneOf, left.AnyOf = nil, nil, nil
	case "discriminator":
		left.Not, left.OneOf, left.AnyOf, left.Discriminator = nil, nil, nil, nil
	case "allOf":
		left.Not, left.OneOf, left.AnyOf, left.AllOf = nil, nil, nil, nil
	default:
		return
	}
	original := e.Schema
	if original == w.copied {
		original = w.original
	}
	mark := again{original, at + " " + e.SchemaField}
	if _, done := w.again[mark]; done {
		return
	}
	if w.again == nil {
		w.again = make(map[again]struct{})
	}
	w.again[mark] = struct{}{}
	value, ok := valueAt(w.root, at)
	if !ok {
		return
	}
	copied, wasOriginal := w.copied, w.original
	w.copied, w.original = &left, original
	w.check(&left, value, at)
	w.copied, w.original = copied, wasOriginal
}

// valueAt is the value that a pointer made by joinPointer leads to.
func valueAt(value any, pointer string) (any, bool) {
	for _, token := range splitPointer(pointer) {
		switch v := value.(type) {
		case map[string]any:
			next, ok := v[token]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			i, ok := index(token)
			if !ok || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

func index(token string) (int, bool) {
	if token == "" || len(token) > 9 || strings.Trim(token, "0123456789") != "" {
		return 0, false
	}
	n := 0
	for _, c := range []byte(token) {
		n = n*10 + int(c-'0')
	}
	return n, true
}
