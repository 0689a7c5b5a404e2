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
	found, ok := errors.AsType[*jsonschema.ValidationError](e)
	if ok {
		w.validation(found, base)
	}
	return ok
}

func (w *kinFaults) validation(e *jsonschema.ValidationError, base string) {
	at := base + joinPointer(e.InstanceLocation)
	f := fault{pointer: at, value: at}
	if path := e.ErrorKind.KeywordPath(); len(path) > 0 {
		f.keyword = path[0]
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		for _, cause := range e.Causes {
			w.validation(cause, base)
		}
		return
	case *kind.Required:
		w.perName(f, k.Missing, false)
		return
	case *kind.DependentRequired:
		w.perName(f, k.Missing, false)
		return
	case *kind.AdditionalProperties:
		w.perName(f, k.Properties, true)
		return
	case *kind.FalseSchema:
		f.keyword = "boolean"
	case *kind.Type:
		if k.Got == "null" {
			f.rule, f.message = RuleNull, wording(nil, "nullable", "")
		}
	}
	w.faults = append(w.faults, f)
}

// perName records one fault for each of several names.
func (w *kinFaults) perName(f fault, names []string, inPointer bool) {
	for _, name := range names {
		one := f
		one.item = name
		if inPointer {
			one.pointer += joinPointer([]string{name})
		}
		w.faults = append(w.faults, one)
	}
}
