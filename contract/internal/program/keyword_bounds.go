package program

import (
	"fmt"
	"math"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program/number"
)

// bounds compiles minimum, maximum and their exclusive forms: a flag beside
// the bound in OpenAPI 3.0, a bound of its own from 3.1.
func (c *compilation) bounds(e elem, r *numberRules) error {
	s := e.s
	if s.Min != nil {
		if err := c.bound(r, s, "minimum", *s.Min, false, s.ExclusiveMin.IsTrue()); err != nil {
			return err
		}
	}
	if s.Max != nil {
		if err := c.bound(r, s, "maximum", *s.Max, true, s.ExclusiveMax.IsTrue()); err != nil {
			return err
		}
	}
	if v := s.ExclusiveMin.Value; v != nil {
		if err := c.bound(r, s, "exclusiveMinimum", *v, false, true); err != nil {
			return err
		}
	}
	if v := s.ExclusiveMax.Value; v != nil {
		return c.bound(r, s, "exclusiveMaximum", *v, true, true)
	}
	return nil
}

func (c *compilation) bound(r *numberRules, s *openapi3.Schema, keyword string, v float64, upper, exclusive bool) error {
	d, text, err := c.literal(s, keyword, v)
	if err != nil {
		return err
	}
	kind, sign := KindMinimum, ">"
	if upper {
		kind, sign = KindMaximum, "<"
	}
	if !exclusive {
		sign += "="
	}
	fact := c.fact(s, keyword, kind, sign+" "+text)
	r.bounds = append(r.bounds, bound{limit: d, upper: upper, exclusive: exclusive, fact: fact})
	return nil
}

// broken reports whether d is outside the bound.
func (b *bound) broken(d *number.Decimal) bool {
	c := d.Compare(&b.limit)
	if b.upper {
		return c > 0 || (b.exclusive && c == 0)
	}
	return c < 0 || (b.exclusive && c == 0)
}

// literal is the exact value of a number in a schema: from the document when
// the options can tell, else the shortest decimal that reads as v.
func (c *compilation) literal(s *openapi3.Schema, keyword string, v float64) (number.Decimal, string, error) {
	text := ""
	if c.options.Literal != nil {
		text = c.options.Literal(s, keyword)
	}
	if text == "" {
		var known bool
		if text, known = shortest(v); !known {
			return number.Decimal{}, "", c.unsupported(s, keyword, lostDigits)
		}
	}
	if !isNumber(text) {
		return number.Decimal{}, "", c.unsupported(s, keyword, fmt.Sprintf("%q is no number", text))
	}
	d, ok := number.Parse([]byte(text))
	if !ok {
		return number.Decimal{}, "", c.unsupported(s, keyword, "exponent is too large")
	}
	return d, text, nil
}

// lostDigits is the reason to refuse a number that a float64 cannot tell from
// its neighbours.
const lostDigits = "the number has more digits than the document's model keeps"

// exactDigits is how many digits a float64 always keeps, and exactWhole the
// bound of the whole numbers it keeps all of.
const (
	exactDigits = 15
	exactWhole  = 1 << 53
)

// shortest writes a float64 as the document had it. It answers known false for
// a large whole number of so many digits that the document may have had its
// neighbour. The ends of the 64-bit integers, rounded, stand for those ends.
func shortest(v float64) (text string, known bool) {
	switch v {
	case math.MaxInt64:
		return strconv.FormatInt(math.MaxInt64, 10), true
	case math.MinInt64:
		return strconv.FormatInt(math.MinInt64, 10), true
	case math.MaxUint64:
		return strconv.FormatUint(math.MaxUint64, 10), true
	}
	abs := math.Abs(v)
	text = strconv.FormatFloat(v, 'g', -1, 64)
	known = abs < exactWhole || strconv.FormatFloat(v, 'g', exactDigits, 64) == text
	if abs < 1e21 && (abs >= 1e-6 || abs == 0) {
		text = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return text, known
}
