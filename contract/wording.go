package contract

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// keywordRules are the rules by the keyword that was broken.
func keywordRule(keyword string) Rule {
	switch keyword {
	case "type", "boolean":
		return RuleType
	case "nullable":
		return RuleNull
	case "required", "dependentRequired":
		return RuleRequired
	case "enum", "const":
		return RuleEnum
	case "format", "contentEncoding", "contentMediaType":
		return RuleFormat
	case "pattern":
		return RulePattern
	case "minLength":
		return RuleMinLength
	case "maxLength":
		return RuleMaxLength
	case "minimum", "exclusiveMinimum":
		return RuleMinimum
	case "maximum", "exclusiveMaximum":
		return RuleMaximum
	case "multipleOf":
		return RuleMultipleOf
	case "minItems", "minContains", "contains":
		return RuleMinItems
	case "maxItems", "maxContains":
		return RuleMaxItems
	case "uniqueItems":
		return RuleUniqueItems
	case "minProperties":
		return RuleMinProperties
	case "maxProperties":
		return RuleMaxProperties
	case "properties", "additionalProperties", "unevaluatedProperties", "propertyNames":
		return RulePropertyForbidden
	case "readOnly":
		return RuleReadOnly
	case "writeOnly":
		return RuleWriteOnly
	case "anyOf":
		return RuleAnyOf
	case "oneOf":
		return RuleOneOf
	case "not":
		return RuleNot
	case "discriminator":
		return RuleDiscriminator
	}
	return RuleAllOf
}

// wording says what a schema's keyword expects, without any value of the
// message. item is the property that "required" and "properties" are about.
func wording(v *openapi3.Schema, keyword, item string) string {
	switch keyword {
	case "required", "dependentRequired":
		return fmt.Sprintf("lacks the required property %q", short(item))
	case "properties", "additionalProperties", "unevaluatedProperties", "propertyNames":
		return "is a property that the contract does not allow here"
	case "nullable":
		return "must not be null"
	case "readOnly":
		return "is read-only and must not be sent"
	case "writeOnly":
		return "is write-only and must not be returned"
	case "boolean":
		return "is not allowed here"
	case "uniqueItems":
		return "has two equal items"
	case "not":
		return "fits what the contract excludes"
	}
	if v == nil {
		return fmt.Sprintf("does not satisfy %q", keyword)
	}
	return schemaWording(v, keyword)
}

func schemaWording(v *openapi3.Schema, keyword string) string {
	switch keyword {
	case "type":
		return "must be " + typeNames(v.Type.Slice())
	case "enum":
		return "must be " + oneOf(v.Enum)
	case "const":
		return "must be " + oneOf([]any{v.Const})
	case "format":
		return fmt.Sprintf("does not have the format %q", v.Format)
	case "pattern":
		return fmt.Sprintf("does not match the pattern %q", v.Pattern)
	case "minLength":
		return "is shorter than " + count(v.MinLength, "character")
	case "maxLength":
		return "is longer than " + counted(v.MaxLength, "character")
	case "minItems":
		return "has fewer than " + count(v.MinItems, "item")
	case "maxItems":
		return "has more than " + counted(v.MaxItems, "item")
	case "minProperties":
		return "has fewer than " + count(v.MinProps, "property")
	case "maxProperties":
		return "has more than " + counted(v.MaxProps, "property")
	case "contains", "minContains":
		return "has too few items of the kind it must contain"
	case "maxContains":
		return "has too many items of the kind it must contain"
	case "minimum":
		return "is less than " + number(v.Min)
	case "maximum":
		return "is more than " + number(v.Max)
	case "exclusiveMinimum":
		return "is not more than " + bound(v.ExclusiveMin, v.Min)
	case "exclusiveMaximum":
		return "is not less than " + bound(v.ExclusiveMax, v.Max)
	case "multipleOf":
		return "is not a multiple of " + number(v.MultipleOf)
	case "anyOf":
		return alternatives(v.AnyOf)
	case "oneOf":
		return alternatives(v.OneOf)
	case "discriminator":
		if v.Discriminator != nil {
			return fmt.Sprintf("needs a property %q that chooses one of the alternatives", v.Discriminator.PropertyName)
		}
	}
	return fmt.Sprintf("does not satisfy %q", keyword)
}

func typeNames(types []string) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = article(t)
	}
	if len(names) == 0 {
		return "of another type"
	}
	return strings.Join(names, " or ")
}

func article(name string) string {
	switch name {
	case "null":
		return name
	case "array", "object", "integer":
		return "an " + name
	}
	return "a " + name
}

// listed is the most values that a message lists.
const listed = 12

func oneOf(values []any) string {
	texts := make([]string, 0, min(len(values), listed+1))
	for i, v := range values {
		if i == listed {
			texts = append(texts, "…")
			break
		}
		b, err := json.Marshal(v)
		if err != nil {
			b = []byte("…")
		}
		texts = append(texts, string(b))
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return "one of " + strings.Join(texts, ", ")
}

func count(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		noun = stem + "ie"
	}
	return strconv.FormatUint(n, 10) + " " + noun + "s"
}

func counted(n *uint64, noun string) string {
	if n == nil {
		return "allowed"
	}
	return count(*n, noun)
}

func number(n *float64) string {
	if n == nil {
		return "the bound"
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

func bound(b openapi3.ExclusiveBound, n *float64) string {
	if b.Value != nil {
		return number(b.Value)
	}
	return number(n)
}

// alternatives says what each of the alternatives wants, where that is only a
// set of properties or a type, else how many there are.
func alternatives(refs openapi3.SchemaRefs) string {
	texts := make([]string, 0, len(refs))
	for _, ref := range refs {
		text := ""
		switch v := ref.Value; {
		case v == nil:
		case len(v.Required) > 0 && v.Type == nil && len(v.Properties) == 0:
			text = quoteAll(v.Required)
		case v.Title != "":
			text = v.Title
		case v.Type != nil && !v.Type.Is("object"):
			text = typeNames(v.Type.Slice())
		}
		if text == "" || len(texts) == listed {
			return fmt.Sprintf("fits none of the %d alternatives", len(refs))
		}
		texts = append(texts, text)
	}
	return "fits none of the alternatives: " + strings.Join(texts, "; or ")
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	return strings.Join(quoted, " and ")
}
