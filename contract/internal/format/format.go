package format

import (
	"net/netip"
	"strings"
	"time"
)

// Known reports whether Valid checks the format at all.
func Known(name string) bool { return check(name) != nil }

// Valid reports whether text has the format; an unknown format accepts all.
func Valid(name, text string) bool {
	f := check(name)
	return f == nil || f(text)
}

// Names are the formats that are checked.
func Names() []string {
	return []string{"date", "date-time", "email", "ipv4", "ipv6", "uri", "uuid"}
}

func check(name string) func(string) bool {
	switch name {
	case "date":
		return isDate
	case "date-time":
		return isDateTime
	case "email":
		return isEmail
	case "ipv4":
		return isIPv4
	case "ipv6":
		return isIPv6
	case "uri":
		return isURI
	case "uuid":
		return isUUID
	}
	return nil
}

func isDate(s string) bool {
	if len(s) != len("2006-01-02") {
		return false
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isDateTime follows RFC 3339: upper or lower case T and Z, any number of
// fractional digits, and the leap second at 23:59 UTC.
func isDateTime(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || !isDate(s[:10]) || s[10] != 'T' && s[10] != 't' {
		return false
	}
	hour, ok1 := two(s[11:], 23)
	minute, ok2 := two(s[14:], 59)
	second, ok3 := two(s[17:], 60)
	if !ok1 || !ok2 || !ok3 || s[13] != ':' || s[16] != ':' {
		return false
	}
	rest := s[19:]
	if rest[0] == '.' {
		digits := 1
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		if digits == 1 {
			return false
		}
		rest = rest[digits:]
	}
	offset, ok := zone(rest)
	if !ok {
		return false
	}
	utc := (hour*60 + minute - offset + 2*24*60) % (24 * 60)
	return second < 60 || utc == 23*60+59
}

// zone reads "Z" or "+hh:mm" and returns the offset in minutes.
func zone(s string) (int, bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hour, ok1 := two(s[1:], 23)
	minute, ok2 := two(s[4:], 59)
	if !ok1 || !ok2 {
		return 0, false
	}
	offset := hour*60 + minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

func two(s string, limit int) (int, bool) {
	if len(s) < 2 || s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return 0, false
	}
	n := int(s[0]-'0')*10 + int(s[1]-'0')
	return n, n <= limit
}

func isIPv4(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

// isIPv6 refuses zones, which are local to a machine.
func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !isHex(c) {
				return false
			}
		}
	}
	return true
}

// isEmail accepts the dot-atom form of RFC 5322 with a domain of letters,
// digits, hyphens and non-ASCII letters, or an address literal; quoted local
// parts are accepted when they hold no unescaped quote or control character.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	local, domain := s[:at], s[at+1:]
	if !isDotAtom(local) && !isQuoted(local) {
		return false
	}
	if inner, ok := strings.CutPrefix(domain, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		if v6, tagged := strings.CutPrefix(inner, "IPv6:"); tagged {
			return ok && isIPv6(v6)
		}
		return ok && isIPv4(inner)
	}
	return isHost(domain)
}

func isDotAtom(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" {
			return false
		}
		for i := range len(part) {
			c := part[i]
			if !isAlphanumeric(c) && c < 0x80 && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", rune(c)) {
				return false
			}
		}
	}
	return true
}

func isQuoted(s string) bool {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	for i := 1; i < len(s)-1; i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s)-1 && s[i+1] >= ' ':
			i++
		case s[i] < ' ' || s[i] == '"' || s[i] == '\\' || s[i] == 0x7f:
			return false
		}
	}
	return true
}

// isHost accepts a host name, one label included.
func isHost(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !isAlphanumeric(c) && c != '-' && c != '_' && c < 0x80 {
				return false
			}
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
