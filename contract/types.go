package contract

import (
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// types are the JSON types that a schema may accept, as far as its own and its
// subschemas' "type" say.
type types struct {
	array, object, text, number, integer, boolean bool
}

var anyType = types{text: true, number: true, integer: true, boolean: true}

// typesOf gathers the types of a schema. A schema that says nothing accepts
// any scalar: text on the wire is only an array or object where that is said.
func typesOf(v *openapi3.Schema) types {
	if v == nil {
		return anyType
	}
	if v.Type != nil {
		return types{
			array: v.Type.Includes("array"), object: v.Type.Includes("object"), text: v.Type.Includes("string"),
			number: v.Type.Includes("number"), integer: v.Type.Includes("integer"), boolean: v.Type.Includes("boolean"),
		}
	}
	for _, ref := range v.AllOf {
		if t := typesOf(ref.Value); t != anyType {
			return t
		}
	}
	var union types
	for _, ref := range append(append(openapi3.SchemaRefs(nil), v.OneOf...), v.AnyOf...) {
		t := typesOf(ref.Value)
		union = types{
			array: union.array || t.array, object: union.object || t.object, text: union.text || t.text,
			number: union.number || t.number, integer: union.integer || t.integer, boolean: union.boolean || t.boolean,
		}
	}
	if union != (types{}) {
		return union
	}
	if len(v.Properties) > 0 {
		return types{object: true}
	}
	return anyType
}

// isNumber reports whether text is a JSON number.
func isNumber(text string) bool {
	if text == "" || strings.TrimSpace(text) != text {
		return false
	}
	c := text[0]
	return (c == '-' || c >= '0' && c <= '9') && json.Valid([]byte(text))
}
