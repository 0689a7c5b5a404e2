package contract

import (
	"net/http"

	"github.com/parley-contracts/parley/contract/internal/form"
)

// values is where the parameters of a message are found.
type values struct {
	path   Params
	query  query
	header http.Header
	// pairs are those of the query, once they are needed.
	pairs *form.Pairs
}

// raw are the texts given for a parameter that is one text, or repeats of one;
// found is false when there is none.
func (p *parameter) raw(v *values) (texts []string, found bool) {
	switch p.part {
	case PartPath:
		text, ok := v.path.Get(p.source.Name)
		return []string{text}, ok
	case PartCookie:
		text, ok := cookie(v.header, p.source.Name)
		return []string{text}, ok
	case PartHeader:
		texts = v.header[p.header]
		return texts, len(texts) > 0
	}
	if p.text != nil {
		texts, found = v.query.raw[p.source.Name]
		return texts, found
	}
	texts, found = v.query.values[p.source.Name]
	return texts, found
}

// checkParameter checks one parameter or response header.
func (k *check) checkParameter(p *parameter) {
	v := &k.values
	missing, invalid := RuleParameterMissing, RuleParameterInvalid
	if !k.incoming() {
		missing, invalid = RuleHeaderMissing, RuleHeaderInvalid
	}
	texts, found := p.raw(v)
	if p.styled != nil && !(found && p.text != nil && p.text.accepts(p, texts...)) {
		k.checkStyled(p, missing, invalid)
		return
	}
	if !found {
		if p.source.Required {
			k.add(missing, p.site.at, p.site.scope.basis("required"), "is required and missing")
		}
		return
	}
	if len(texts) > 1 && !p.repeatable {
		k.add(RuleParameterRepeated, p.site.at, p.site.scope.basis(""), "takes one value and is given several times")
	}
	if p.part == PartQuery {
		if _, broken := v.query.broken[p.source.Name]; broken {
			return // reported with the query
		}
	}
	if p.site.schema == nil {
		return
	}
	if p.text != nil {
		k.checkText(p, texts, invalid)
		return
	}
	k.checkContent(p, texts[0], invalid)
}
