package contract

import (
	"errors"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// flatten2020 turns an error of the validator for OpenAPI 3.1 into faults; it
// returns false for one of another validator. That validator names keywords,
// not schemas: the site finds them by the pointer.
func (w *kinFaults) flatten2020(e *openapi3.SchemaError, base string) bool {
	if e.Schema != nil {
		return false
	}
	switch e.SchemaField {
	case "anyOf", "oneOf", "not", "contains", "minContains", "propertyNames":
		w.faults = append(w.faults, w.leaf(e, base)) // its causes are those of alternatives
		return true
	}
	inner := causes(e.Origin)
	if len(inner) == 0 {
		w.leaves(e, base)
		return true
	}
	for _, err := range inner {
		w.flatten(err, base)
	}
	return true
}

func (w *kinFaults) leaf(e *openapi3.SchemaError, base string) fault {
	at := base + joinPointer(e.JSONPointer())
	return fault{rule: keywordRule(e.SchemaField), pointer: at, value: at, keyword: e.SchemaField}
}

// leaves records an error without causes: one fault for each name it is about.
func (w *kinFaults) leaves(e *openapi3.SchemaError, base string) {
	f := w.leaf(e, base)
	var names []string
	if found, ok := errors.AsType[*jsonschema.ValidationError](e); ok {
		switch k := found.ErrorKind.(type) {
		case *kind.Required:
			names = k.Missing
		case *kind.DependentRequired:
			f.rule, f.keyword, names = RuleRequired, "dependentRequired", k.Missing
		case *kind.AdditionalProperties:
			names = k.Properties
		case *kind.FalseSchema:
			f.rule, f.keyword = RuleType, "boolean"
		case *kind.Type:
			if k.Got == "null" {
				f.rule, f.message = RuleNull, wording(nil, "nullable", "")
			}
		}
	}
	if names == nil {
		w.faults = append(w.faults, f)
	}
	for _, name := range names {
		one := f
		one.item = name
		if f.rule == RulePropertyForbidden {
			one.pointer += joinPointer([]string{name})
		}
		w.faults = append(w.faults, one)
	}
}
