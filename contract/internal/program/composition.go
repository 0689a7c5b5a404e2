package program

import (
	"cmp"
	"slices"
)

// operator is how a group combines its branches.
type operator uint8

const (
	opAnyOf operator = iota
	opOneOf
	opNot
	opIf
)

// group is one keyword that looks at the whole value through alternatives.
type group struct {
	op   operator
	fact *Fact
	// branches are the alternatives; of opIf the condition, what follows from
	// it and what follows from its failure, the last two possibly nil.
	branches []*node
	// noting is set when the branches alone declare the properties of the
	// value, so that the one that matches tells which are undeclared.
	noting bool
}

// composed checks the groups of a value that stands from start to the
// position.
func (m *machine) composed(groups []*group, start int) bool {
	for _, g := range groups {
		if !m.group(g, start) {
			return false
		}
	}
	return true
}

func (m *machine) group(g *group, start int) bool {
	switch g.op {
	case opNot:
		matched := m.matches(g.branches[0], start)
		return !m.dead && (!matched || m.fail(g.fact, start))
	case opIf:
		next := g.branches[2]
		if m.matches(g.branches[0], start) {
			next = g.branches[1]
		}
		return !m.dead && (next == nil || m.reread(next, start))
	default:
		return m.alternatives(g, start)
	}
}

// alternatives checks an anyOf or a oneOf by trying its branches.
func (m *machine) alternatives(g *group, start int) bool {
	noting := g.noting && m.quiet == 0
	matched, count := 0, 0
	for i, b := range g.branches {
		if m.matches(b, start) {
			matched = i
			count++
			if g.op == opAnyOf && !noting || count > 1 && !m.collecting && g.op == opOneOf {
				break
			}
		}
		if m.dead {
			return false
		}
	}
	switch {
	case count == 0 || (count > 1 && g.op == opOneOf):
		return m.failGroup(g, start)
	case count == 1 && noting:
		return m.note(g.branches[matched], start)
	}
	return true
}

// failGroup reports a group none or, in a oneOf, too many of whose branches
// match, with what each branch misses.
func (m *machine) failGroup(g *group, start int) bool {
	if !m.collects() {
		return false
	}
	f := Finding{Fact: g.fact, Pointer: m.pointer(), Offset: start, Branches: make([]Branch, 0, len(g.branches))}
	for i, b := range g.branches {
		findings, more := m.why(b, start)
		if m.dead {
			return false
		}
		if len(findings) == 0 {
			f.Matched = append(f.Matched, i)
			continue
		}
		f.Branches = append(f.Branches, Branch{Index: i, Findings: findings, More: more})
	}
	if len(f.Matched) > 0 {
		f.Branches = nil
	}
	slices.SortStableFunc(f.Branches, func(a, b Branch) int {
		return cmp.Or(cmp.Compare(distance(a, f.Pointer), distance(b, f.Pointer)),
			-cmp.Compare(a.Findings[0].Offset, b.Findings[0].Offset))
	})
	return m.add(f)
}

// distance is how far a value is from a branch: a wrong type of the value
// itself outweighs all else, then the number of findings counts.
func distance(b Branch, pointer string) int {
	d := len(b.Findings)
	if b.More {
		d++
	}
	for _, f := range b.Findings {
		if f.Pointer != pointer {
			continue
		}
		switch f.Kind {
		case KindType, KindNull:
			d += 1000
		}
	}
	return d
}
