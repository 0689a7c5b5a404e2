package number

import (
	"fmt"
	"math/bits"
)

// Divisor is what a number must be a multiple of.
type Divisor struct {
	// m × 10^exp, m without trailing zeros.
	m   uint64
	exp int
}

// maxDivisorDigits keeps the significand of a divisor within a uint64.
const maxDivisorDigits = 19

// NewDivisor makes a divisor of a number above zero. It refuses those of more
// than 19 significant digits.
func NewDivisor(d Decimal) (Divisor, error) {
	if d.count == 0 || d.negative {
		return Divisor{}, fmt.Errorf("divisor must be above zero")
	}
	if d.count > maxDivisorDigits {
		return Divisor{}, fmt.Errorf("divisor has %d significant digits, at most %d are understood", d.count, maxDivisorDigits)
	}
	v := Divisor{exp: d.exp - d.count}
	for _, c := range d.sig {
		if c != '.' {
			v.m = v.m*10 + uint64(c-'0')
		}
	}
	return v, nil
}

// Divides reports whether d is a multiple of v, exactly.
func (v Divisor) Divides(d *Decimal) bool {
	if d.count == 0 {
		return true
	}
	shift := d.exp - d.count - v.exp
	if shift < 0 {
		// The digits of d end in no zero, so that no power of ten divides it.
		return false
	}
	rest := uint64(0)
	for _, c := range d.sig {
		if c != '.' {
			rest = mulMod(rest, 10, v.m)
			rest = addMod(rest, uint64(c-'0')%v.m, v.m)
		}
	}
	return mulMod(rest, powMod(10, shift, v.m), v.m) == 0
}

func addMod(a, b, m uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	return bits.Rem64(carry, sum, m)
}

func mulMod(a, b, m uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, m)
}

func powMod(base uint64, n int, m uint64) uint64 {
	result := 1 % m
	base %= m
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = mulMod(result, base, m)
		}
		base = mulMod(base, base, m)
	}
	return result
}
