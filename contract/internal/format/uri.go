package format

import (
	"net/netip"
	"strings"
)

// isURI follows RFC 3986: a scheme, a colon, and a rest of the characters a URI
// may hold with complete percent-escapes. An authority must be well formed, and
// http and https must have one with a host. Relative references are refused.
func isURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || !isScheme(scheme) || rest == "" {
		return false
	}
	web := strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
	after, hierarchical := strings.CutPrefix(rest, "//")
	if !hierarchical {
		return !web && isURIText(rest)
	}
	authority, tail := after, ""
	if i := strings.IndexAny(after, "/?#"); i >= 0 {
		authority, tail = after[:i], after[i:]
	}
	if !isURIText(tail) {
		return false
	}
	if authority == "" {
		return !web
	}
	return isAuthority(authority, web)
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '+' && c != '-' && c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// isURIText accepts the characters of a path, query and fragment, one "#" at
// most.
func isURIText(s string) bool {
	fragment := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		case c == '#':
			if fragment {
				return false
			}
			fragment = true
		case !isAlphanumeric(c) && strings.IndexByte("-._~:/?@!$&'()*+,;=", c) < 0:
			return false
		}
	}
	return true
}

func isAuthority(s string, web bool) bool {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		if strings.ContainsAny(s[:i], "@[]#?/") || !isURIText(s[:i]) {
			return false
		}
		s = s[i+1:]
	}
	host := s
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return false
		}
		address, err := netip.ParseAddr(s[1:end])
		if err != nil || !address.Is6() {
			return false
		}
		return s[end+1:] == "" || s[end+1] == ':' && isPort(s[end+2:])
	}
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if !isPort(s[i+1:]) {
			return false
		}
		host = s[:i]
	}
	if host == "" {
		return !web
	}
	return isRegName(host)
}

func isPort(s string) bool {
	if len(s) > 5 {
		return false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n <= 65535
}

func isRegName(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		case !isAlphanumeric(c) && strings.IndexByte("-._~!$&'()*+,;=", c) < 0:
			return false
		}
	}
	return true
}
