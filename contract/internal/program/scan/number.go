package scan

// NumberKind says how far a number was understood while it was read.
type NumberKind uint8

// The kinds of numbers.
const (
	// Small is an integer without fraction and exponent that fits 18 digits.
	Small NumberKind = iota
	// Long is an integer without fraction and exponent of more digits.
	Long
	// Decimal has a fraction or an exponent; it may still be a whole number.
	Decimal
)

// smallDigits is how many decimal digits always fit an int64.
const smallDigits = 18

// Number reads a number at i. It returns the index behind it, its value when
// the kind is Small, and the kind. When the bytes are no JSON number, end is
// negative and ^end is the index of the offending byte.
func Number(b []byte, i int) (end int, value int64, kind NumberKind) {
	negative := false
	if i < len(b) && b[i] == '-' {
		negative = true
		i++
	}
	if i >= len(b) {
		return ^len(b), 0, Small
	}
	start := i
	switch c := b[i]; {
	case c == '0':
		i++
	case c >= '1' && c <= '9':
		for i < len(b) && b[i]-'0' <= 9 {
			value = value*10 + int64(b[i]-'0')
			i++
		}
	default:
		return ^i, 0, Small
	}
	if i-start > smallDigits {
		kind, value = Long, 0
	}
	if i < len(b) && (b[i] == '.' || b[i]|0x20 == 'e') {
		end = fraction(b, i)
		return end, 0, Decimal
	}
	if negative {
		value = -value
	}
	return i, value, kind
}

// fraction reads what follows the integer part of a number.
func fraction(b []byte, i int) (end int) {
	if b[i] == '.' {
		i++
		start := i
		i = digits(b, i)
		if i == start {
			return ^i
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		start := i
		i = digits(b, i)
		if i == start {
			return ^i
		}
	}
	return i
}

// digits steps over decimal digits.
func digits(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}
