package contract

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// factMessage says what a fact asks for, in the words of all findings about it;
// empty where the finding itself has a part in them.
func factMessage(f *program.Fact) string {
	switch f.Kind {
	case program.KindNull:
		return wording(nil, "nullable", "")
	case program.KindType:
		if len(f.Expected) == 0 {
			return wording(nil, "boolean", "")
		}
		return "must be " + typeNames(f.Expected)
	case program.KindRequired:
		if f.Keyword == "required" && len(f.Expected) == 1 {
			return wording(nil, "required", f.Expected[0])
		}
		return ""
	case program.KindMinimum, program.KindMaximum:
		if len(f.Expected) == 1 {
			return boundWording(f.Expected[0])
		}
	case program.KindAnyOf, program.KindOneOf, program.KindForbidden, program.KindUndeclared:
		return ""
	case program.KindUniqueItems:
		return "is equal to an earlier item"
	case program.KindNumber:
		return "is a number with too large an exponent to be checked"
	case program.KindBudget:
		return "takes more steps to check than are allowed, so that the rest of it was not checked"
	}
	if f.Schema == nil || f.Kind == program.KindCaseTwin {
		return ""
	}
	if f.Kind == program.KindDiscriminator && f.Schema.Discriminator == nil {
		return "" // it was inferred from the alternatives
	}
	return wording(f.Schema, f.Keyword, "")
}

// boundWording words a bound such as ">= 5".
func boundWording(expected string) string {
	sign, text, _ := strings.Cut(expected, " ")
	switch sign {
	case ">=":
		return "is less than " + text
	case ">":
		return "is not more than " + text
	case "<=":
		return "is more than " + text
	default:
		return "is not less than " + text
	}
}

// message is the message of a finding.
func (x *explainer) message(f *program.Finding, v *verdict) string {
	if v.message != "" {
		return v.message
	}
	if text := x.textMessage(f); text != "" {
		return text
	}
	return findingMessage(f)
}

// textMessage words the findings about the text of a message.
func (x *explainer) textMessage(f *program.Finding) string {
	if x.unreadable(f) {
		if f.Kind == program.KindUTF8 {
			return "is not valid UTF-8"
		}
		return "cannot be decoded as JSON"
	}
	offset := strconv.Itoa(f.Offset)
	switch f.Kind {
	case program.KindSyntax:
		return "is not JSON, at offset " + offset
	case program.KindTrailing:
		return "has bytes after the JSON value, at offset " + offset
	case program.KindDepth:
		return fmt.Sprintf("nests deeper than %d levels, at offset %s", x.check.contract.config.MaxDepth, offset)
	case program.KindUTF8:
		return "is a string that is not valid Unicode, at offset " + offset
	case program.KindDuplicate:
		return fmt.Sprintf("is a second member %q of its object, at offset %s", short(lastToken(f.Pointer)), offset)
	case program.KindCaseTwin:
		if f.Suggestion != "" {
			return fmt.Sprintf("differs only in case from the declared %q, at offset %s", f.Suggestion, offset)
		}
		return "differs only in case from another member of its object, at offset " + offset
	}
	return ""
}

// findingMessage words the findings that say more than their facts.
func findingMessage(f *program.Finding) string {
	switch f.Kind {
	case program.KindForbidden:
		return meant(forbiddenWording(f), f)
	case program.KindUndeclared:
		return meant("is a property that the contract does not declare", f)
	case program.KindRequired:
		return wording(nil, "required", f.Name)
	case program.KindDiscriminator:
		return fmt.Sprintf("needs a property %q that chooses one of the alternatives", f.Name)
	case program.KindAnyOf, program.KindOneOf:
		return alternativesWording(f)
	}
	if text := factMessage(f.Fact); text != "" {
		return text
	}
	return fmt.Sprintf("does not satisfy %q", f.Keyword)
}

func forbiddenWording(f *program.Finding) string {
	if f.Keyword == "unevaluatedItems" || f.Keyword == "items" {
		return "is an item that the contract does not allow here"
	}
	return wording(nil, "additionalProperties", "")
}

// meant adds the declared name that was most likely meant.
func meant(text string, f *program.Finding) string {
	if f.Suggestion == "" {
		return text
	}
	return text + "; did you mean " + strconv.Quote(f.Suggestion) + "?"
}

// alternativesWording says what the alternative that came nearest wants.
func alternativesWording(f *program.Finding) string {
	if len(f.Branches) == 0 {
		return "fits more than one of the alternatives"
	}
	text := fmt.Sprintf("fits none of the %d alternatives", alternativesOf(f))
	if len(f.Branches) == 1 {
		text = "does not fit the only alternative"
	}
	nearest := f.Branches[0]
	first := &nearest.Findings[0]
	at := first.Pointer
	if first.Name != "" {
		at = cutToken(at)
	}
	wants := findingMessage(first)
	if first.Fact.Kind == program.KindAnyOf || first.Fact.Kind == program.KindOneOf {
		wants = fmt.Sprintf("fits none of %d others", alternativesOf(first))
	}
	if rest := shortPointer(strings.TrimPrefix(at, f.Pointer)); rest != "" {
		text += "; in the nearest, " + rest + " " + wants
	} else {
		text += "; the nearest " + nearestVerb(wants)
	}
	if n := len(nearest.Findings) - 1; n > 0 {
		text += fmt.Sprintf(", and %d more", n)
	}
	return text
}

// nearestVerb makes what is said of a value into what is said of the
// alternative that it does not fit.
func nearestVerb(wants string) string {
	if asked, ok := strings.CutPrefix(wants, "must be "); ok {
		return "asks for " + asked
	}
	if strings.HasPrefix(wants, "lacks ") {
		return wants
	}
	return "says that it " + wants
}

func alternativesOf(f *program.Finding) int {
	if f.Kind == program.KindOneOf {
		return len(f.Schema.OneOf)
	}
	return len(f.Schema.AnyOf)
}

// propertyPlace is where a schema declares a property.
func propertyPlace(s *openapi3.Schema, name string) Position {
	if ref := s.Properties[name]; ref != nil {
		if at := place(ref.Origin); at.Document != "" {
			return at
		}
		if ref.Ref == "" && ref.Value != nil {
			if at := place(ref.Value.Origin); at.Document != "" {
				return at
			}
		}
	}
	return keywordPlace(s, "properties", "")
}
