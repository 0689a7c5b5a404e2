package program

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program/pattern"
	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// evaluation is what a schema takes account of in an object or array, the
// sense of the unevaluated keywords.
type evaluation struct {
	// names and patterns are the members that it speaks of.
	names    names
	patterns []*pattern.Pattern
	// allMembers is set when it speaks of every member, allItems when of every
	// item; else it speaks of the first prefix items and those that contains
	// matches.
	allMembers, allItems bool
	prefix               int
	contains             []*node
	// always are the schemas that apply as well, guarded those that do when
	// the value matches a node.
	always  []*evaluation
	guarded []guardedEvaluation
}

// guardedEvaluation applies when the value matches guard, or when it does not
// if unless is set.
type guardedEvaluation struct {
	guard  *node
	unless bool
	eval   *evaluation
}

// unevaluatedProperties is one unevaluatedProperties keyword.
type unevaluatedProperties struct {
	eval *evaluation
	node *node
	fact *Fact // for the keyword false
}

// unevaluatedItems is one unevaluatedItems keyword.
type unevaluatedItems = unevaluatedProperties

// unevaluatedPropertiesOf compiles the unevaluatedProperties keyword.
func (c *compilation) unevaluatedPropertiesOf(e elem, r *objectRules) error {
	u, err := c.unevaluated(e, "unevaluatedProperties", e.s.UnevaluatedProperties)
	if u != nil {
		r.unevaluated = append(r.unevaluated, u)
	}
	return err
}

// unevaluatedItemsOf compiles the unevaluatedItems keyword.
func (c *compilation) unevaluatedItemsOf(e elem, r *arrayRules) error {
	u, err := c.unevaluated(e, "unevaluatedItems", e.s.UnevaluatedItems)
	if u != nil {
		r.unevaluated = append(r.unevaluated, u)
	}
	return err
}

func (c *compilation) unevaluated(e elem, keyword string, b openapi3.BoolSchema) (*unevaluatedProperties, error) {
	u := &unevaluatedProperties{}
	switch {
	case b.Has != nil && !*b.Has:
		u.node, u.fact = freeNode, c.fact(e.s, keyword, KindForbidden)
	case b.Schema != nil:
		child, err := c.elem(e.s, keyword, b.Schema)
		if err != nil {
			return nil, err
		}
		if u.node, err = c.node([]elem{child}, false); err != nil {
			return nil, err
		}
	default:
		return nil, nil
	}
	var err error
	u.eval, err = c.evaluation(e.s, true)
	return u, err
}

// evaluation compiles what a schema takes account of. The unevaluated keywords
// of the schema itself are left out when top is set.
func (c *compilation) evaluation(s *openapi3.Schema, top bool) (*evaluation, error) {
	if !top {
		if ev, ok := c.evals[s]; ok {
			return ev, nil
		}
	}
	ev := &evaluation{}
	if !top {
		c.evals[s] = ev
	}
	if s.Always != nil {
		return ev, nil
	}
	ev.names = newNames(sortedKeys(s.Properties))
	for _, expression := range sortedKeys(s.PatternProperties) {
		p, err := c.expression(expression)
		if err != nil {
			return nil, c.unsupported(s, "patternProperties", err.Error())
		}
		ev.patterns = append(ev.patterns, p)
	}
	has := func(b openapi3.BoolSchema) bool { return b.Has != nil || b.Schema != nil }
	ev.allMembers = has(s.AdditionalProperties) || (!top && has(s.UnevaluatedProperties))
	ev.allItems = s.Items != nil || (!top && has(s.UnevaluatedItems))
	ev.prefix = len(s.PrefixItems)
	if s.Contains != nil {
		child, err := c.elem(s, "contains", s.Contains)
		if err != nil {
			return nil, err
		}
		n, err := c.node([]elem{child}, false)
		if err != nil {
			return nil, err
		}
		ev.contains = append(ev.contains, n)
	}
	for _, ref := range s.AllOf {
		if _, err := c.elem(s, "allOf", ref); err != nil {
			return nil, err
		}
		sub, err := c.evaluation(ref.Value, false)
		if err != nil {
			return nil, err
		}
		ev.always = append(ev.always, sub)
	}
	return ev, c.guards(s, ev)
}

// guards compiles the subschemas that apply only sometimes.
func (c *compilation) guards(s *openapi3.Schema, ev *evaluation) error {
	parent := elem{s: s}
	add := func(keyword string, guard, ref *openapi3.SchemaRef, unless bool) error {
		if ref == nil {
			return nil
		}
		n, err := c.branch(parent, keyword, guard)
		if err != nil {
			return err
		}
		sub, err := c.evaluation(ref.Value, false)
		if err != nil {
			return err
		}
		ev.guarded = append(ev.guarded, guardedEvaluation{guard: n, unless: unless, eval: sub})
		return nil
	}
	for _, w := range bothKeywords {
		for _, ref := range w.refs(s) {
			if err := add(w.keyword(), ref, ref, false); err != nil {
				return err
			}
		}
	}
	if s.If != nil {
		for i, ref := range []*openapi3.SchemaRef{s.If, s.Then, s.Else} {
			if err := add("if", s.If, ref, i == 2); err != nil {
				return err
			}
		}
	}
	for _, name := range sortedKeys(s.DependentSchemas) {
		there := &openapi3.SchemaRef{Value: &openapi3.Schema{Type: &openapi3.Types{"object"}, Required: []string{name}}}
		if err := add("dependentSchemas", there, s.DependentSchemas[name], false); err != nil {
			return err
		}
	}
	return nil
}

// guards are the nodes that the evaluation asks.
func (ev *evaluation) guards() []*node {
	var out []*node
	seen := map[*evaluation]bool{}
	var visit func(ev *evaluation)
	visit = func(ev *evaluation) {
		if seen[ev] {
			return
		}
		seen[ev] = true
		for _, sub := range ev.always {
			visit(sub)
		}
		for _, g := range ev.guarded {
			out = append(out, g.guard)
			visit(g.eval)
		}
	}
	visit(ev)
	return out
}

// applying appends the evaluations that apply to the value at the given place.
func (m *machine) applying(list []*evaluation, ev *evaluation, at int) []*evaluation {
	for _, known := range list {
		if known == ev {
			return list
		}
	}
	list = append(list, ev)
	for _, sub := range ev.always {
		list = m.applying(list, sub, at)
	}
	for _, g := range ev.guarded {
		if m.matches(g.guard, at) != g.unless {
			list = m.applying(list, g.eval, at)
		}
	}
	return list
}

// unevaluatedProperties checks the members that nothing else speaks of.
func (m *machine) unevaluatedProperties(u *unevaluatedProperties, start int) bool {
	base := len(m.evaluations)
	m.evaluations = m.applying(m.evaluations, u.eval, start)
	end := m.pos
	ok := m.unspokenMembers(u, m.evaluations[base:], start)
	m.evaluations = m.evaluations[:base]
	m.pos = end
	return ok && !m.dead
}

func (m *machine) unspokenMembers(u *unevaluatedProperties, list []*evaluation, start int) bool {
	for _, ev := range list {
		if ev.allMembers {
			return true
		}
	}
	b := m.body
	for i := scan.Space(b, start+1); b[i] != '}'; {
		nameAt := i
		nameEnd, _, flags := scan.String(b, i+1)
		name := b[i+1 : nameEnd]
		if flags&scan.Escaped != 0 {
			m.text = scan.AppendUnescaped(m.text[:0], name)
			name = m.text
		}
		at := scan.Space(b, scan.Space(b, nameEnd+1)+1)
		spoken, ok := m.spoken(list, name, nameAt)
		if !ok {
			return false
		}
		if !spoken && !m.leftOver(u, step{nameAt + 1, nameEnd}, at) {
			return false
		}
		i = scan.Space(b, scan.Skip(b, at))
		if b[i] == ',' {
			i = scan.Space(b, i+1)
		}
	}
	return true
}

// spoken reports whether any evaluation speaks of a member.
func (m *machine) spoken(list []*evaluation, name []byte, at int) (spoken, ok bool) {
	for _, ev := range list {
		if ev.names.find(name) >= 0 {
			return true, true
		}
		for _, p := range ev.patterns {
			matched, decided := m.matchesPattern(p, name, at)
			if matched || !decided {
				return true, !m.dead
			}
		}
	}
	return false, true
}

// unevaluatedItems checks the items that nothing else speaks of.
func (m *machine) unevaluatedItems(u *unevaluatedItems, start int) bool {
	base := len(m.evaluations)
	m.evaluations = m.applying(m.evaluations, u.eval, start)
	end := m.pos
	ok := m.unspokenItems(u, m.evaluations[base:], start)
	m.evaluations = m.evaluations[:base]
	m.pos = end
	return ok && !m.dead
}

func (m *machine) unspokenItems(u *unevaluatedItems, list []*evaluation, start int) bool {
	prefix := 0
	for _, ev := range list {
		if ev.allItems {
			return true
		}
		prefix = max(prefix, ev.prefix)
	}
	b := m.body
	index := 0
	for i := scan.Space(b, start+1); b[i] != ']'; index++ {
		if index >= prefix && !m.containedByAny(list, i) && !m.leftOver(u, step{start: index}, i) {
			return false
		}
		i = scan.Space(b, scan.Skip(b, i))
		if b[i] == ',' {
			i = scan.Space(b, i+1)
		}
	}
	return true
}

func (m *machine) containedByAny(list []*evaluation, at int) bool {
	for _, ev := range list {
		for _, n := range ev.contains {
			if m.matches(n, at) {
				return true
			}
		}
	}
	return false
}

// leftOver checks a part of the value that nothing else speaks of.
func (m *machine) leftOver(u *unevaluatedProperties, place step, at int) bool {
	if m.tracking {
		m.path = append(m.path, place)
	}
	m.pos = at
	if u.fact != nil {
		if !m.fail(u.fact, at) {
			return false
		}
	} else if !m.reread(u.node, at) {
		return false
	}
	if m.tracking {
		m.path = m.path[:len(m.path)-1]
	}
	return true
}
