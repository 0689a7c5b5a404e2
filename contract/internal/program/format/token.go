package format

// UUID is the textual form of RFC 9562: 32 hexadecimal digits in groups of 8,
// 4, 4, 4 and 12.
func UUID(b []byte) bool {
	if len(b) != 36 {
		return false
	}
	for i, c := range b {
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

// Base64 is RFC 4648 section 4: the standard alphabet, with padding.
func Base64(b []byte) bool {
	if len(b)%4 != 0 {
		return false
	}
	for n := 0; n < 2 && len(b) > 0 && b[len(b)-1] == '='; n++ {
		b = b[:len(b)-1]
	}
	for _, c := range b {
		if !isLetter(c) && !isDigit(c) && c != '+' && c != '/' {
			return false
		}
	}
	return true
}

// JSONPointer is a pointer of RFC 6901.
func JSONPointer(b []byte) bool {
	if len(b) > 0 && b[0] != '/' {
		return false
	}
	for i, c := range b {
		if c == '~' && (i+1 == len(b) || (b[i+1] != '0' && b[i+1] != '1')) {
			return false
		}
	}
	return true
}

// RelativeJSONPointer is a number of levels to go up, followed by a pointer or
// by "#".
func RelativeJSONPointer(b []byte) bool {
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	if n == 0 || (n > 1 && b[0] == '0') {
		return false
	}
	rest := b[n:]
	return string(rest) == "#" || JSONPointer(rest)
}
