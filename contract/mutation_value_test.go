package contract_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract"
)

// keywordBreaker knows how to break one keyword.
type keywordBreaker struct {
	name   string
	rule   contract.Rule
	states func(*openapi3.Schema) bool
	// values break the keyword, made of a value that keeps it.
	values func(s *openapi3.Schema, v any) []any
}

// notInText are the facts that no text can break.
func (k keywordBreaker) notInText(s *openapi3.Schema) bool {
	return k.name == "null" || k.name == "type" && s.Type.Is("string")
}

func number(text string) json.Number { return json.Number(text) }

func typed(s *openapi3.Schema) bool { return s.Type != nil && len(*s.Type) > 0 }

var keywordBreakers = []keywordBreaker{
	{"type", contract.RuleType, typed, otherTypes},
	{"null", contract.RuleNull, func(s *openapi3.Schema) bool { return typed(s) && !s.Nullable && !s.Type.Includes("null") }, func(*openapi3.Schema, any) []any { return []any{nil} }},
	{"enum", contract.RuleEnum, func(s *openapi3.Schema) bool { return len(s.Enum) > 0 }, notListed},
	{"format", contract.RuleFormat, func(s *openapi3.Schema) bool { return s.Format != "" }, notFormatted},
	{"pattern", contract.RulePattern, func(s *openapi3.Schema) bool { return s.Pattern != "" }, notMatching},
	{"minLength", contract.RuleMinLength, func(s *openapi3.Schema) bool { return s.MinLength > 0 }, tooShort},
	{"maxLength", contract.RuleMaxLength, func(s *openapi3.Schema) bool { return s.MaxLength != nil }, tooLong},
	{"minimum", contract.RuleMinimum, func(s *openapi3.Schema) bool { return s.Min != nil }, func(s *openapi3.Schema, _ any) []any { return []any{number(fmt.Sprint(*s.Min - 1))} }},
	{"maximum", contract.RuleMaximum, func(s *openapi3.Schema) bool { return s.Max != nil }, func(s *openapi3.Schema, _ any) []any { return []any{number(fmt.Sprint(*s.Max + 1))} }},
	{"minItems", contract.RuleMinItems, func(s *openapi3.Schema) bool { return s.MinItems > 0 }, func(s *openapi3.Schema, v any) []any { return []any{repeated(s, v, int(s.MinItems)-1)} }},
	{"maxItems", contract.RuleMaxItems, func(s *openapi3.Schema) bool { return s.MaxItems != nil }, func(s *openapi3.Schema, v any) []any { return []any{repeated(s, v, int(*s.MaxItems)+1)} }},
}

// unknownKeywords are those that the contracts do not have, so that none of
// them is passed over when one is added.
func unknownKeywords(s *openapi3.Schema) (out []string) {
	for name, is := range map[string]bool{
		"not": s.Not != nil, "multipleOf": s.MultipleOf != nil, "uniqueItems": s.UniqueItems,
		"minProperties": s.MinProps > 0, "maxProperties": s.MaxProps != nil,
		"readOnly": s.ReadOnly, "writeOnly": s.WriteOnly,
		"exclusiveMinimum": s.ExclusiveMin.Value != nil || s.ExclusiveMin.Bool != nil,
		"exclusiveMaximum": s.ExclusiveMax.Value != nil || s.ExclusiveMax.Bool != nil,
	} {
		if is {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// otherTypes are values of the types that a schema does not permit.
func otherTypes(s *openapi3.Schema, _ any) (out []any) {
	for name, v := range map[string]any{"boolean": true, "number": number("1.5"), "string": "zz", "array": []any{}, "object": map[string]any{}} {
		if !s.Type.Includes(name) {
			out = append(out, v)
		}
	}
	return out
}

func notListed(s *openapi3.Schema, _ any) []any {
	switch s.Enum[0].(type) {
	case string:
		return []any{"zz-not-listed"}
	case bool:
		return []any{!s.Enum[0].(bool)}
	default:
		return []any{number("987654321")}
	}
}

// notFormatted are values that the formats of the contracts do not take.
func notFormatted(s *openapi3.Schema, _ any) []any {
	switch s.Format {
	case "int64":
		return []any{number("9223372036854775808")}
	case "double":
		return []any{number("1e400")}
	case "date-time":
		return []any{"yesterday", "2024-13-01T00:00:00Z", "2024-01-01 00:00"}
	case "email":
		return []any{"nobody", "a@", "@b.example"}
	case "uri":
		return []any{"not a uri", "/relative", "https://h.example/%zz"}
	default:
		return nil
	}
}

func notMatching(s *openapi3.Schema, v any) (out []any) {
	text, _ := v.(string)
	re := regexp.MustCompile(s.Pattern)
	for _, c := range []string{"zz", "", " ", strings.Repeat("z", len(text)), text + "z"} {
		if !re.MatchString(c) && len(c) >= int(s.MinLength) && (s.MaxLength == nil || len(c) <= int(*s.MaxLength)) {
			out = append(out, c)
		}
	}
	return out
}

func tooShort(s *openapi3.Schema, v any) []any {
	text, _ := v.(string)
	return []any{text[:min(len(text), int(s.MinLength)-1)]}
}

// tooLong are longer texts of the same kind: a URI, an address and a time stay
// what they are.
func tooLong(s *openapi3.Schema, v any) (out []any) {
	text, _ := v.(string)
	missing := int(*s.MaxLength) + 1 - len([]rune(text))
	last := "a"
	if text != "" {
		last = text[len(text)-1:]
	}
	switch s.Format {
	case "email":
		return []any{"a@" + strings.Repeat(strings.Repeat("a", 62)+".", (int(*s.MaxLength))/63+1) + "example"}
	case "date-time":
		return []any{strings.TrimSuffix(text, "Z") + fraction(text) + strings.Repeat("0", missing) + "Z"}
	default:
		return []any{text + strings.Repeat(last, missing)}
	}
}

// fraction begins the fraction of a second where a time has none.
func fraction(text string) string {
	if strings.Contains(text, ".") {
		return ""
	}
	return "."
}

// repeated is an array with so many of its first item.
func repeated(s *openapi3.Schema, v any, count int) any {
	var item any
	if list, _ := v.([]any); len(list) > 0 {
		item = list[0]
	} else if s.Items != nil {
		item = sample(s.Items.Value)
	}
	out := make([]any, count)
	for i := range out {
		out[i] = item
	}
	return out
}

// sample is a value that a schema permits: its example, or the least.
func sample(s *openapi3.Schema) any {
	if s.Example != nil {
		return normalised(s.Example)
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	if len(s.AllOf) > 0 {
		return sampleAll(s.AllOf)
	}
	for _, parts := range []openapi3.SchemaRefs{s.AnyOf, s.OneOf} {
		if !typed(s) && len(parts) > 0 {
			return sample(parts[0].Value)
		}
	}
	switch {
	case s.Type.Is("integer"), s.Type.Is("number"):
		return number("1")
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("array"):
		return []any{sample(s.Items.Value)}
	case s.Type.Is("object"):
		out := map[string]any{}
		for _, name := range s.Required {
			out[name] = sample(s.Properties[name].Value)
		}
		return out
	case s.Type.Is("string") && s.Format == "date-time":
		return "2024-01-01T00:00:00Z"
	default:
		return "1"
	}
}

// sampleAll is a sample of the first schema, with what the others require of
// it: the first branch of an anyOf, too.
func sampleAll(parts openapi3.SchemaRefs) any {
	first := parts[0].Value
	object, ok := sample(first).(map[string]any)
	if !ok {
		return sample(first)
	}
	var names []string
	for _, part := range parts {
		names = append(names, part.Value.Required...)
		if len(part.Value.AnyOf) > 0 {
			names = append(names, part.Value.AnyOf[0].Value.Required...)
		}
	}
	for _, name := range names {
		if p := first.Properties[name]; p != nil && object[name] == nil {
			object[name] = sample(p.Value)
		}
	}
	return object
}

// exampleOf is the example of a parameter or header, else one of its schema.
func exampleOf(p *openapi3.Parameter) any {
	if p.Example != nil {
		return normalised(p.Example)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Examples)) {
		return normalised(p.Examples[name].Value.Value)
	}
	return sample(p.Schema.Value)
}

// normalised is a value of the document as it is read from JSON.
func normalised(v any) any {
	text, err := encodeExactly(v)
	if err != nil {
		return v
	}
	out, err := decodeExactly(text)
	if err != nil {
		return v
	}
	return out
}

// plain is a value with its numbers as kin-openapi takes them.
func plain(v any) any {
	var out any
	text, err := encodeExactly(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		return v
	}
	return out
}

// textOf is a value as a parameter has it.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any, map[string]any:
		return "zz,zz" // no array and no object is one value
	default:
		return fmt.Sprint(v)
	}
}
