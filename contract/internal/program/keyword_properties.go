package program

import (
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program/pattern"
)

// patternedRule is what one schema with patternProperties says of members that
// have no field.
type patternedRule struct {
	patterns []patternNode
	// additional is for members that no pattern matches, nil for anything.
	additional *node
	forbids    *Fact
}

type patternNode struct {
	match *pattern.Pattern
	node  *node
}

// memberElems is what the schemas say of the member called name. Facts that
// rule the member out altogether come apart.
func (c *compilation) memberElems(elems []elem, name string) (children []elem, forbids []*Fact, err error) {
	add := func(e elem, keyword string, ref *openapi3.SchemaRef) error {
		child, err := c.elem(e.s, keyword, ref)
		if err == nil {
			children = append(children, child)
		}
		return err
	}
	for _, e := range elems {
		matched := false
		if ref, ok := e.s.Properties[name]; ok {
			matched = true
			if err := add(e, "properties", ref); err != nil {
				return nil, nil, err
			}
		}
		for _, expression := range sortedKeys(e.s.PatternProperties) {
			p, err := c.expression(expression)
			if err != nil {
				return nil, nil, c.unsupported(e.s, "patternProperties", err.Error())
			}
			ok, err := p.Match([]byte(name))
			if err != nil {
				return nil, nil, c.unsupported(e.s, "patternProperties", err.Error())
			}
			if !ok {
				continue
			}
			matched = true
			if err := add(e, "patternProperties", e.s.PatternProperties[expression]); err != nil {
				return nil, nil, err
			}
		}
		if matched {
			continue
		}
		if fact := c.closed(e.s); fact != nil {
			forbids = append(forbids, fact)
		} else if ref := e.s.AdditionalProperties.Schema; ref != nil {
			if err := add(e, "additionalProperties", ref); err != nil {
				return nil, nil, err
			}
		}
	}
	return children, forbids, nil
}

// closed is the fact that a schema allows no additional properties, nil when
// it does.
func (c *compilation) closed(s *openapi3.Schema) *Fact {
	has, ref := s.AdditionalProperties.Has, s.AdditionalProperties.Schema
	no := has != nil && !*has
	if ref != nil && ref.Value != nil && ref.Value.Always != nil {
		no = !*ref.Value.Always
	}
	if !no {
		return nil
	}
	return c.fact(s, "additionalProperties", KindForbidden)
}

// fields compiles every name that the schemas speak of.
func (c *compilation) fields(elems []elem, r *objectRules) error {
	keys, err := c.spokenNames(elems)
	if err != nil {
		return err
	}
	r.names = newNames(keys)
	r.words = max(0, (len(keys)-1)>>6)
	declaredBy := map[string]*openapi3.Schema{}
	for _, s := range closure(elems, true) {
		for name := range s.Properties {
			if declaredBy[name] == nil {
				declaredBy[name] = s
			}
		}
	}
	var folded []string
	known := map[string]bool{}
	for k, name := range keys {
		children, forbids, err := c.memberElems(elems, name)
		if err != nil {
			return err
		}
		expanded, err := c.expand(children)
		if err != nil {
			return err
		}
		n, err := c.node(children, false)
		if err != nil {
			return err
		}
		r.fields = append(r.fields, field{name: name, node: n, forbids: forbids, access: c.access(expanded)})
		if f := string(appendFolded(nil, []byte(name))); declaredBy[name] != nil && !known[f] {
			known[f] = true
			r.declaredTwin = c.fact(declaredBy[name], "properties", KindCaseTwin)
			folded = append(folded, f)
			r.foldedField = append(r.foldedField, k)
		}
	}
	r.folded = newNames(folded)
	return nil
}

// others compiles what is said of members without a field.
func (c *compilation) others(elems []elem, r *objectRules) error {
	var rest []elem
	patterned := false
	for _, e := range elems {
		patterned = patterned || len(e.s.PatternProperties) > 0
	}
	for _, e := range elems {
		fact := c.closed(e.s)
		var child []elem
		if ref := e.s.AdditionalProperties.Schema; ref != nil && fact == nil {
			one, err := c.elem(e.s, "additionalProperties", ref)
			if err != nil {
				return err
			}
			child = []elem{one}
		}
		if patterned {
			if err := c.patterned(e, child, fact, r); err != nil {
				return err
			}
			continue
		}
		rest = append(rest, child...)
		if fact != nil {
			r.restForbids = append(r.restForbids, fact)
		}
	}
	n, err := c.node(rest, false)
	r.rest = n
	return err
}

// patterned compiles what one schema says when patterns are involved.
func (c *compilation) patterned(e elem, additional []elem, forbids *Fact, r *objectRules) error {
	rule := &patternedRule{forbids: forbids}
	for _, expression := range sortedKeys(e.s.PatternProperties) {
		p, err := c.expression(expression)
		if err != nil {
			return c.unsupported(e.s, "patternProperties", err.Error())
		}
		child, err := c.elem(e.s, "patternProperties", e.s.PatternProperties[expression])
		if err != nil {
			return err
		}
		n, err := c.node([]elem{child}, false)
		if err != nil {
			return err
		}
		rule.patterns = append(rule.patterns, patternNode{p, n})
	}
	if len(additional) > 0 {
		n, err := c.node(additional, false)
		if err != nil {
			return err
		}
		rule.additional = n
	}
	r.patterned = append(r.patterned, rule)
	return nil
}

// unknown checks a member that has no field.
func (m *machine) unknown(r *objectRules, f *objectFrame, name []byte, nameAt int, escaped bool) bool {
	if m.again == 0 {
		twin, goOn := m.remember(r, f, name, nameAt, escaped)
		if !goOn {
			return false
		}
		if twin {
			return m.value(freeNode) // it has its finding; as what to read it is unclear
		}
	}
	if r.patterned != nil {
		if r.undeclared != nil && m.quiet == 0 && !m.undeclared(r, name) {
			return false
		}
		return m.patternedMember(r, name, nameAt)
	}
	if r.restForbids != nil && !m.forbidden(r.restForbids, r, name) {
		return false
	}
	if r.undeclared != nil && m.quiet == 0 && !m.undeclared(r, name) {
		return false
	}
	return m.value(r.rest)
}

// undeclared reports a member that no schema declares. What is ruled out
// besides is reported as such alone.
func (m *machine) undeclared(r *objectRules, name []byte) bool {
	if len(r.restForbids) > 0 {
		return true
	}
	for _, p := range r.declaring {
		if ok, decided := m.matchesPattern(p, name, m.pos); ok || !decided {
			return !m.dead
		}
	}
	for _, p := range r.patterned {
		if p.forbids != nil {
			return true
		}
	}
	return m.collects() && m.reportName(r.undeclared, r, name)
}

// patternedMember checks a member against the patterns that its name matches.
func (m *machine) patternedMember(r *objectRules, name []byte, nameAt int) bool {
	at, read := m.pos, false
	check := func(n *node) bool {
		if read {
			return m.reread(n, at)
		}
		read = true
		return m.value(n)
	}
	for _, p := range r.patterned {
		matched := false
		for i := range p.patterns {
			ok, decided := m.matchesPattern(p.patterns[i].match, name, nameAt)
			if m.dead || (!decided && !m.collecting) {
				return false
			}
			if !ok {
				// Undecided has been reported; nothing more can be said.
				matched = matched || !decided
				continue
			}
			matched = true
			if !check(p.patterns[i].node) {
				return false
			}
		}
		if matched {
			continue
		}
		if p.forbids != nil && !m.forbidden([]*Fact{p.forbids}, r, name) {
			return false
		}
		if p.additional != nil && !check(p.additional) {
			return false
		}
	}
	return read || m.value(freeNode)
}

// forbidden reports a member that is ruled out.
func (m *machine) forbidden(facts []*Fact, r *objectRules, name []byte) bool {
	if !m.collects() {
		return false
	}
	for _, fact := range facts {
		if !m.reportName(fact, r, name) {
			return false
		}
	}
	return true
}

// reportName adds a finding about the name of the current member, with the
// declared name it may stand for.
func (m *machine) reportName(fact *Fact, r *objectRules, name []byte) bool {
	if m.muted && fact.Kind == KindUndeclared {
		return true
	}
	f := Finding{Fact: fact, Pointer: m.pointer(), Offset: m.pos}
	if r != nil {
		f.Suggestion = suggest(name, r.fields)
	}
	return m.add(f)
}

// propertyCounts compiles minProperties and maxProperties.
func (c *compilation) propertyCounts(e elem, r *objectRules) {
	if v := e.s.MinProps; v != 0 {
		r.minLimits = append(r.minLimits, limit{clampInt(v), c.fact(e.s, "minProperties", KindMinProperties, strconv.FormatUint(v, 10))})
		r.minProperties = max(r.minProperties, clampInt(v))
	}
	if v := e.s.MaxProps; v != nil {
		r.maxLimits = append(r.maxLimits, limit{clampInt(*v), c.fact(e.s, "maxProperties", KindMaxProperties, strconv.FormatUint(*v, 10))})
		r.maxProperties = min(r.maxProperties, clampInt(*v))
	}
}
