package program

import (
	"math"

	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// arrayRules are what an array must satisfy.
type arrayRules struct {
	simpleRules
	// prefix are the nodes of the first items, rest that of all others.
	prefix []*node
	rest   *node
	// minItems and maxItems are the tightest of the limits.
	minItems, maxItems   int
	minLimits, maxLimits []limit
	unique               []*Fact
	contains             []*containsRule
	unevaluated          []*unevaluatedItems
	// perItem is set when items are looked at beside their own nodes.
	perItem bool
}

func newArrayRules() *arrayRules { return &arrayRules{maxItems: math.MaxInt} }

// arrayValue reads an array.
func (m *machine) arrayValue(n *node) bool {
	start := m.pos
	r := n.array
	if n.types&tArray == 0 {
		if !m.wrongType(n, tArray, start) {
			return false
		}
		r = nil
	}
	if r == nil {
		r = freeArray
	}
	if m.depthLeft == 0 {
		return m.tooDeep(start)
	}
	m.depthLeft--
	f := arrayFrame{start: start, counts: len(m.words), digests: len(m.digests)}
	if r.perItem {
		for range r.contains {
			m.words = append(m.words, 0)
		}
	}
	if !m.items(r, &f) {
		return false
	}
	m.depthLeft++
	if !m.arrayEnd(r, &f) {
		return false
	}
	m.words, m.digests = m.words[:f.counts], m.digests[:f.digests]
	return true
}

// arrayFrame is what is known of an array while it is read.
type arrayFrame struct {
	start int
	count int
	// counts is where the counters of contains start among the words.
	counts  int
	digests int
}

// items reads the items and the closing bracket.
func (m *machine) items(r *arrayRules, f *arrayFrame) bool {
	m.pos = scan.Space(m.body, m.pos+1)
	if m.pos < len(m.body) && m.body[m.pos] == ']' {
		m.pos++
		return true
	}
	for {
		item := r.rest
		if f.count < len(r.prefix) {
			item = r.prefix[f.count]
		}
		if m.tracking {
			m.path = append(m.path, step{start: f.count})
		}
		m.pos = scan.Space(m.body, m.pos)
		at := m.pos
		if !m.value(item) {
			return false
		}
		if r.perItem && !m.itemExtras(r, f, at) {
			return false
		}
		if m.tracking {
			m.path = m.path[:len(m.path)-1]
		}
		f.count++
		if m.pos < len(m.body) && m.body[m.pos] == ',' {
			m.pos++
			continue
		}
		m.pos = scan.Space(m.body, m.pos)
		if m.pos >= len(m.body) {
			return m.malformed(m.pos)
		}
		switch m.body[m.pos] {
		case ',':
			m.pos++
		case ']':
			m.pos++
			return true
		default:
			return m.malformed(m.pos)
		}
	}
}

// itemExtras looks at an item for the keywords of the array.
func (m *machine) itemExtras(r *arrayRules, f *arrayFrame, at int) bool {
	for i, c := range r.contains {
		if m.matches(c.node, at) {
			m.words[f.counts+i]++
		}
		if m.dead {
			return false
		}
	}
	if r.unique != nil {
		m.steps -= (m.pos - at) / stepBytes
		_, d := digestOf(m.body, at)
		if d.unknown {
			return m.undecided(factNumber, at)
		}
		m.digests = append(m.digests, d)
	}
	return true
}

// arrayEnd checks what is known only behind the last item.
func (m *machine) arrayEnd(r *arrayRules, f *arrayFrame) bool {
	if f.count < r.minItems || f.count > r.maxItems {
		if !m.below(r.minLimits, f.count, f.start) || !m.above(r.maxLimits, f.count, f.start) {
			return false
		}
	}
	for i, c := range r.contains {
		if !m.contained(c, int(m.words[f.counts+i]), f.start) {
			return false
		}
	}
	if r.unique != nil && !m.uniqueItems(r.unique, f) {
		return false
	}
	if r.enums != nil && !m.enumTrees(r.enums, f.start) {
		return false
	}
	if r.groups != nil && !m.composed(r.groups, f.start) {
		return false
	}
	for _, u := range r.unevaluated {
		if !m.unevaluatedItems(u, f.start) {
			return false
		}
	}
	return true
}

// tooDeep ends the run at a value that is nested too deeply.
func (m *machine) tooDeep(at int) bool {
	return m.giveUp(factDepth, at)
}
