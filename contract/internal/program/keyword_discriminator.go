package program

import (
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// dispatch chooses the branch of an anyOf or oneOf by the value of one
// property, so that the object is read once, against the branch and everything
// else that is asked of it.
type dispatch struct {
	property []byte
	name     string
	values   names
	// nodes are those of the values, in order.
	nodes []*node
	// other is for objects that name no branch: it tries all branches when
	// facts is nil; else the facts are broken and it leaves the branches out.
	other *node
	fact  *Fact
}

// dispatched reads an object against the branch it names.
func (m *machine) dispatched(d *dispatch) bool {
	at := m.lookAhead(d.property)
	if at >= 0 && m.body[at] == '"' {
		if end, _, flags := scan.String(m.body, at+1); end >= 0 {
			value := m.body[at+1 : end]
			if flags&scan.Escaped != 0 {
				m.text = scan.AppendUnescaped(m.text[:0], value)
				value = m.text
			}
			if k := d.values.find(value); k >= 0 {
				return m.objectValue(d.nodes[k])
			}
		}
	}
	if d.fact == nil {
		return m.objectValue(d.other)
	}
	if !m.collects() {
		return false
	}
	offset := m.pos
	if at >= 0 {
		offset = at
	}
	if !m.reportMember(d.fact, d.name, offset) {
		return false
	}
	m.quiet++
	ok := m.objectValue(d.other)
	m.quiet--
	return ok
}

// lookAhead finds the value of a member of the object at the position, -1 when
// there is none, or none can be reached.
func (m *machine) lookAhead(property []byte) int {
	b := m.body
	i := scan.Space(b, m.pos+1)
	for i < len(b) && b[i] == '"' {
		end, _, flags := scan.String(b, i+1)
		if end < 0 {
			return -1
		}
		name := b[i+1 : end]
		if flags&scan.Escaped != 0 {
			m.text = scan.AppendUnescaped(m.text[:0], name)
			name = m.text
		}
		i = scan.Space(b, end+1)
		if i >= len(b) || b[i] != ':' {
			return -1
		}
		i = scan.Space(b, i+1)
		if string(name) == string(property) {
			if i >= len(b) {
				return -1
			}
			return i
		}
		next := scan.Skip(b, i)
		if next < 0 {
			return -1
		}
		m.steps -= (next - i) / stepBytes
		i = scan.Space(b, next)
		if i >= len(b) || b[i] != ',' {
			return -1
		}
		i = scan.Space(b, i+1)
	}
	return -1
}

// discriminated makes a dispatch of a group with a discriminator. It answers
// nil when the group has none or is none of its business.
func (c *compilation) discriminated(elems []elem, i int, w which, inPlace bool) (*dispatch, error) {
	s := elems[i].s
	if s.Discriminator == nil || (w == whichAnyOf && len(s.OneOf) > 0) {
		return nil, nil
	}
	d := &dispatch{name: s.Discriminator.PropertyName, property: []byte(s.Discriminator.PropertyName)}
	refs := w.refs(s)
	var keys []string
	var branches []int
	seen := map[string]bool{}
	add := func(key string, branch int) {
		if !seen[key] {
			seen[key] = true
			keys, branches = append(keys, key), append(branches, branch)
		}
	}
	mapping := s.Discriminator.Mapping
	for _, value := range sortedKeys(mapping) {
		target := mapping[value]
		branch := branchNamed(refs, target)
		if branch < 0 {
			return nil, c.unsupported(s, "discriminator", strconv.Quote(value)+" maps to a schema that is not among the branches")
		}
		add(value, branch)
	}
	for branch, ref := range refs {
		if ref.Ref != "" {
			add(ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:], branch)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	d.values = newNames(keys)
	for _, branch := range branches {
		n, err := c.chosen(elems, i, w, refs[branch], inPlace)
		if err != nil {
			return nil, err
		}
		d.nodes = append(d.nodes, n)
	}
	rest := cloneElems(elems)
	if len(mapping) > 0 {
		d.fact = c.factNamed(s, "discriminator", d.name, KindDiscriminator, sortedKeys(mapping)...)
		rest[i].flags |= w.resolved()
	} else {
		rest[i].flags |= noDispatch
	}
	n, err := c.node(rest, inPlace)
	d.other = n
	return d, err
}

// branchNamed finds the branch that a mapping names, by reference or by the
// name of its schema.
func branchNamed(refs openapi3.SchemaRefs, target openapi3.MappingRef) int {
	for i, ref := range refs {
		if ref.Ref == "" {
			continue
		}
		if ref.Ref == target.Ref || (target.Value != nil && target.Value == ref.Value) {
			return i
		}
		if !strings.Contains(target.Ref, "/") && strings.HasSuffix(ref.Ref, "/"+target.Ref) {
			return i
		}
	}
	return -1
}

// inferred makes a dispatch of a group whose branches all require a property
// with distinct values. It answers nil when there is no such property.
func (c *compilation) inferred(elems []elem, i int, w which, inPlace bool) (*dispatch, error) {
	s := elems[i].s
	refs := w.refs(s)
	if len(refs) < 2 {
		return nil, nil
	}
	tags := make([]map[string][]string, len(refs))
	for b, ref := range refs {
		t, err := c.tags(elems[i], w, ref)
		if err != nil {
			return nil, err
		}
		tags[b] = t
	}
	property := telling(tags)
	if property == "" {
		return nil, nil
	}
	d := &dispatch{name: property, property: []byte(property)}
	var keys []string
	for b, ref := range refs {
		n, err := c.chosen(elems, i, w, ref, inPlace)
		if err != nil {
			return nil, err
		}
		for _, value := range tags[b][property] {
			keys = append(keys, value)
			d.nodes = append(d.nodes, n)
		}
	}
	d.values = newNames(keys)
	d.fact = c.factNamed(s, w.keyword(), property, KindDiscriminator, keys...)
	rest := cloneElems(elems)
	rest[i].flags |= w.resolved()
	n, err := c.node(rest, inPlace)
	d.other = n
	return d, err
}

// telling is a property that all branches require with values that no two
// share, the first by name; "" without one.
func telling(tags []map[string][]string) string {
	for _, property := range sortedKeys(tags[0]) {
		seen := map[string]bool{}
		ok := true
		for _, t := range tags {
			values := t[property]
			ok = ok && len(values) > 0
			for _, v := range values {
				ok = ok && !seen[v]
				seen[v] = true
			}
		}
		if ok {
			return property
		}
	}
	return ""
}

// tags are the required properties of a branch that may only be one of some
// strings, with those strings.
func (c *compilation) tags(parent elem, w which, ref *openapi3.SchemaRef) (map[string][]string, error) {
	elems, err := c.branchElems(parent, w.keyword(), ref)
	if err != nil {
		return nil, err
	}
	must := map[string]bool{}
	isObject := false
	for _, e := range elems {
		for _, name := range e.s.Required {
			must[name] = true
		}
		if t, err := c.typesOf(e.s); err != nil {
			return nil, err
		} else if t == tObject {
			isObject = true
		}
	}
	out := map[string][]string{}
	if !isObject {
		return out, nil
	}
	for name := range must {
		children, _, err := c.memberElems(elems, name)
		if err != nil {
			return nil, err
		}
		if children, err = c.expand(children); err != nil {
			return nil, err
		}
		for _, child := range children {
			if child.s.ReadOnly || child.s.WriteOnly {
				delete(out, name)
				break
			}
			if values := onlyStrings(child); values != nil && out[name] == nil {
				out[name] = values
			}
		}
	}
	return out, nil
}

// onlyStrings are the strings that an enum or const limits a value to, nil when
// it lets others pass.
func onlyStrings(e elem) []string {
	values := e.s.Enum
	if s, ok := e.s.Const.(string); ok {
		values = []any{s}
	}
	if e.flags&nullPasses != 0 {
		return nil
	}
	var out []string
	for _, v := range values {
		s, ok := v.(string)
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return unique(out)
}
