package contract

import (
	"net/http"
	"net/url"
	"strings"
)

// values is where the parameters of a message are found.
type values struct {
	path   []Param
	query  query
	header http.Header
}

// segment is the undecoded text of a path parameter.
func (v *values) segment(name string) (text string, found bool) {
	for _, p := range v.path {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// raw are the texts given for a parameter; found is false when there is none.
// Objects spread over several query names count as found when one is there.
func (p *parameter) raw(v *values) (texts []string, found bool) {
	switch p.part {
	case PartPath:
		text, ok := v.segment(p.source.Name)
		return []string{text}, ok
	case PartCookie:
		text, ok := cookie(v.header, p.source.Name)
		return []string{text}, ok
	case PartHeader:
		texts = v.header[http.CanonicalHeaderKey(p.source.Name)]
		return texts, len(texts) > 0
	}
	if texts, found = v.query.values[p.source.Name]; found || !p.types.object {
		return texts, found
	}
	return nil, p.spread(&v.query)
}

// spread reports whether an object parameter is there under the names of its
// properties.
func (p *parameter) spread(q *query) bool {
	if p.source.Style == "deepObject" {
		for _, name := range q.names {
			if strings.HasPrefix(name, p.source.Name+"[") {
				return true
			}
		}
		return false
	}
	if p.source.Schema == nil {
		return false
	}
	for _, v := range applicable(oneSchema(p.source.Schema)) {
		for name := range v.Properties {
			if _, ok := q.values[name]; ok {
				return true
			}
		}
	}
	return false
}

// checkParameter checks one parameter or response header.
func (k *check) checkParameter(p *parameter) {
	v := &k.values
	texts, found := p.raw(v)
	missing, invalid := RuleParameterMissing, RuleParameterInvalid
	if !k.incoming() {
		missing, invalid = RuleHeaderMissing, RuleHeaderInvalid
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
	if !p.scalar || len(p.source.Content) > 0 {
		k.checkStructured(p, invalid)
		return
	}
	text := texts[0]
	if p.part == PartPath {
		decoded, err := url.PathUnescape(text)
		if err != nil {
			k.add(invalid, p.site.at, p.site.scope.basis(""), "has a broken percent-escape")
			return
		}
		text = decoded
	}
	k.checkScalar(p, text, invalid)
}

// checkScalar tries the readings of a text: the first that fits is taken, and
// where none does the most specific one's faults are reported.
func (k *check) checkScalar(p *parameter, text string, invalid Rule) {
	if p.source.Style == "label" || p.source.Style == "matrix" {
		prefix := "."
		if p.source.Style == "matrix" {
			prefix = ";" + p.source.Name + "="
		}
		rest, ok := strings.CutPrefix(text, prefix)
		if !ok {
			k.add(invalid, p.site.at, p.site.scope.basis(""), "is not written in the style "+p.source.Style)
			return
		}
		text = rest
	}
	if text == "" && p.source.AllowEmptyValue {
		return
	}
	readings := p.types.readings(text)
	if len(readings) == 0 {
		f := fault{rule: RuleType, keyword: "type", message: p.types.wanted()}
		k.report(&p.site, []fault{f})
		return
	}
	var first []fault
	for i, value := range readings {
		faults := k.contract.kinValue(&p.site, value, k.incoming())
		if len(faults) == 0 {
			return
		}
		if i == 0 {
			first = faults
		}
	}
	k.report(&p.site, first)
}
