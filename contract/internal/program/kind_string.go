package program

import (
	"math"

	"github.com/parley-contracts/parley/contract/internal/program/format"
	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// textRules are what a string must satisfy.
type textRules struct {
	simpleRules
	// minLength and maxLength are the tightest of the limits, in code points.
	minLength, maxLength int
	minLengths           []limit
	maxLengths           []limit
	patterns             []patternRule
	formats              []formatRule
	// content is set when something looks at the characters.
	content bool
}

// limit is one keyword that bounds a count.
type limit struct {
	n    int
	fact *Fact
}

// formatRule is one format keyword.
type formatRule struct {
	check format.Check
	fact  *Fact
}

func newTextRules() *textRules { return &textRules{maxLength: math.MaxInt} }

// empty reports whether any string will do.
func (r *textRules) empty() bool {
	return r.minLengths == nil && r.maxLengths == nil && r.patterns == nil && r.formats == nil &&
		r.enums == nil && r.groups == nil
}

// stringValue reads a string.
func (m *machine) stringValue(n *node) bool {
	start := m.pos
	end, points, flags := scan.String(m.body, start+1)
	if end < 0 {
		return m.malformed(^end)
	}
	m.pos = end + 1
	if flags&(scan.InvalidUTF8|scan.LoneSurrogate) != 0 && m.again == 0 && !m.fail(factUTF8, start) {
		return false
	}
	if n.types&tString == 0 {
		return m.wrongType(n, tString, start)
	}
	r := n.text
	if r == nil {
		return true
	}
	if (points < r.minLength || points > r.maxLength) && !m.badLength(r, points, start) {
		return false
	}
	if r.content {
		content := m.body[start+1 : end]
		if flags&scan.Escaped != 0 {
			m.text = scan.AppendUnescaped(m.text[:0], content)
			content = m.text
		}
		if !m.content(r, content, start) {
			return false
		}
	}
	if r.groups != nil {
		return m.composed(r.groups, start)
	}
	return true
}

// content checks the characters of a string.
func (m *machine) content(r *textRules, content []byte, at int) bool {
	for _, e := range r.enums {
		if e.strings.find(content) < 0 && !m.fail(e.fact, at) {
			return false
		}
	}
	for i := range r.patterns {
		if !m.pattern(&r.patterns[i], content, at) {
			return false
		}
	}
	for _, f := range r.formats {
		if !f.check(content) && !m.fail(f.fact, at) {
			return false
		}
	}
	return true
}
