package program

import "github.com/parley-contracts/parley/contract/internal/program/number"

// multipleOf compiles the multipleOf keyword, which is decided on the decimal
// digits: 0.3 is a multiple of 0.1.
func (c *compilation) multipleOf(e elem, r *numberRules) error {
	if e.s.MultipleOf == nil {
		return nil
	}
	d, text, err := c.literal(e.s, "multipleOf", *e.s.MultipleOf)
	if err != nil {
		return err
	}
	v, err := number.NewDivisor(d)
	if err != nil {
		return c.unsupported(e.s, "multipleOf", err.Error())
	}
	r.divisors = append(r.divisors, divisorRule{v, c.fact(e.s, "multipleOf", KindMultipleOf, text)})
	return nil
}
