package form

import (
	"slices"
	"strings"
)

// Pairs are the pairs of a query, a form or a cookie header. Nothing is
// dropped: a name whose escapes are broken is kept as it stands.
type Pairs struct {
	names []string // in order of their first appearance
	raw   map[string][]string
	// broken are the names that have broken escapes themselves.
	broken map[string]struct{}
	// roots are the names that have brackets, by what stands before those.
	roots map[string][]string
}

// ParsePairs reads name=value pairs separated by "&". It never fails; empty
// pairs are passed over.
func ParsePairs(raw string) *Pairs {
	p := newPairs()
	for pair := range strings.SplitSeq(raw, "&") {
		if pair != "" {
			name, value, _ := strings.Cut(pair, "=")
			p.add(name, value, Query)
		}
	}
	return p
}

// ParseCookies reads the values of Cookie headers.
func ParseCookies(lines []string) *Pairs {
	p := newPairs()
	for _, line := range lines {
		for pair := range strings.SplitSeq(line, ";") {
			if name, value, ok := strings.Cut(strings.TrimSpace(pair), "="); ok {
				p.add(name, strings.Trim(value, `"`), Plain)
			}
		}
	}
	return p
}

func newPairs() *Pairs {
	return &Pairs{raw: make(map[string][]string), roots: make(map[string][]string)}
}

func (p *Pairs) add(rawName, raw string, escape Escape) {
	name, ok := Layout{Escape: escape}.Unescape(rawName)
	if !ok {
		if p.broken == nil {
			p.broken = make(map[string]struct{})
		}
		p.broken[name] = struct{}{}
	}
	values, again := p.raw[name]
	if !again {
		p.names = append(p.names, name)
		if i := strings.IndexByte(name, '['); i > 0 {
			p.roots[name[:i]] = append(p.roots[name[:i]], name)
		}
	}
	p.raw[name] = append(values, raw)
}

// Has reports whether a name is there.
func (p *Pairs) Has(name string) bool { return len(p.raw[name]) > 0 }

// HasBrackets reports whether a name is there with brackets behind it.
func (p *Pairs) HasBrackets(name string) bool { return len(p.roots[name]) > 0 }

// HasAny reports whether a declared member of a shape is there under its own
// name.
func (p *Pairs) HasAny(shape *Shape) bool {
	for name := range shape.Members {
		if p.Has(name) {
			return true
		}
	}
	return false
}

// Value reads the value called name, nil when it is not there. others tells
// the names that an exploded object may take beside those it declares; nil
// takes none.
func (p *Pairs) Value(l Layout, shape *Shape, name string, others func(name string) bool) *Value {
	shape = shape.orAny()
	if l.Style == Deep {
		return p.deep(l, shape, name)
	}
	raws := p.raw[name]
	exploded := l.Explode && (l.Style == Form || l.Style == Space || l.Style == Pipe)
	switch {
	case exploded && shape.Object && !l.JSON && (len(raws) == 0 || shape.Members[name] != nil):
		return p.spread(l, shape, name, others)
	case len(raws) == 0:
		return nil
	case exploded && shape.Array:
		return p.repeated(l, shape, raws)
	case exploded && shape.Object && !l.JSON && !shape.scalar():
		return l.leaf(shape, raws[0]).Add(BadStyle) // its members should stand on their own
	case exploded:
		v := l.leaf(shape, raws[0])
		return once(v, raws)
	}
	return once(l.Text(shape, name, raws[0]), raws)
}

// once notes that a value which is one was given several times.
func once(v *Value, raws []string) *Value {
	if len(raws) == 1 {
		return v
	}
	for reading := v; reading != nil; reading = reading.next {
		reading.Add(Repeated)
	}
	return v
}

// repeated reads an array of which each item is a pair.
func (p *Pairs) repeated(l Layout, shape *Shape, raws []string) *Value {
	v := List()
	for _, raw := range raws {
		v.Append(l.item(shape, raw))
	}
	if len(raws) > 1 {
		return v
	}
	if l.JSON {
		if text, ok := l.Unescape(raws[0]); ok && strings.HasPrefix(strings.TrimSpace(text), "[") {
			v.or(l.leaf(&Shape{Array: true, Items: shape.Items}, raws[0]))
		}
	}
	if shape.scalar() {
		v.or(l.leaf(shape, raws[0]))
	}
	return v
}

// spread reads an object whose members stand on their own.
func (p *Pairs) spread(l Layout, shape *Shape, own string, others func(string) bool) *Value {
	v := Record()
	for _, name := range p.names {
		_, declared := shape.Members[name]
		if !declared && (name == own || others == nil || !others(name)) {
			continue
		}
		raws := p.raw[name]
		member := shape.member(name)
		if member.Array {
			v.Set(name, p.repeated(l, member, raws))
			continue
		}
		v.Set(name, once(l.leaf(member, raws[0]), raws))
	}
	if len(v.items) == 0 {
		return nil
	}
	return v
}

// Body reads all pairs as the members of one object. layouts holds those of
// the members that do not have the usual one.
func (p *Pairs) Body(shape *Shape, layouts map[string]Layout, usual Layout) *Value {
	v, taken := Record(), make(map[string]struct{})
	declared := make([]string, 0, len(shape.Members))
	for name := range shape.Members {
		declared = append(declared, name)
	}
	slices.Sort(declared)
	for _, name := range declared {
		l, given := layouts[name]
		if !given {
			l = usual
		}
		if member := p.member(shape, name, l, given, taken); member != nil {
			v.Set(name, member)
		}
	}
	for _, name := range p.names {
		if _, done := taken[name]; !done {
			v.Set(name, p.undeclared(usual, shape, name))
		}
	}
	for name := range p.broken {
		if member := v.Member(name); member != nil {
			member.Add(BrokenEscape)
		}
	}
	return v
}

// member reads a declared member of a body, nil when it is not there, and notes
// the names that it takes. given says that it has a layout of its own; an object
// without one may also stand spread over its members.
func (p *Pairs) member(shape *Shape, name string, l Layout, given bool, taken map[string]struct{}) *Value {
	member := shape.Members[name]
	v := p.Value(l, member, name, nil)
	if v == nil && !given && member.Object {
		member = member.without(shape)
		v = p.spread(Layout{Style: Form, Explode: true, Escape: l.Escape}, member, name, nil)
	}
	switch {
	case v == nil:
	case l.Style == Deep:
		taken[name] = struct{}{}
		for _, bracketed := range p.roots[name] {
			taken[bracketed] = struct{}{}
		}
	case p.Has(name):
		taken[name] = struct{}{}
	default:
		for spread := range member.Members {
			taken[spread] = struct{}{}
		}
	}
	return v
}

// undeclared reads a pair of a name that the shape does not know: given
// several times it may be an array as well.
func (p *Pairs) undeclared(l Layout, shape *Shape, name string) *Value {
	member, raws := shape.member(name), p.raw[name]
	switch {
	case member.Array:
		return p.repeated(l, member, raws)
	case len(raws) == 1 || shape.Other != nil:
		return once(l.leaf(member, raws[0]), raws)
	}
	v := List()
	for _, raw := range raws {
		v.Append(l.leaf(member, raw))
	}
	return v
}

// PairsOf are pairs whose names are decoded already and whose values are not.
// names are in the order of their first appearance.
func PairsOf(names []string, raw map[string][]string) *Pairs {
	p := newPairs()
	for _, name := range names {
		for _, value := range raw[name] {
			p.add(name, value, verbatim)
		}
	}
	return p
}

// Raw are the values of a name as they were sent.
func (p *Pairs) Raw(name string) []string { return p.raw[name] }
