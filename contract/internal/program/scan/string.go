package scan

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// Flags say what was met inside a string.
type Flags uint8

// The flags of a string.
const (
	// Escaped is set when the string holds at least one backslash escape.
	Escaped Flags = 1 << iota
	// InvalidUTF8 is set when the string holds bytes that are not UTF-8.
	InvalidUTF8
	// LoneSurrogate is set when an escape names half of a surrogate pair.
	LoneSurrogate
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks, by their high bits, the bytes of x that end the quick part of
// a string: a quote, a backslash, a control byte or one outside ASCII. Only the
// lowest mark is exact, since borrows run upwards.
func special(x uint64) uint64 {
	quote := x ^ ones*'"'
	slash := x ^ ones*'\\'
	return ((quote-ones)&^quote | (slash-ones)&^slash | (x - ones*0x20) | x) & highs
}

// String reads a string whose content starts at i, just behind the opening
// quote. It returns the index of the closing quote, the length in code points
// and what was met. When the bytes are no JSON string, end is negative and
// ^end is the index of the offending byte (len(b) when the string is not
// closed).
func String(b []byte, i int) (end, points int, flags Flags) {
	start := i
	for i+8 <= len(b) {
		if marks := special(binary.LittleEndian.Uint64(b[i:])); marks != 0 {
			i += bits.TrailingZeros64(marks) >> 3
			if b[i] == '"' {
				return i, i - start, 0
			}
			return slowString(b, start, i)
		}
		i += 8
	}
	return slowString(b, start, i)
}

// slowString goes on from i, with the bytes from start to i known to be plain
// ASCII.
func slowString(b []byte, start, i int) (end, points int, flags Flags) {
	points = i - start
	for i < len(b) {
		c := b[i]
		switch {
		case c == '"':
			return i, points, flags
		case c == '\\':
			n, lone := escape(b, i)
			if n < 0 {
				return n, points, flags
			}
			flags |= Escaped
			if lone {
				flags |= LoneSurrogate
			}
			i += n
			points++
		case c < 0x20:
			return ^i, points, flags
		case c < utf8.RuneSelf:
			i++
			points++
		default:
			r, size := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && size == 1 {
				flags |= InvalidUTF8
			}
			i += size
			points++
		}
	}
	return ^len(b), points, flags
}

// escape measures the escape sequence at i. A pair of surrogates counts as one
// sequence. n is negative when it is malformed.
func escape(b []byte, i int) (n int, lone bool) {
	if i+1 >= len(b) {
		return ^len(b), false
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, false
	case 'u':
	default:
		return ^(i + 1), false
	}
	r, ok := hex4(b, i+2)
	if !ok {
		return ^min(i+2, len(b)), false
	}
	if !utf16.IsSurrogate(r) {
		return 6, false
	}
	if i+7 < len(b) && b[i+6] == '\\' && b[i+7] == 'u' {
		if low, ok := hex4(b, i+8); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return 12, false
		}
	}
	return 6, true
}

// hex4 reads four hexadecimal digits at i.
func hex4(b []byte, i int) (rune, bool) {
	if i+4 > len(b) {
		return 0, false
	}
	var r rune
	for _, c := range b[i : i+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// AppendUnescaped appends the content of a string, raw being what stands
// between its quotes and known to be well formed, with its escapes resolved. A
// lone surrogate becomes U+FFFD.
func AppendUnescaped(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		if i+1 >= len(raw) {
			return dst
		}
		if raw[i+1] != 'u' {
			dst = append(dst, unescaped(raw[i+1]))
			i += 2
			continue
		}
		r, _ := hex4(raw, i+2)
		i += 6
		if utf16.IsSurrogate(r) {
			low, ok := rune(0), false
			if i+1 < len(raw) && raw[i] == '\\' && raw[i+1] == 'u' {
				low, ok = hex4(raw, i+2)
			}
			if r = utf16.DecodeRune(r, low); ok && r != utf8.RuneError {
				i += 6
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// unescaped is the byte that a one-letter escape stands for.
func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default:
		return c
	}
}
