package program

import "strconv"

// minLength compiles the minLength keyword, which counts code points.
func (c *compilation) minLength(e elem, r *textRules) {
	if e.s.MinLength == 0 {
		return
	}
	n := clampInt(e.s.MinLength)
	r.minLengths = append(r.minLengths, limit{n, c.fact(e.s, "minLength", KindMinLength, strconv.FormatUint(e.s.MinLength, 10))})
	r.minLength = max(r.minLength, n)
}

// maxLength compiles the maxLength keyword.
func (c *compilation) maxLength(e elem, r *textRules) {
	if e.s.MaxLength == nil {
		return
	}
	n := clampInt(*e.s.MaxLength)
	r.maxLengths = append(r.maxLengths, limit{n, c.fact(e.s, "maxLength", KindMaxLength, strconv.FormatUint(*e.s.MaxLength, 10))})
	r.maxLength = min(r.maxLength, n)
}

// badLength reports the limits that a string of so many code points breaks.
func (m *machine) badLength(r *textRules, points, at int) bool {
	return m.below(r.minLengths, points, at) && m.above(r.maxLengths, points, at)
}

// below reports the limits that n falls short of.
func (m *machine) below(limits []limit, n, at int) bool {
	for _, l := range limits {
		if n < l.n && !m.fail(l.fact, at) {
			return false
		}
	}
	return true
}

// above reports the limits that n exceeds.
func (m *machine) above(limits []limit, n, at int) bool {
	for _, l := range limits {
		if n > l.n && !m.fail(l.fact, at) {
			return false
		}
	}
	return true
}
