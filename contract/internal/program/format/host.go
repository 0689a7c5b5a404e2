package format

import "unicode/utf8"

// IPv4 is a dotted quad without leading zeros.
func IPv4(b []byte) bool {
	parts := 0
	for {
		n, value := 0, 0
		for n < len(b) && isDigit(b[n]) && n < 4 {
			value = value*10 + int(b[n]-'0')
			n++
		}
		if n == 0 || n > 3 || value > 255 || (n > 1 && b[0] == '0') {
			return false
		}
		parts++
		if n == len(b) {
			return parts == 4
		}
		if b[n] != '.' || parts == 4 {
			return false
		}
		b = b[n+1:]
	}
}

// IPv6 is an address of RFC 4291 section 2.2, without a zone.
func IPv6(b []byte) bool {
	groups, gap := 0, false
	if len(b) >= 2 && b[0] == ':' && b[1] == ':' {
		gap = true
		b = b[2:]
		if len(b) == 0 {
			return true
		}
	}
	for {
		n := 0
		for n < len(b) && isHex(b[n]) {
			n++
		}
		if n < len(b) && b[n] == '.' {
			groups += 2
			return IPv4(b) && enough(groups, gap)
		}
		if n == 0 || n > 4 {
			return false
		}
		groups++
		b = b[n:]
		if len(b) == 0 {
			return enough(groups, gap)
		}
		if b[0] != ':' || len(b) == 1 {
			return false
		}
		b = b[1:]
		if b[0] == ':' {
			if gap {
				return false
			}
			gap = true
			b = b[1:]
			if len(b) == 0 {
				return enough(groups, gap)
			}
		}
	}
}

// enough reports whether the groups of an IPv6 address make up 128 bits.
func enough(groups int, gap bool) bool {
	return groups == 8 || (gap && groups < 8)
}

// Hostname is a host name of RFC 1123: labels of letters, digits and inner
// hyphens, 63 bytes each and 253 in all. Punycode is not decoded.
func Hostname(b []byte) bool {
	if len(b) == 0 || len(b) > 253 {
		return false
	}
	for {
		n := 0
		for n < len(b) && b[n] != '.' {
			n++
		}
		if !label(b[:n]) {
			return false
		}
		if n == len(b) {
			return true
		}
		b = b[n+1:]
	}
}

func label(b []byte) bool {
	if len(b) == 0 || len(b) > 63 || b[0] == '-' || b[len(b)-1] == '-' {
		return false
	}
	for _, c := range b {
		if !isDigit(c) && !isLetter(c) && c != '-' {
			return false
		}
	}
	return true
}

// Email is a mailbox of RFC 5321: a dotted or quoted local part, and a host
// name or an address literal.
func Email(b []byte) bool { return mailbox(b, false) }

// IDNEmail is Email with letters outside ASCII on either side of the sign.
func IDNEmail(b []byte) bool { return mailbox(b, true) }

func mailbox(b []byte, international bool) bool {
	at := -1
	for i, c := range b {
		if c == '@' {
			at = i
		}
	}
	if at < 1 || at > 64 || len(b) > 254 {
		return false
	}
	local, domain := b[:at], b[at+1:]
	if local[0] == '"' {
		if !quoted(local, international) {
			return false
		}
	} else if !dotted(local, international) {
		return false
	}
	if len(domain) > 2 && domain[0] == '[' && domain[len(domain)-1] == ']' {
		return addressLiteral(domain[1 : len(domain)-1])
	}
	if international {
		return internationalHost(domain)
	}
	return Hostname(domain)
}

// dotted is a dot-atom: atoms of mail characters between single dots.
func dotted(b []byte, international bool) bool {
	last := byte('.')
	for _, c := range b {
		if c == '.' {
			if last == '.' {
				return false
			}
		} else if !mailByte(c) && (!international || c < utf8.RuneSelf) {
			return false
		}
		last = c
	}
	return last != '.'
}

// quoted is a quoted local part.
func quoted(b []byte, international bool) bool {
	if len(b) < 2 || b[len(b)-1] != '"' {
		return false
	}
	inner := b[1 : len(b)-1]
	for i := 0; i < len(inner); i++ {
		c := inner[i]
		switch c {
		case '"':
			return false
		case '\\':
			i++
			if i == len(inner) {
				return false
			}
			c = inner[i]
		}
		if c < ' ' || c == 0x7f || (c >= utf8.RuneSelf && !international) {
			return false
		}
	}
	return true
}

func mailByte(c byte) bool {
	if isDigit(c) || isLetter(c) {
		return true
	}
	switch c {
	case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '/', '=', '?', '^', '_', '`', '{', '|', '}', '~':
		return true
	}
	return false
}

// addressLiteral is what stands between the brackets of a mail domain.
func addressLiteral(b []byte) bool {
	if len(b) > 5 && (string(b[:5]) == "IPv6:" || string(b[:5]) == "ipv6:") {
		return IPv6(b[5:])
	}
	return IPv4(b)
}

// internationalHost is a host name whose labels may leave ASCII.
func internationalHost(b []byte) bool {
	last := byte('.')
	for _, c := range b {
		switch c {
		case '.':
			if last == '.' || last == '-' {
				return false
			}
		case '-':
			if last == '.' {
				return false
			}
		default:
			if !isDigit(c) && !isLetter(c) && c < utf8.RuneSelf {
				return false
			}
		}
		last = c
	}
	return len(b) > 0 && len(b) <= 253 && last != '.' && last != '-'
}
