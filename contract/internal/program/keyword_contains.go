package program

import (
	"math"
	"strconv"
)

// containsRule is one contains keyword with its bounds.
type containsRule struct {
	node     *node
	min, max int
	fact     *Fact
	tooMany  *Fact
}

// contains compiles contains, minContains and maxContains.
func (c *compilation) contains(e elem, r *arrayRules) error {
	if e.s.Contains == nil {
		return nil
	}
	child, err := c.elem(e.s, "contains", e.s.Contains)
	if err != nil {
		return err
	}
	n, err := c.node([]elem{child}, false)
	if err != nil {
		return err
	}
	rule := &containsRule{node: n, min: 1, max: math.MaxInt}
	keyword := "contains"
	if v := e.s.MinContains; v != nil {
		rule.min, keyword = clampInt(*v), "minContains"
	}
	rule.fact = c.fact(e.s, keyword, KindMinItems, strconv.Itoa(rule.min))
	if v := e.s.MaxContains; v != nil {
		rule.max = clampInt(*v)
		rule.tooMany = c.fact(e.s, "maxContains", KindMaxItems, strconv.Itoa(rule.max))
	}
	r.contains = append(r.contains, rule)
	r.perItem = true
	return nil
}

// contained checks how many items matched.
func (m *machine) contained(c *containsRule, count, at int) bool {
	if count < c.min && !m.fail(c.fact, at) {
		return false
	}
	return count <= c.max || m.fail(c.tooMany, at)
}
