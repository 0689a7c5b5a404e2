package scan

// Space is the index of the first byte at or behind i that is no white space.
func Space(b []byte, i int) int {
	for i < len(b) {
		switch b[i] {
		case ' ', '\t', '\n', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// Literal reports whether word, one of true, false and null, stands at i.
func Literal(b []byte, i int, word string) bool {
	return len(b)-i >= len(word) && string(b[i:i+len(word)]) == word
}

// Skip steps over the value at i, which may have white space before it, and
// returns the index behind it, or -1 when it finds no end. It looks at brackets
// and strings alone, so that it is quick; it does not prove that the value is
// well formed.
func Skip(b []byte, i int) int {
	i = Space(b, i)
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			end, _, _ := String(b, i+1)
			if end < 0 {
				return -1
			}
			i = end + 1
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			if depth == 0 {
				return -1
			}
			depth--
			i++
		case ' ', '\t', '\n', '\r', ',', ':':
			if depth == 0 {
				return -1
			}
			i++
			continue
		default:
			i = word(b, i)
		}
		if depth == 0 {
			return i
		}
	}
	return -1
}

// word steps over a number or a literal.
func word(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case ' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']', '"':
			return i
		}
	}
	return i
}
