package contract

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

func oneSchema(ref *openapi3.SchemaRef) []*openapi3.Schema {
	if ref == nil || ref.Value == nil {
		return nil
	}
	return []*openapi3.Schema{ref.Value}
}

// applicable are the schemas that may describe a value which the given ones
// apply to: themselves and, over and over, their alternatives. What "not"
// excludes describes nothing.
func applicable(roots []*openapi3.Schema) []*openapi3.Schema {
	out := slices.Clone(roots)
	for i := 0; i < len(out); i++ {
		v := out[i]
		for _, refs := range [][]*openapi3.SchemaRef{v.AllOf, v.AnyOf, v.OneOf, {v.If, v.Then, v.Else}, sorted(v.DependentSchemas)} {
			for _, ref := range refs {
				if ref != nil && ref.Value != nil && !slices.Contains(out, ref.Value) {
					out = append(out, ref.Value)
				}
			}
		}
	}
	return out
}

// applicable is the function of that name with the outcome for single schemas
// made when the document is loaded.
func (s *schemas) applicable(roots []*openapi3.Schema) []*openapi3.Schema {
	if len(roots) == 1 {
		if set, ok := s.sets[roots[0]]; ok {
			return set
		}
	}
	return applicable(roots)
}

// names reports whether a schema of the set has a property of that name.
func (s *schemas) names(set []*openapi3.Schema, name string) bool {
	return slices.ContainsFunc(set, func(v *openapi3.Schema) bool { return v.Properties[name] != nil })
}

// below are the schemas for the member or item called token of a value that the
// schemas of set (made by applicable) may describe. declared is false when none
// names it; open says that nothing is declared at all, so that any name is as
// good as another.
func (s *schemas) below(set []*openapi3.Schema, token string) (schemas []*openapi3.Schema, declared, open bool) {
	open = true
	for _, v := range set {
		if len(v.Properties) > 0 || len(v.PatternProperties) > 0 {
			open = false
		}
		for _, ref := range s.step(v, token) {
			declared = true
			if ref.Value != nil && !slices.Contains(schemas, ref.Value) {
				schemas = append(schemas, ref.Value)
			}
		}
		if has := v.AdditionalProperties.Has; has != nil && !*has {
			open = false
		}
	}
	return schemas, declared, open && !declared
}
