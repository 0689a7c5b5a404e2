package program

import (
	"time"

	"github.com/parley-contracts/parley/contract/internal/program/pattern"
)

// patternRule is one pattern keyword.
type patternRule struct {
	match *pattern.Pattern
	fact  *Fact
}

// stepBytes is how many bytes of text a slow pattern may read for one step.
const stepBytes = 16

// pattern compiles the pattern keyword.
func (c *compilation) pattern(e elem, r *textRules) error {
	if e.s.Pattern == "" {
		return nil
	}
	p, err := c.expression(e.s.Pattern)
	if err != nil {
		return c.unsupported(e.s, "pattern", err.Error())
	}
	r.patterns = append(r.patterns, patternRule{p, c.fact(e.s, "pattern", KindPattern, e.s.Pattern)})
	r.content = true
	return nil
}

// expression compiles a regular expression once.
func (c *compilation) expression(text string) (*pattern.Pattern, error) {
	if p, ok := c.patterns[text]; ok {
		return p, nil
	}
	p, err := pattern.Compile(text, c.options.MatchTimeout)
	if err != nil {
		return nil, err
	}
	c.patterns[text] = p
	return p, nil
}

// pattern checks one pattern.
func (m *machine) pattern(r *patternRule, content []byte, at int) bool {
	ok, decided := m.matchesPattern(r.match, content, at)
	if !decided {
		return !m.dead
	}
	return ok || m.fail(r.fact, at)
}

// matchesPattern runs a pattern, paying for it from the budget. It answers
// decided false when the pattern ran out of time.
func (m *machine) matchesPattern(p *pattern.Pattern, content []byte, at int) (ok, decided bool) {
	m.steps -= len(content) / stepBytes
	if p.Linear() {
		ok, _ = p.Match(content)
		return ok, true
	}
	start := time.Now()
	ok, err := p.Match(content)
	m.slow -= time.Since(start)
	if m.slow < 0 {
		return false, m.giveUp(factBudget, at)
	}
	if err != nil {
		// The finding stands for the pattern's: the run goes on where it can.
		if !m.undecided(factBudget, at) {
			m.dead = true
		}
		return false, false
	}
	return ok, true
}
