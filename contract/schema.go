package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// schemas holds what is known of the schemas of a contract beside themselves.
type schemas struct {
	evidence map[*openapi3.Schema]*Evidence
	refs     map[*openapi3.SchemaRef]*Evidence
	patterns map[string]*regexp.Regexp
	state    map[*openapi3.Schema]int
	// sets holds applicable for each single schema.
	sets map[*openapi3.Schema][]*openapi3.Schema
	// strict31 says that patterns must be RE2 as they stand: the validator for
	// OpenAPI 3.1 does not have them translated.
	strict31 bool
	// exactPlaces says that the index of an item, or a name that looks like
	// one, may decide what applies to it.
	exactPlaces bool
}

func newSchemas(strict31 bool) *schemas {
	return &schemas{
		strict31: strict31,
		sets:     make(map[*openapi3.Schema][]*openapi3.Schema),
		evidence: make(map[*openapi3.Schema]*Evidence),
		refs:     make(map[*openapi3.SchemaRef]*Evidence),
		patterns: make(map[string]*regexp.Regexp),
		state:    make(map[*openapi3.Schema]int),
	}
}

// learn reads the evidence of a schema and of all below it, and refuses what
// could not be checked: patterns that RE2 does not read, evidence of the wrong
// form, and schemas that are made of themselves.
func (s *schemas) learn(ref *openapi3.SchemaRef) error {
	if ref == nil {
		return nil
	}
	if ref.Value == nil {
		return &LoadError{Position: place(ref.Origin), Problem: fmt.Sprintf("reference %q was not resolved", ref.Ref), Remedy: "correct the reference"}
	}
	if _, beside := ref.Extensions[extSensitive]; beside && ref.Ref != "" {
		return &LoadError{Position: place(ref.Value.Origin), Problem: fmt.Sprintf("%s stands beside reference %q and would not be seen", extSensitive, ref.Ref), Remedy: "put the reference into allOf"}
	}
	if _, known := s.refs[ref]; !known {
		at := place(ref.Origin)
		if at.Document == "" {
			at = place(ref.Value.Origin)
		}
		e, err := readEvidence(ref.Extensions, at)
		if err != nil {
			return err
		}
		s.refs[ref] = e
	}
	v := ref.Value
	if _, known := s.evidence[v]; known {
		return nil
	}
	e, err := readEvidence(v.Extensions, place(v.Origin))
	if err != nil {
		return err
	}
	s.evidence[v] = e
	s.exactPlaces = s.exactPlaces || len(v.PatternProperties) > 0 || len(v.PrefixItems) > 0
	for name := range v.Properties {
		s.exactPlaces = s.exactPlaces || isIndex(name)
	}
	if err := s.learnPatterns(v); err != nil {
		return err
	}
	if err := s.checkCycle(v); err != nil {
		return err
	}
	for _, below := range append(sameValue(v), nested(v)...) {
		if err := s.learn(below); err != nil {
			return err
		}
	}
	s.sets[v] = applicable([]*openapi3.Schema{v})
	return nil
}

func (s *schemas) learnPatterns(v *openapi3.Schema) error {
	patterns := []string{v.Pattern}
	for p := range v.PatternProperties {
		patterns = append(patterns, p)
	}
	slices.Sort(patterns)
	for _, p := range patterns {
		if p == "" || s.patterns[p] != nil {
			continue
		}
		text := p
		if !s.strict31 {
			text = toRE2(p)
		}
		re, err := regexp.Compile(text)
		if err != nil {
			return &LoadError{Position: keywordPlace(v, "pattern", ""), Problem: fmt.Sprintf("pattern %q cannot be checked", p), Err: err, Remedy: "rewrite it in RE2 syntax (no look-ahead, no back-references, \\x{00E9} for \\u00E9)"}
		}
		s.patterns[p] = re
	}
	return nil
}

var codePoint = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// toRE2 turns ECMAScript's \uXXXX into RE2's \x{XXXX}.
func toRE2(pattern string) string {
	return codePoint.ReplaceAllString(pattern, `\x{$1}`)
}

// checkCycle refuses a schema that applies itself to the value it is applied
// to: through allOf it asks for nothing, and some checkers never come back.
func (s *schemas) checkCycle(v *openapi3.Schema) error {
	const open, done = 1, 2
	switch s.state[v] {
	case done:
		return nil
	case open:
		return &LoadError{Position: place(v.Origin), Problem: "the schema is made of itself through allOf, anyOf, oneOf or not", Remedy: "break the cycle with a property or items"}
	}
	s.state[v] = open
	for _, ref := range sameValue(v) {
		if ref == nil || ref.Value == nil {
			continue
		}
		if err := s.checkCycle(ref.Value); err != nil {
			return err
		}
	}
	s.state[v] = done
	return nil
}

// sameValue are the schemas that a schema applies to the value it is applied
// to.
func sameValue(v *openapi3.Schema) []*openapi3.SchemaRef {
	out := slices.Concat(v.AllOf, v.AnyOf, v.OneOf)
	for _, ref := range []*openapi3.SchemaRef{v.Not, v.If, v.Then, v.Else} {
		if ref != nil {
			out = append(out, ref)
		}
	}
	return append(out, sorted(v.DependentSchemas)...)
}

// nested are the schemas that a schema applies to parts of the value.
func nested(v *openapi3.Schema) []*openapi3.SchemaRef {
	out := slices.Concat(sorted(v.Properties), sorted(v.PatternProperties), v.PrefixItems)
	for _, ref := range []*openapi3.SchemaRef{v.Items, v.AdditionalProperties.Schema, v.PropertyNames, v.Contains, v.UnevaluatedItems.Schema, v.UnevaluatedProperties.Schema} {
		if ref != nil {
			out = append(out, ref)
		}
	}
	return out
}

func sorted(m openapi3.Schemas) []*openapi3.SchemaRef {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	out := make([]*openapi3.SchemaRef, 0, len(names))
	for _, name := range names {
		out = append(out, m[name])
	}
	return out
}

// step are the schemas that apply to the member or item called token of a
// value that v applies to.
func (s *schemas) step(v *openapi3.Schema, token string) []*openapi3.SchemaRef {
	var out []*openapi3.SchemaRef
	if ref := v.Properties[token]; ref != nil {
		out = append(out, ref)
	}
	for _, pattern := range sortedNames(v.PatternProperties) {
		if re := s.patterns[pattern]; re != nil && re.MatchString(token) {
			out = append(out, v.PatternProperties[pattern])
		}
	}
	if ref := v.AdditionalProperties.Schema; ref != nil && len(out) == 0 {
		out = append(out, ref)
	}
	if i, err := strconv.Atoi(token); err == nil && i >= 0 {
		switch {
		case i < len(v.PrefixItems):
			out = append(out, v.PrefixItems[i])
		case v.Items != nil:
			out = append(out, v.Items)
		}
	}
	return out
}

func sortedNames(m openapi3.Schemas) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// isSensitive reads x-sensitive: said says that it is there.
func isSensitive(extensions map[string]any) (sensitive, said bool) {
	sensitive, said = extensions[extSensitive].(bool)
	return sensitive, said
}

// splitPointer undoes a JSON Pointer.
func splitPointer(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, t := range tokens {
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(t, "~1", "/"), "~0", "~")
	}
	return tokens
}
