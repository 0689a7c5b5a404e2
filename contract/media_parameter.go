package contract

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/form"
)

// styled is how a parameter is read that is more than one text: an object, an
// array in a style of its own, or a value in a media type.
type styled struct {
	layout form.Layout
	made   *made
	// open says that an object which stands spread over the query has members
	// that it does not declare by name, and a schema for them.
	open bool
	// content is the media type of the value, empty for one in a style.
	content string
}

// compileStyled prepares a parameter that compileText leaves to it, or left to
// it because it could not be compiled, which is what left says. The pairs of a
// query may be written with their separators encoded, so arrays there have both:
// styled explains what text refuses.
func (c *Contract) compileStyled(p *parameter, left bool) {
	method, err := p.source.SerializationMethod()
	if err != nil {
		method = &openapi3.SerializationMethod{Style: openapi3.SerializationSimple}
	}
	s := &styled{layout: form.Layout{Style: form.StyleOf(method.Style, form.Simple), Explode: method.Explode}}
	switch p.part {
	case PartPath, PartCookie:
		s.layout.Escape = form.Percent
	case PartQuery:
		if s.layout.Escape = form.Query; p.source.AllowReserved {
			s.layout.Escape = form.Percent
		}
	}
	for name := range p.source.Content {
		s.content = essence(name)
	}
	if !left && !p.needsStyled(s) {
		return
	}
	s.made = c.newMade(&p.site, string(p.part)+" parameter "+p.source.Name, p.incoming)
	for _, v := range c.schemas.applicable(oneSchema(p.site.schema)) {
		s.open = s.open || v.AdditionalProperties.Schema != nil
	}
	p.styled = s
}

func (p *parameter) needsStyled(s *styled) bool {
	switch {
	case s.content != "":
		return !isJSON(s.content) || p.part == PartPath
	case p.types.object, p.types.array && (p.types.text || p.types.number || p.types.integer || p.types.boolean):
		return true
	case p.types.array:
		return s.layout.Style == form.Label || s.layout.Style == form.Matrix || p.part == PartCookie || p.part == PartQuery && !s.layout.Explode
	}
	return p.source.AllowReserved
}

// checkStyled checks a parameter that is read in its style.
func (k *check) checkStyled(p *parameter, missing, invalid Rule) {
	v := k.readStyled(p)
	if v == nil {
		if p.source.Required {
			k.add(missing, p.site.at, p.site.scope.basis("required"), "is required and missing")
		}
		return
	}
	if p.source.AllowEmptyValue && k.values.query.first(p.source.Name) == "" && len(k.values.query.values[p.source.Name]) == 1 {
		return
	}
	if s := p.styled; s.content != "" && !isJSON(s.content) && structured(s.made.shape) {
		k.addAs(SeverityWarning, invalid, p.site.at, p.site.scope.basis(""), "has a media type that the checks cannot decode")
		return
	}
	k.keepAll(k.settle(p.styled.made, v, func(problem form.Problem) (Rule, string) {
		switch problem {
		case form.BrokenEscape:
			if p.part == PartQuery {
				return "", "" // reported with the query
			}
			return invalid, "has a broken percent-escape"
		case form.Repeated:
			return RuleParameterRepeated, "takes one value and is given several times"
		case form.NotUTF8:
			return invalid, "is not UTF-8"
		case form.NotJSON:
			return invalid, "is not JSON"
		case form.Nested:
			return invalid, "is nested deeper than is followed"
		}
		return invalid, "is not written in the style " + p.styleName()
	}), "")
}

// styleName is the style that the parameter is declared with, or has by where
// it stands.
func (p *parameter) styleName() string {
	if method, err := p.source.SerializationMethod(); err == nil {
		return method.Style
	}
	return p.source.Style
}

// readStyled reads a parameter, nil when it is not there.
func (k *check) readStyled(p *parameter) *form.Value {
	s, name, shape := p.styled, p.source.Name, p.styled.made.shape
	var raws []string
	switch p.part {
	case PartPath:
		if raw, found := k.values.path.Get(name); found {
			raws = []string{raw}
		}
	case PartHeader:
		if lines := k.values.header[p.header]; len(lines) > 0 {
			raws = []string{strings.Join(lines, ",")} // several lines are one list
		}
	case PartCookie:
		cookies := form.ParseCookies(k.values.header["Cookie"])
		if s.content == "" {
			return cookies.Value(s.layout, shape, name, k.spreadCookie(p))
		}
		raws = cookies.Raw(name)
	default:
		if s.content == "" {
			return k.queryPairs().Value(s.layout, shape, name, k.spreadQuery(p))
		}
		raws = k.queryPairs().Raw(name)
	}
	if len(raws) == 0 {
		return nil
	}
	if s.content == "" {
		return s.layout.Text(shape, name, raws[0])
	}
	return s.readContent(raws)
}

// readContent reads a value in a media type.
func (s *styled) readContent(raws []string) *form.Value {
	text, whole := s.layout.Unescape(raws[0])
	var v *form.Value
	switch {
	case !isJSON(s.content):
		v = form.Leaf(s.made.shape, text)
	case utf8.ValidString(text) && json.Valid([]byte(text)):
		v = form.Literal(text)
	default:
		v = form.Leaf(&form.Shape{Text: true}, text).Add(form.NotJSON)
	}
	if !whole {
		v.Add(form.BrokenEscape)
	}
	if len(raws) > 1 {
		v.Add(form.Repeated)
	}
	return v
}

// queryPairs are the pairs of the query as they were sent.
func (k *check) queryPairs() *form.Pairs {
	if k.values.pairs == nil {
		k.values.pairs = form.PairsOf(k.values.query.names, k.values.query.raw)
	}
	return k.values.pairs
}

// spreadQuery tells which names of the query belong to an object beside those
// that it declares: all that no other parameter has.
func (k *check) spreadQuery(p *parameter) func(string) bool {
	if !p.styled.open || k.op == nil {
		return nil
	}
	return func(name string) bool {
		if _, declared := k.op.query[name]; declared {
			return false
		}
		for _, prefix := range k.op.prefixes {
			if strings.HasPrefix(name, prefix) {
				return false
			}
		}
		return true
	}
}

// spreadCookie is spreadQuery for cookies.
func (k *check) spreadCookie(p *parameter) func(string) bool {
	if !p.styled.open || k.op == nil {
		return nil
	}
	return func(name string) bool {
		for _, other := range k.op.params {
			if other.source.In == openapi3.ParameterInCookie && other.source.Name == name {
				return false
			}
		}
		return true
	}
}
