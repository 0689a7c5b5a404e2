// Package number compares decimal numbers exactly, as they are written.
//
// JSON numbers have no size: 9007199254740993 and 1e400 are as good as 1.
// Reading them into floating point would round them, reading them into big
// numbers would allocate. A Decimal keeps the digits where they stand and
// compares those.
package number

import (
	"math"
	"strconv"
)

// MaxExponent is the largest magnitude of an exponent that is understood;
// beyond it Parse answers ok false.
const MaxExponent = 1_000_000

// Decimal is the value 0.D × 10^exp, D being its significant digits. The zero
// value is zero. It aliases the bytes it was parsed from.
type Decimal struct {
	// sig runs from the first to the last digit that is not zero; it may hold
	// one point.
	sig []byte
	// count is the number of digits in sig.
	count    int
	exp      int
	negative bool
}

// Parse understands a token that is a JSON number. It answers ok false when
// the exponent is beyond MaxExponent.
func Parse(token []byte) (d Decimal, ok bool) {
	i := 0
	if i < len(token) && token[i] == '-' {
		d.negative = true
		i++
	}
	first, last, point := -1, -1, -1
	j := i
scan:
	for ; j < len(token); j++ {
		switch c := token[j]; {
		case c == '.':
			point = j
		case c == '0':
		case c >= '1' && c <= '9':
			if first < 0 {
				first = j
			}
			last = j
		default:
			break scan
		}
	}
	if point < 0 {
		point = j
	}
	exp, ok := exponent(token[j:])
	if first < 0 {
		// Zero is zero, whatever its exponent and sign.
		return Decimal{}, true
	}
	if !ok {
		return Decimal{}, false
	}
	d.sig = token[first : last+1]
	d.count = len(d.sig)
	if first < point {
		d.exp = point - first
		if last > point {
			d.count--
		}
	} else {
		d.exp = point + 1 - first
	}
	d.exp += exp
	return d, true
}

// exponent reads the part of a number that starts with e or E.
func exponent(b []byte) (int, bool) {
	if len(b) == 0 {
		return 0, true
	}
	b = b[1:]
	negative := false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		negative = b[0] == '-'
		b = b[1:]
	}
	n := 0
	for _, c := range b {
		n = n*10 + int(c-'0')
		if n > MaxExponent {
			return 0, false
		}
	}
	if negative {
		n = -n
	}
	return n, true
}

// IsZero reports whether the number is zero.
func (d *Decimal) IsZero() bool { return d.count == 0 }

// IsInteger reports whether the number is whole, however it is written.
func (d *Decimal) IsInteger() bool { return d.exp >= d.count }

// Compare is negative, zero or positive as d is less than, equal to or greater
// than e.
func (d *Decimal) Compare(e *Decimal) int {
	switch {
	case d.count == 0 && e.count == 0:
		return 0
	case d.count == 0:
		return -e.sign()
	case e.count == 0 || d.negative != e.negative:
		return d.sign()
	}
	c := d.magnitude(e)
	if d.negative {
		return -c
	}
	return c
}

func (d *Decimal) sign() int {
	if d.negative {
		return -1
	}
	return 1
}

// magnitude compares two numbers other than zero without their signs.
func (d *Decimal) magnitude(e *Decimal) int {
	if d.exp != e.exp {
		if d.exp < e.exp {
			return -1
		}
		return 1
	}
	i, j := 0, 0
	for {
		if i < len(d.sig) && d.sig[i] == '.' {
			i++
		}
		if j < len(e.sig) && e.sig[j] == '.' {
			j++
		}
		switch {
		case i == len(d.sig) && j == len(e.sig):
			return 0
		case i == len(d.sig):
			return -1
		case j == len(e.sig):
			return 1
		case d.sig[i] != e.sig[j]:
			if d.sig[i] < e.sig[j] {
				return -1
			}
			return 1
		}
		i++
		j++
	}
}

// Int64 is the value, when it is whole and fits.
func (d *Decimal) Int64() (int64, bool) {
	if d.count == 0 {
		return 0, true
	}
	if !d.IsInteger() || d.exp > 19 {
		return 0, false
	}
	var u uint64
	for _, c := range d.sig {
		if c != '.' {
			u = u*10 + uint64(c-'0')
		}
	}
	for range d.exp - d.count {
		if u > math.MaxUint64/10 {
			return 0, false
		}
		u *= 10
	}
	if d.negative {
		if u > 1<<63 {
			return 0, false
		}
		return -int64(u), true
	}
	if u > math.MaxInt64 {
		return 0, false
	}
	return int64(u), true
}

// Digits calls yield with each significant digit in turn, for hashing, and
// returns the exponent and the sign.
func (d *Decimal) Digits(yield func(byte)) (exp int, negative bool) {
	for _, c := range d.sig {
		if c != '.' {
			yield(c)
		}
	}
	return d.exp, d.negative
}

// FromInt is the decimal of an integer.
func FromInt(n int64) Decimal {
	d, _ := Parse(strconv.AppendInt(nil, n, 10))
	return d
}
