package jsonscan

import (
	"unicode/utf16"
	"unicode/utf8"
)

// escape reads one escape sequence. fine is false for half a surrogate pair.
func (s *scanner) escape() (fine, ok bool) {
	s.at++
	if s.at == len(s.text) {
		return true, false
	}
	switch s.text[s.at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at++
		return true, true
	case 'u':
		r, good := hex4(s.text[s.at+1:])
		if !good {
			return true, false
		}
		s.at += 5
		if !utf16.IsSurrogate(r) {
			return true, true
		}
		if low, good := lowSurrogate(s.text[s.at:]); good && utf16.DecodeRune(r, low) != utf8.RuneError {
			s.at += 6
			return true, true
		}
		return false, true
	}
	return true, false
}

func lowSurrogate(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	return hex4(text[2:])
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range text[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// decode undoes the escapes of a string that str has accepted. Faults become
// U+FFFD, which is what a decoder would make of them.
func decode(text []byte) string {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '\\' && text[i+1] == 'u':
			r, _ := hex4(text[i+2:])
			i += 6
			if utf16.IsSurrogate(r) {
				low, ok := lowSurrogate(text[i:])
				pair := rune(utf8.RuneError)
				if ok {
					pair = utf16.DecodeRune(r, low)
				}
				if pair != utf8.RuneError {
					i += 6
				}
				r = pair
			}
			out = utf8.AppendRune(out, r)
		case c == '\\':
			out = append(out, unescape(text[i+1]))
			i += 2
		case c < utf8.RuneSelf:
			out = append(out, c)
			i++
		default:
			r, size := utf8.DecodeRune(text[i:])
			out = utf8.AppendRune(out, r)
			i += size
		}
	}
	return string(out)
}

func unescape(c byte) byte {
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
	}
	return c
}
