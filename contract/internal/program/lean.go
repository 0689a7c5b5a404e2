package program

import (
	"github.com/getkin/kin-openapi/openapi3"
)

// leanGroup is an anyOf, oneOf or not of an object whose branches speak of
// nothing but required names and properties. It is decided while the object is
// read: each branch is a bit that a member may rule out.
type leanGroup struct {
	group *group
	// branches are what each branch needs at the end of the object.
	branches []leanBranch
}

type leanBranch struct {
	bit uint64
	// mask holds the names needed among the first 64 fields, more the others.
	mask uint64
	more []int
	// never is set for a branch that no object matches.
	never bool
}

// trial is what one branch says of a member.
type trial struct {
	bit  uint64
	node *node
}

// maxLeanBranches is how many branches have a bit in one object.
const maxLeanBranches = 64

// isLean reports whether all branches of a keyword are of the simple kind.
func (c *compilation) isLean(e elem, keyword string, refs ...*openapi3.SchemaRef) bool {
	if len(refs) > maxLeanBranches/4 {
		return false
	}
	for _, ref := range refs {
		branch, err := c.branchElems(e, keyword, ref)
		if err != nil {
			return false
		}
		for _, b := range branch {
			if !leanSchema(b.s) {
				return false
			}
		}
	}
	return true
}

// leanSchema reports whether a schema speaks of required names and properties
// alone, where objects are concerned.
func leanSchema(s *openapi3.Schema) bool {
	for _, ref := range s.Properties {
		if ref.Value == nil || ref.Value.ReadOnly || ref.Value.WriteOnly {
			return false
		}
	}
	return s.Always == nil && len(s.OneOf) == 0 && len(s.AnyOf) == 0 && s.Not == nil && s.Enum == nil && !hasConst(s) &&
		s.MinProps == 0 && s.MaxProps == nil && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil &&
		len(s.PatternProperties) == 0 && len(s.DependentSchemas) == 0 && len(s.DependentRequired) == 0 &&
		s.PropertyNames == nil && s.UnevaluatedProperties.Has == nil && s.UnevaluatedProperties.Schema == nil && s.If == nil
}

// leanGroups compiles the keywords that can be decided while the object is
// read. Those beyond the number of bits would be missed by groups, so that the
// document is refused instead.
func (c *compilation) leanGroups(elems []elem, r *objectRules) error {
	next := 0
	add := func(e elem, g *group, keyword string, refs ...*openapi3.SchemaRef) error {
		if !c.isLean(e, keyword, refs...) {
			return nil
		}
		if next+len(refs) > maxLeanBranches {
			return c.unsupported(e.s, keyword, "too many alternatives in one object")
		}
		lean := leanGroup{group: g}
		for _, ref := range refs {
			b, err := c.leanBranch(e, keyword, ref, uint64(1)<<next, r)
			if err != nil {
				return err
			}
			n, err := c.branch(e, keyword, ref)
			if err != nil {
				return err
			}
			next++
			lean.branches = append(lean.branches, b)
			g.branches = append(g.branches, n)
		}
		r.lean = append(r.lean, lean)
		return nil
	}
	for _, e := range elems {
		if whichAnyOf.open(e) {
			if err := add(e, &group{op: opAnyOf, fact: c.fact(e.s, "anyOf", KindAnyOf)}, "anyOf", e.s.AnyOf...); err != nil {
				return err
			}
		}
		if whichOneOf.open(e) {
			if err := add(e, &group{op: opOneOf, fact: c.fact(e.s, "oneOf", KindOneOf)}, "oneOf", e.s.OneOf...); err != nil {
				return err
			}
		}
		if e.s.Not != nil {
			if err := add(e, &group{op: opNot, fact: c.fact(e.s, "not", KindNot)}, "not", e.s.Not); err != nil {
				return err
			}
		}
	}
	return nil
}

// leanBranch compiles one branch to a bit and trials of the members.
func (c *compilation) leanBranch(e elem, keyword string, ref *openapi3.SchemaRef, bit uint64, r *objectRules) (leanBranch, error) {
	b := leanBranch{bit: bit}
	branch, err := c.branchElems(e, keyword, ref)
	if err != nil {
		return b, err
	}
	for _, part := range branch {
		t, err := c.typesOf(part.s)
		if err != nil {
			return b, err
		}
		b.never = b.never || t&tObject == 0
		for _, name := range part.s.Required {
			if k := r.names.find([]byte(name)); k < 64 {
				b.mask |= 1 << k
			} else {
				b.more = append(b.more, k)
			}
		}
	}
	for _, name := range r.names.keys {
		children, _, err := c.memberElems(branch, name)
		if err != nil {
			return b, err
		}
		n, err := c.node(children, false)
		if err != nil {
			return b, err
		}
		if n != freeNode {
			f := &r.fields[r.names.find([]byte(name))]
			f.trials = append(f.trials, trial{bit: bit, node: n})
		}
	}
	return b, nil
}

// matched reports whether an object that was read matches the branch.
func (b *leanBranch) matched(f *objectFrame) bool {
	if b.never || f.failed&b.bit != 0 || f.seen&b.mask != b.mask {
		return false
	}
	for _, k := range b.more {
		if !f.has(k) {
			return false
		}
	}
	return true
}

// leanGroup decides a group at the end of the object.
func (m *machine) leanGroup(l *leanGroup, f *objectFrame) bool {
	count := 0
	for i := range l.branches {
		if l.branches[i].matched(f) {
			count++
		}
	}
	g := l.group
	switch {
	case g.op == opNot:
		return count == 0 || m.fail(g.fact, f.start)
	case count == 1 || (count > 0 && g.op == opAnyOf):
		return true
	}
	return m.failGroup(g, f.start)
}
