package program

import (
	"math"

	"github.com/parley-contracts/parley/contract/internal/program/number"
	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// numberRules are what a number must satisfy.
type numberRules struct {
	simpleRules
	// low and high enclose whole numbers that are within all bounds. Outside
	// them the bounds decide.
	low, high int64
	// quick is set when low and high are all there is to check for the whole
	// numbers between them.
	quick    bool
	bounds   []bound
	divisors []divisorRule
}

// bound is one keyword that limits a number.
type bound struct {
	limit            number.Decimal
	upper, exclusive bool
	fact             *Fact
}

// divisorRule is one multipleOf keyword.
type divisorRule struct {
	divisor number.Divisor
	fact    *Fact
}

func (r *numberRules) empty() bool {
	return r.bounds == nil && r.divisors == nil && r.enums == nil && r.groups == nil
}

// settle works out low, high and quick once all bounds are known.
func (r *numberRules) settle() {
	r.low, r.high = math.MinInt64, math.MaxInt64
	for i := range r.bounds {
		b := &r.bounds[i]
		if b.upper {
			r.high = min(r.high, b.within())
		} else {
			r.low = max(r.low, b.within())
		}
	}
	r.quick = r.divisors == nil && r.enums == nil && r.groups == nil
}

// within is a whole number that surely satisfies the bound, the nearest one
// when the bound is a whole number that fits.
func (b *bound) within() int64 {
	inside := int64(1)
	if b.upper {
		inside = -1
	}
	if v, ok := b.limit.Int64(); ok {
		if !b.exclusive {
			return v
		}
		if v != math.MaxInt64 && v != math.MinInt64 {
			return v + inside
		}
	}
	// The comparison of decimals decides whatever is not surely inside.
	small, large := b.nearest()
	if b.upper {
		return small
	}
	return large
}

// nearest are whole numbers at or below and at or above the bound.
func (b *bound) nearest() (small, large int64) {
	lo, hi := int64(-1<<53), int64(1<<53)
	if d := number.FromInt(lo); b.limit.Compare(&d) <= 0 {
		return math.MinInt64, lo
	}
	if d := number.FromInt(hi); b.limit.Compare(&d) >= 0 {
		return hi, math.MaxInt64
	}
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		if d := number.FromInt(mid); b.limit.Compare(&d) >= 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, hi
}

// numberValue reads a number.
func (m *machine) numberValue(n *node) bool {
	start := m.pos
	end, value, kind := scan.Number(m.body, start)
	if end < 0 {
		return m.malformed(^end)
	}
	m.pos = end
	if kind == scan.Small {
		if n.types&tInteger != 0 {
			r := n.number
			if r == nil || (r.quick && value >= r.low && value <= r.high) {
				return true
			}
		}
	} else if n.number == nil && n.types&tNumber == tNumber {
		return true
	}
	return m.exactNumber(n, start, end)
}

// exactNumber checks a number digit by digit.
func (m *machine) exactNumber(n *node, start, end int) bool {
	d, ok := number.Parse(m.body[start:end])
	if !ok {
		return m.undecided(factNumber, start)
	}
	have := tFraction
	if d.IsInteger() {
		have = tInteger
	}
	if n.types&have == 0 {
		return m.wrongType(n, have, start)
	}
	r := n.number
	if r == nil {
		return true
	}
	for i := range r.bounds {
		if b := &r.bounds[i]; b.broken(&d) && !m.fail(b.fact, start) {
			return false
		}
	}
	for i := range r.divisors {
		if !r.divisors[i].divisor.Divides(&d) && !m.fail(r.divisors[i].fact, start) {
			return false
		}
	}
	for _, e := range r.enums {
		if !e.hasNumber(&d) && !m.fail(e.fact, start) {
			return false
		}
	}
	return m.composed(r.groups, start)
}
