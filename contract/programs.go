package contract

import (
	"errors"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// programs compiles the schemas of a document while it is loaded, and notes
// what of the operation at hand cannot be compiled.
type programs struct {
	compiler *program.Compiler
	fallback []string
}

func newPrograms(c *Contract) *programs {
	options := program.Options{
		MaxDepth:   c.config.MaxDepth,
		Undeclared: c.config.Undeclared != SeverityOff,
		Literal:    c.places.literal,
	}
	if c.doc.IsOpenAPI31OrLater() {
		options.Dialect = program.OpenAPI31
	}
	return &programs{compiler: program.NewCompiler(options)}
}

// body compiles the schema of a body, nil when it cannot be; where names it.
func (p *programs) body(ref *openapi3.SchemaRef, where string) *program.Program {
	compiled, err := p.compiler.Compile(ref)
	if err != nil {
		p.note(where, err)
		return nil
	}
	return compiled
}

// note records that the part of the operation called where is left to
// kin-openapi.
func (p *programs) note(where string, err error) {
	text := err.Error()
	if e, ok := errors.AsType[*program.Error](err); ok {
		text = fmt.Sprintf("%s: %s", e.Keyword, e.Reason)
		if at := keywordPlace(e.Schema, e.Keyword, ""); at.Document != "" {
			text += " (" + at.String() + ")"
		}
	}
	if text = where + ": " + text; !slices.Contains(p.fallback, text) {
		p.fallback = append(p.fallback, text)
	}
}

// taken are the notes about the operation that has just been compiled.
func (p *programs) taken() []string {
	notes := p.fallback
	p.fallback = nil
	return notes
}

func directionOf(incoming bool) program.Direction {
	if incoming {
		return program.Request
	}
	return program.Response
}
