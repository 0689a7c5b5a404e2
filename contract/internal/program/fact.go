package program

import "github.com/getkin/kin-openapi/openapi3"

// Kind says in what way a value breaks a contract. Its text is the name of the
// rule that the finding is reported under.
type Kind string

// The kinds that concern the JSON text itself. Their facts have no schema.
const (
	// KindSyntax is text that is not JSON; nothing behind it is looked at.
	KindSyntax Kind = "json-syntax"
	// KindTrailing is something behind the value.
	KindTrailing Kind = "json-trailing-bytes"
	// KindDepth is nesting beyond the limit; nothing behind it is looked at.
	KindDepth Kind = "json-depth"
	// KindUTF8 is a string with invalid UTF-8 or half of a surrogate pair.
	KindUTF8 Kind = "json-utf8"
	// KindDuplicate is a member name that its object has twice.
	KindDuplicate Kind = "json-duplicate-name"
	// KindCaseTwin is a member name that its object has twice but for case, or
	// that is a declared one but for case; the fact of the latter has a schema,
	// and Finding.Suggestion is the declared name.
	KindCaseTwin Kind = "json-case-twin"
	// KindNumber is a number whose exponent is beyond number.MaxExponent,
	// where something had to be decided by its value.
	KindNumber Kind = "json-number"
	// KindBudget is a message that took more steps, or a pattern that took
	// more time, than allowed; what was not looked at is unknown.
	KindBudget Kind = "check-budget"
)

// The kinds that concern a schema.
const (
	// KindType is a value of another type; it also stands for the schema false,
	// which has no keyword.
	KindType Kind = "schema-type"
	// KindNull is a null where the type keyword lets other types pass.
	KindNull          Kind = "schema-null"
	KindEnum          Kind = "schema-enum"
	KindFormat        Kind = "schema-format"
	KindPattern       Kind = "schema-pattern"
	KindMinLength     Kind = "schema-min-length"
	KindMaxLength     Kind = "schema-max-length"
	KindMinimum       Kind = "schema-minimum"
	KindMaximum       Kind = "schema-maximum"
	KindMultipleOf    Kind = "schema-multiple-of"
	KindMinItems      Kind = "schema-min-items"
	KindMaxItems      Kind = "schema-max-items"
	KindUniqueItems   Kind = "schema-unique-items"
	KindRequired      Kind = "schema-required"
	KindMinProperties Kind = "schema-min-properties"
	KindMaxProperties Kind = "schema-max-properties"
	// KindForbidden is a property or item that the schema rules out.
	KindForbidden Kind = "property-forbidden"
	// KindUndeclared is a property that the schema does not name where it
	// lets others pass; only with Options.Undeclared.
	KindUndeclared    Kind = "property-undeclared"
	KindReadOnly      Kind = "schema-read-only"
	KindWriteOnly     Kind = "schema-write-only"
	KindAnyOf         Kind = "schema-any-of"
	KindOneOf         Kind = "schema-one-of"
	KindNot           Kind = "schema-not"
	KindDiscriminator Kind = "schema-discriminator"
)

// Fact is one statement of a contract that a value can break. Facts are made
// once, when a schema is compiled, and shared by all findings about them.
type Fact struct {
	// Kind is how a value breaks the fact.
	Kind Kind
	// Keyword is the schema keyword that states it, such as "minLength"; empty
	// for the rules of JSON itself.
	Keyword string
	// Schema is the schema object the keyword stands in; nil for the rules of
	// JSON itself.
	Schema *openapi3.Schema
	// Expected is what the schema asks for: a bound as it is written, the
	// names of types or properties, the values of an enum as JSON text.
	Expected []string
}

// The facts of JSON itself.
var (
	factSyntax    = &Fact{Kind: KindSyntax}
	factTrailing  = &Fact{Kind: KindTrailing}
	factDepth     = &Fact{Kind: KindDepth}
	factUTF8      = &Fact{Kind: KindUTF8}
	factDuplicate = &Fact{Kind: KindDuplicate}
	factCaseTwin  = &Fact{Kind: KindCaseTwin}
	factNumber    = &Fact{Kind: KindNumber}
	factBudget    = &Fact{Kind: KindBudget}
)
