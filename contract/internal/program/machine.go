package program

import (
	"time"

	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// machine is the state of one run over one message.
//
// It runs in one of two modes. When accepting, the first disagreement makes
// every function return false up to the top. When collecting, a disagreement
// is reported and the run goes on as if it had not been; false then means that
// the run must end: the text is no JSON, or enough was found. Each check is
// written once, as "if bad && !m.fail(...) { return false }".
type machine struct {
	body      []byte
	pos       int
	steps     int
	depthLeft int
	// slow is the time left for patterns that backtrack.
	slow      time.Duration
	direction Direction

	// collecting is the mode; a run that is armed accepts until the first
	// disagreement, and collects from there.
	collecting, armed bool
	// tracking is set while the path to the current value is kept.
	tracking bool
	// dead is set when the run cannot go on in any mode.
	dead bool
	// again is above zero while a value is read another time, its JSON already
	// known to be sound.
	again int
	// quiet is above zero while undeclared properties are somebody else's
	// business.
	quiet int

	// muted is set when undeclared properties are no longer reported.
	muted bool

	// undecidable is why a value could not be judged, which must not be taken
	// for either answer.
	undecidable   *Fact
	undecidableAt int

	sink sink
	path []step

	others  []other
	arena   []byte
	text    []byte
	slots   []int32
	words   []uint64
	digests []digest

	evaluations []*evaluation
}

// node is a compiled schema, or several that one value must satisfy together.
type node struct {
	// types is what the type keywords permit together.
	types     types
	typeFacts []typeFact

	null    *simpleRules
	boolean *simpleRules
	number  *numberRules
	text    *textRules
	array   *arrayRules
	object  *objectRules
}

// typeFact is one type keyword.
type typeFact struct {
	types types
	fact  *Fact
	// null is the fact when a null is what does not fit.
	null *Fact
}

// simpleRules are what every kind of value may have to satisfy, and all that
// null and booleans have.
type simpleRules struct {
	enums  []*enumRule
	groups []*group
}

// document reads one value and nothing behind it.
func (m *machine) document(root *node) bool {
	if !m.value(root) {
		return false
	}
	m.pos = scan.Space(m.body, m.pos)
	if m.pos < len(m.body) {
		return m.fail(factTrailing, m.pos)
	}
	return true
}

// value reads the value at the position, white space before it allowed.
func (m *machine) value(n *node) bool {
	i := m.pos
	if i < len(m.body) && m.body[i] <= ' ' {
		i = scan.Space(m.body, i)
		m.pos = i
	}
	if i >= len(m.body) {
		return m.malformed(i)
	}
	if m.steps--; m.steps < 0 {
		return m.giveUp(factBudget, i)
	}
	switch m.body[i] {
	case '"':
		return m.stringValue(n)
	case '{':
		return m.objectValue(n)
	case '[':
		return m.arrayValue(n)
	case 't':
		return m.literal(n, "true", tBoolean, n.boolean)
	case 'f':
		return m.literal(n, "false", tBoolean, n.boolean)
	case 'n':
		return m.literal(n, "null", tNull, n.null)
	default:
		return m.numberValue(n)
	}
}

// literal reads true, false or null.
func (m *machine) literal(n *node, word string, have types, rules *simpleRules) bool {
	start := m.pos
	if !scan.Literal(m.body, start, word) {
		return m.malformed(start)
	}
	m.pos = start + len(word)
	if n.types&have == 0 {
		return m.wrongType(n, have, start)
	}
	if rules == nil {
		return true
	}
	for _, e := range rules.enums {
		if !e.hasLiteral(word) && !m.fail(e.fact, start) {
			return false
		}
	}
	return m.composed(rules.groups, start)
}

// wrongType reports the type keywords that a value of the given type breaks.
func (m *machine) wrongType(n *node, have types, at int) bool {
	if !m.collects() {
		return false
	}
	for _, t := range n.typeFacts {
		if t.types&have != 0 {
			continue
		}
		fact := t.fact
		if have == tNull && t.null != nil {
			fact = t.null
		}
		if !m.report(fact, at) {
			return false
		}
	}
	return true
}
