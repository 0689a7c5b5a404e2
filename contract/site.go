package contract

import (
	"cmp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// site is a place in a message that a schema applies to: a body, a parameter
// or a header.
type site struct {
	at      Location
	schema  *openapi3.SchemaRef
	scope   *scope
	schemas *schemas
	// verdicts are those of a compiled schema.
	verdicts *verdicts
}

// fault is one disagreement with a schema, as a checker finds it.
type fault struct {
	rule Rule
	// pointer to the place of the finding within the site.
	pointer string
	// value points to the value that the schema was applied to; it differs from
	// pointer where a member is at fault that the schema does not describe.
	value string
	// schema whose keyword failed; nil where only the keyword is known.
	schema  *openapi3.Schema
	keyword string
	// item of the keyword's list, such as the required property.
	item    string
	message string
}

// basis finds the grade, register entries and place of a fault: the keyword's
// own grade, else that of the nearest schema above it on the way from the
// site's schema, else that of the element the site belongs to. It also names
// the schema of a fault that does not know it.
func (s *site) basis(f *fault) basis {
	chain, same := s.locate(f)
	if len(chain) == 0 {
		b := s.scope.basis(f.keyword)
		if at := keywordPlace(f.schema, f.keyword, f.item); at.Document != "" {
			b.place = at
		}
		return b
	}
	failing := chain[len(chain)-1].Value
	f.schema = failing
	b := s.scope.basis("")
	if at := keywordPlace(failing, f.keyword, f.item); at.Document != "" {
		b.place = at
	}
	var g grading
	for i := len(chain) - 1; i >= 0; i-- {
		g.consider(s.schemas.evidence[chain[i].Value], f.keyword, i >= same)
		g.consider(s.schemas.refs[chain[i]], f.keyword, i >= same)
	}
	if grade := cmp.Or(g.keyword, g.nearest); grade != "" {
		b.grade = grade
	}
	if g.register != nil {
		b.register = g.register
	}
	return b
}

// grading gathers evidence from a schema upwards.
type grading struct {
	// keyword is the grade given to the keyword itself, nearest that of the
	// nearest schema that has one.
	keyword, nearest Grade
	register         []string
}

// consider takes the evidence of the next schema upwards, nil when it has
// none. same says that it applies to the failing value itself: only there can
// it speak of the keyword, and only there are register entries added up.
func (g *grading) consider(e *Evidence, keyword string, same bool) {
	if e == nil {
		return
	}
	if same && g.keyword == "" {
		g.keyword = e.Keywords[keyword]
	}
	if g.nearest == "" {
		g.nearest = e.Grade
	}
	if !same {
		if g.register == nil {
			g.register = e.Register
		}
		return
	}
	for _, id := range e.Register {
		if !slices.Contains(g.register, id) {
			g.register = append(g.register, id)
		}
	}
}

// locate finds the schemas from the site's down to the fault's, and the index
// of the first of them that applies to the same value as the last.
func (s *site) locate(f *fault) (chain []*openapi3.SchemaRef, same int) {
	if s.schema == nil {
		return nil, 0
	}
	l := locator{schemas: s.schemas, fault: f, tokens: splitPointer(f.value), seen: make(map[visit]struct{})}
	if !l.find(s.schema, 0) {
		return nil, 0
	}
	slices.Reverse(l.chain)
	slices.Reverse(l.depths)
	return l.chain, slices.Index(l.depths, len(l.tokens))
}

type visit struct {
	schema *openapi3.Schema
	depth  int
}

type locator struct {
	schemas *schemas
	fault   *fault
	tokens  []string
	seen    map[visit]struct{}
	chain   []*openapi3.SchemaRef
	depths  []int
}

func (l *locator) find(ref *openapi3.SchemaRef, depth int) bool {
	if ref == nil || ref.Value == nil {
		return false
	}
	v := ref.Value
	if _, again := l.seen[visit{v, depth}]; again {
		return false
	}
	l.seen[visit{v, depth}] = struct{}{}
	found := depth == len(l.tokens) && (v == l.fault.schema || l.fault.schema == nil && hasKeyword(v, l.fault))
	if !found && depth < len(l.tokens) {
		for _, below := range l.schemas.step(v, l.tokens[depth]) {
			if l.find(below, depth+1) {
				found = true
				break
			}
		}
	}
	for _, same := range sameValue(v) {
		if found {
			break
		}
		found = l.find(same, depth)
	}
	if found {
		l.chain, l.depths = append(l.chain, ref), append(l.depths, depth)
	}
	return found
}

// hasKeyword reports whether the schema has the keyword of a fault whose schema
// is not known.
func hasKeyword(v *openapi3.Schema, f *fault) bool {
	switch f.keyword {
	case "required":
		return slices.Contains(v.Required, f.item)
	case "type":
		return v.Type != nil
	case "anyOf":
		return len(v.AnyOf) > 0
	case "oneOf":
		return len(v.OneOf) > 0
	case "const":
		return v.Const != nil
	case "not":
		return v.Not != nil
	}
	if v.Origin == nil {
		return true
	}
	if _, ok := v.Origin.Fields.Lookup(f.keyword); ok {
		return true
	}
	return v.Origin.Sequences[f.keyword] != nil
}

// report records the faults of a site.
func (k *check) report(s *site, faults []fault) {
	for i := range faults {
		if k.errors >= maxKept {
			k.dropped = true // more errors than are shown; the rest is not looked at
			return
		}
		f := &faults[i]
		b := s.basis(f)
		if f.rule == "" {
			f.rule = keywordRule(f.keyword)
		}
		if f.message == "" {
			f.message = wording(f.schema, f.keyword, f.item)
		}
		at := s.at
		at.Pointer = f.pointer
		if f.rule == RulePropertyUndeclared {
			k.addAs(k.contract.config.Undeclared, f.rule, at, b, f.message)
			continue
		}
		k.add(f.rule, at, b, f.message)
	}
}
