package contract

import (
	"errors"
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"
)

// place is the beginning of an element of a document.
func place(origin *openapi3.Origin) Position {
	if origin == nil || origin.Key == nil {
		return Position{}
	}
	return Position{Document: origin.Key.File, Line: origin.Key.Line}
}

// keywordPlace is the place of a keyword of a schema, of the item called item
// where the keyword has a list, else of the schema.
func keywordPlace(s *openapi3.Schema, keyword, item string) Position {
	if s == nil || s.Origin == nil {
		return Position{}
	}
	items := s.Origin.Sequences[keyword]
	for _, at := range items {
		if item != "" && at.Name == item {
			return Position{Document: at.File, Line: at.Line}
		}
	}
	if at, ok := s.Origin.Fields.Lookup(keyword); ok {
		return Position{Document: at.File, Line: at.Line}
	}
	if len(items) > 0 {
		return Position{Document: items[0].File, Line: items[0].Line}
	}
	return place(s.Origin)
}

// originOf finds the origin that an error of kin-openapi's validation carries
// in a field, in whichever of its many types.
func originOf(err error) *openapi3.Origin {
	var found *openapi3.Origin
	for ; err != nil; err = errors.Unwrap(err) {
		if many, ok := err.(openapi3.MultiError); ok && len(many) > 0 {
			err = many[0]
		}
		v := reflect.ValueOf(err)
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			continue
		}
		field := v.FieldByName("Origin")
		if !field.IsValid() {
			continue
		}
		if origin, ok := field.Interface().(*openapi3.Origin); ok && origin != nil {
			found = origin // the innermost is the most exact
		}
	}
	return found
}
