package contract

import (
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// textCheck is how a program checks the text of a parameter or header.
type textCheck struct {
	program *program.Scalar
	// prefix is what the style puts before the value in a path.
	prefix string
	// list says that several header lines are one list.
	list      bool
	direction program.Direction
}

// compileText compiles the check of a parameter's text. What cannot be compiled
// is noted and left to kin-openapi.
func (c *Contract) compileText(p *parameter) {
	if p.site.schema == nil {
		return
	}
	where := string(p.part) + " parameter " + p.source.Name
	if len(p.source.Content) > 0 {
		if p.styled == nil {
			p.content = c.programs.body(p.site.schema, where)
		}
		return
	}
	layout, prefix, err := p.layout()
	if err != nil || p.source.AllowReserved {
		if p.styled == nil {
			c.programs.note(where, err)
		}
		return
	}
	encoding := program.EncodingNone
	switch p.part {
	case PartPath:
		encoding = program.EncodingPercent
	case PartQuery:
		encoding = program.EncodingQuery
	}
	scalar, err := c.programs.compiler.CompileScalar(p.site.schema, layout, encoding)
	if err != nil {
		if p.styled == nil {
			c.programs.note(where, err)
		}
		return
	}
	p.repeatable = layout == program.LayoutRepeated || p.types.array && p.part == PartHeader
	p.text = &textCheck{program: scalar, prefix: prefix, list: p.types.array, direction: directionOf(p.incoming)}
}

// layout says how the text holds its value, and what the style puts before it.
func (p *parameter) layout() (layout program.Layout, prefix string, err error) {
	t := p.types
	if t.object {
		return 0, "", errors.New("type: objects in parameters are not compiled")
	}
	style, explode := p.source.Style, false
	if sm, err := p.source.SerializationMethod(); err == nil {
		style, explode = sm.Style, sm.Explode
	}
	switch style {
	case openapi3.SerializationLabel:
		prefix = "."
	case openapi3.SerializationMatrix:
		prefix = ";" + p.source.Name + "="
	}
	if !t.array {
		return program.LayoutPlain, prefix, nil
	}
	switch {
	case t.text || t.number || t.integer || t.boolean:
		return 0, "", errors.New("type: an array that may also be a scalar is not compiled")
	case p.part == PartQuery && explode:
		return program.LayoutRepeated, "", nil
	case p.part == PartHeader || !explode && (style == openapi3.SerializationForm || style == openapi3.SerializationSimple || prefix != ""):
		return program.LayoutComma, prefix, nil
	case p.part == PartPath && style == openapi3.SerializationSimple:
		return program.LayoutComma, "", nil
	case style == openapi3.SerializationSpaceDelimited:
		return program.LayoutSpace, "", nil
	case style == openapi3.SerializationPipeDelimited:
		return program.LayoutPipe, "", nil
	}
	return 0, "", errors.New("style: arrays in this style are not compiled")
}

// accepts reports whether texts, encoded as they were sent, break nothing.
func (t *textCheck) accepts(p *parameter, texts ...string) bool {
	if len(texts) > 1 && !p.repeatable {
		return false
	}
	if t.prefix == "" && !p.source.AllowEmptyValue {
		return t.program.Accept(t.direction, texts...)
	}
	rest, ok := strings.CutPrefix(texts[0], t.prefix)
	return ok && (rest == "" && p.source.AllowEmptyValue || len(texts) == 1 && t.program.Accept(t.direction, rest))
}

// checkText reports what is wrong with the texts of a compiled parameter.
func (k *check) checkText(p *parameter, texts []string, invalid Rule) {
	t := p.text
	if t.list && p.part == PartHeader {
		texts = []string{joinLines(texts)}
	}
	if t.accepts(p, texts...) {
		return
	}
	if t.prefix != "" {
		rest, ok := strings.CutPrefix(texts[0], t.prefix)
		if !ok {
			k.add(invalid, p.site.at, p.site.scope.basis(""), "is not written in the style "+p.source.Style)
			return
		}
		texts = []string{rest}
	}
	if !p.repeatable {
		texts = texts[:1]
	}
	if texts[0] == "" && p.source.AllowEmptyValue {
		return
	}
	x := explainer{check: k, site: &p.site, invalid: invalid}
	t.program.Walk(t.direction, branchFindings, x.take, texts...)
}

// joinLines makes one list of several header lines, without the white space
// around its items.
func joinLines(lines []string) string {
	items := strings.Split(strings.Join(lines, ","), ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return strings.Join(items, ",")
}

// checkContent checks a parameter that is a JSON text.
func (k *check) checkContent(p *parameter, text string, invalid Rule) {
	direction := directionOf(k.incoming())
	if p.content.Accept([]byte(text), direction) {
		return
	}
	x := explainer{check: k, site: &p.site, invalid: invalid}
	p.content.Walk([]byte(text), direction, branchFindings, x.take)
}
