package program

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// silent are keywords that assert something and that the schemas' model does
// not hold: passing over them would be a silent pass.
var silent = []string{"dependencies", "additionalItems", "$recursiveRef", "$recursiveAnchor", "$dynamicRef"}

// check refuses schemas with keywords that are not compiled.
func (c *compilation) check(s *openapi3.Schema) error {
	if s.DynamicRef != "" {
		return c.unsupported(s, "$dynamicRef", "the target depends on the path taken to the schema")
	}
	if s.SchemaDialect != "" && !strings.HasPrefix(s.SchemaDialect, "https://json-schema.org/draft/2020-12/schema") &&
		!strings.HasPrefix(s.SchemaDialect, "https://spec.openapis.org/oas/3.1/dialect/") {
		return c.unsupported(s, "$schema", "dialect "+s.SchemaDialect+" is not known")
	}
	for _, keyword := range silent {
		if _, ok := s.Extensions[keyword]; ok {
			return c.unsupported(s, keyword, "the keyword is not part of OpenAPI")
		}
	}
	return nil
}
