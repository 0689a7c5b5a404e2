package format

import "unicode/utf8"

// URI is an absolute URI of RFC 3986, its fragment included.
func URI(b []byte) bool { return uri(b, false, false) }

// URIReference is a URI or a relative reference.
func URIReference(b []byte) bool { return uri(b, true, false) }

// IRI is URI with characters outside ASCII (RFC 3987).
func IRI(b []byte) bool { return uri(b, false, true) }

// IRIReference is URIReference with characters outside ASCII.
func IRIReference(b []byte) bool { return uri(b, true, true) }

func uri(b []byte, relative, international bool) bool {
	n := scheme(b)
	if n == 0 && !relative {
		return false
	}
	rest := b[n:]
	if len(rest) >= 2 && rest[0] == '/' && rest[1] == '/' {
		rest = rest[2:]
		m := 0
		for m < len(rest) && rest[m] != '/' && rest[m] != '?' && rest[m] != '#' {
			m++
		}
		if !authority(rest[:m], international) {
			return false
		}
		rest = rest[m:]
	} else if n == 0 && colonInFirstSegment(rest) {
		return false
	}
	return pathQueryFragment(rest, international)
}

// scheme is the length of a scheme with its colon, 0 without one.
func scheme(b []byte) int {
	if len(b) == 0 || !isLetter(b[0]) {
		return 0
	}
	for i, c := range b {
		switch {
		case c == ':':
			return i + 1
		case !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.':
			return 0
		}
	}
	return 0
}

// colonInFirstSegment tells a relative path from something like "1a:b", which
// is neither a scheme nor a path.
func colonInFirstSegment(b []byte) bool {
	for _, c := range b {
		switch c {
		case ':':
			return true
		case '/', '?', '#':
			return false
		}
	}
	return false
}

// authority is user information, host and port.
func authority(b []byte, international bool) bool {
	for i, c := range b {
		if c == '@' {
			if !uriBytes(b[:i], ":", international) {
				return false
			}
			b = b[i+1:]
			break
		}
	}
	if len(b) > 0 && b[0] == '[' {
		end := 0
		for end < len(b) && b[end] != ']' {
			end++
		}
		if end == len(b) || !literalHost(b[1:end]) {
			return false
		}
		return port(b[end+1:])
	}
	n := 0
	for n < len(b) && b[n] != ':' {
		n++
	}
	return uriBytes(b[:n], "", international) && port(b[n:])
}

// literalHost is an IPv6 address, or an address of a version to come.
func literalHost(b []byte) bool {
	if len(b) > 0 && b[0]|0x20 == 'v' {
		dot := 1
		for dot < len(b) && isHex(b[dot]) {
			dot++
		}
		if dot == 1 || dot+1 >= len(b) || b[dot] != '.' {
			return false
		}
		for _, c := range b[dot+1:] {
			if !uriByte(c) && c != ':' {
				return false
			}
		}
		return true
	}
	return IPv6(b)
}

func port(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if b[0] != ':' {
		return false
	}
	for _, c := range b[1:] {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

func pathQueryFragment(b []byte, international bool) bool {
	n := 0
	for n < len(b) && b[n] != '#' {
		n++
	}
	if n < len(b) && !uriBytes(b[n+1:], ":@/?", international) {
		return false
	}
	b = b[:n]
	n = 0
	for n < len(b) && b[n] != '?' {
		n++
	}
	if n < len(b) && !uriBytes(b[n+1:], ":@/?", international) {
		return false
	}
	return uriBytes(b[:n], ":@/", international)
}

// uriBytes reports whether b holds unreserved characters, sub-delimiters,
// percent-encoded bytes and those of also.
func uriBytes(b []byte, also string, international bool) bool {
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case uriTable[c]:
		case c == '%':
			if i+2 >= len(b) || !isHex(b[i+1]) || !isHex(b[i+2]) {
				return false
			}
			i += 2
		case c >= utf8.RuneSelf:
			if !international {
				return false
			}
		default:
			if !contains(also, c) {
				return false
			}
		}
	}
	return true
}

func contains(s string, c byte) bool {
	for i := range len(s) {
		if s[i] == c {
			return true
		}
	}
	return false
}

// uriTable holds the unreserved characters and the sub-delimiters.
var uriTable = func() (t [256]bool) {
	for c := range t {
		t[c] = uriByte(byte(c))
	}
	return t
}()

func uriByte(c byte) bool {
	return isLetter(c) || isDigit(c) || contains("-._~!$&'()*+,;=", c)
}

// URITemplate is a template of RFC 6570.
func URITemplate(b []byte) bool {
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '{':
			n := 1
			for i+n < len(b) && b[i+n] != '}' {
				n++
			}
			if i+n >= len(b) || !expression(b[i+1:i+n]) {
				return false
			}
			i += n
		case c == '%':
			if i+2 >= len(b) || !isHex(b[i+1]) || !isHex(b[i+2]) {
				return false
			}
			i += 2
		case c <= ' ' || c == 0x7f || contains("\"<>\\^`|}", c):
			return false
		}
	}
	return true
}

// expression is the inside of a template's braces.
func expression(b []byte) bool {
	if len(b) > 0 && contains("+#./;?&=,!@|", b[0]) {
		b = b[1:]
	}
	for {
		n := 0
		for n < len(b) && b[n] != ',' {
			n++
		}
		if !variable(b[:n]) {
			return false
		}
		if n == len(b) {
			return true
		}
		b = b[n+1:]
	}
}

// variable is a variable's name with its modifier.
func variable(b []byte) bool {
	if len(b) > 0 && b[len(b)-1] == '*' {
		b = b[:len(b)-1]
	} else {
		for i, c := range b {
			if c == ':' {
				if n := len(b) - i - 1; n < 1 || n > 4 || b[i+1] == '0' {
					return false
				}
				for _, d := range b[i+1:] {
					if !isDigit(d) {
						return false
					}
				}
				b = b[:i]
				break
			}
		}
	}
	if len(b) == 0 || b[0] == '.' || b[len(b)-1] == '.' {
		return false
	}
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c == '.':
			if b[i-1] == '.' {
				return false
			}
		case isLetter(c) || isDigit(c) || c == '_':
		case c == '%' && i+2 < len(b) && isHex(b[i+1]) && isHex(b[i+2]):
			i += 2
		default:
			return false
		}
	}
	return true
}
