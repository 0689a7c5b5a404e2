package pattern

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxRepeat is the largest count that Go's regexp repeats.
const maxRepeat = 1000

// translation is an expression rewritten for the engines.
type translation struct {
	// linear is the expression in Go's syntax.
	linear string
	// net is the expression for the backtracking engine.
	net string
	// backtrack is set when only the backtracking engine can run it.
	backtrack bool
}

// translator reads an ECMA-262 expression and writes both forms. Every
// character class becomes an explicit list of ranges, so that the engines'
// own ideas of \d, \s, dot or \p do not matter.
type translator struct {
	in        string
	pos       int
	linear    strings.Builder
	net       strings.Builder
	backtrack bool
	depth     int
	// atom is set when the thing before may be repeated.
	atom bool
}

func translate(expression string) (translation, error) {
	if !utf8.ValidString(expression) {
		return translation{}, fmt.Errorf("pattern is not UTF-8")
	}
	t := &translator{in: expression}
	for t.pos < len(t.in) {
		if err := t.term(); err != nil {
			return translation{}, fmt.Errorf("pattern at byte %d: %w", t.pos, err)
		}
	}
	if t.depth != 0 {
		return translation{}, fmt.Errorf("pattern: group is not closed")
	}
	return translation{linear: t.linear.String(), net: t.net.String(), backtrack: t.backtrack}, nil
}

// both writes the same text for both engines.
func (t *translator) both(s string) {
	t.linear.WriteString(s)
	t.net.WriteString(s)
}

// term reads one term.
func (t *translator) term() error {
	c := t.in[t.pos]
	switch c {
	case '^':
		t.pos++
		t.both(`\A`)
		t.atom = false
	case '$':
		t.pos++
		t.both(`\z`)
		t.atom = false
	case '|':
		t.pos++
		t.both(`|`)
		t.atom = false
	case '.':
		t.pos++
		t.class(lineEnds.negated())
	case '[':
		return t.bracket()
	case '(':
		return t.group()
	case ')':
		if t.depth == 0 {
			return fmt.Errorf("unmatched )")
		}
		t.depth--
		t.pos++
		t.both(`)`)
		t.atom = true
	case '*', '+', '?':
		t.pos++
		return t.repeat(string(c))
	case '{':
		if n := quantifierLength(t.in[t.pos:]); n > 0 {
			return t.counted(n)
		}
		t.pos++
		t.literal('{')
	case '\\':
		return t.escape()
	default:
		r, size := utf8.DecodeRuneInString(t.in[t.pos:])
		t.pos += size
		t.literal(r)
	}
	return nil
}

// repeat writes a quantifier, with its laziness, which does not change whether
// there is a match.
func (t *translator) repeat(quantifier string) error {
	if !t.atom {
		return fmt.Errorf("nothing to repeat")
	}
	t.atom = false
	if t.pos < len(t.in) && t.in[t.pos] == '?' {
		t.pos++
		quantifier += "?"
	}
	t.both(quantifier)
	return nil
}

// counted writes a quantifier in braces of n bytes.
func (t *translator) counted(n int) error {
	quantifier := t.in[t.pos : t.pos+n]
	low, high, ranged := strings.Cut(strings.Trim(quantifier, "{}"), ",")
	a, errA := strconv.Atoi(low)
	b := a
	var errB error
	if ranged && high != "" {
		b, errB = strconv.Atoi(high)
	}
	if errA != nil || errB != nil || a > 1<<30 || b > 1<<30 {
		return fmt.Errorf("repeat count is too large")
	}
	if b < a {
		return fmt.Errorf("repeat counts are out of order")
	}
	if a > maxRepeat || b > maxRepeat {
		t.backtrack = true
	}
	t.pos += n
	return t.repeat(quantifier)
}

// quantifierLength is the length of {n}, {n,} or {n,m} at the start of s, 0
// without one.
func quantifierLength(s string) int {
	i := 1
	digits := func() bool {
		start := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i > start
	}
	if !digits() {
		return 0
	}
	if i < len(s) && s[i] == ',' {
		i++
		digits()
	}
	if i < len(s) && s[i] == '}' {
		return i + 1
	}
	return 0
}

// group writes the opening of a group.
func (t *translator) group() error {
	rest := t.in[t.pos:]
	t.atom = false
	t.depth++
	if !strings.HasPrefix(rest, "(?") {
		t.pos++
		t.both("(")
		return nil
	}
	for _, open := range []string{"(?:", "(?=", "(?!", "(?<=", "(?<!"} {
		if strings.HasPrefix(rest, open) {
			t.pos += len(open)
			t.both(open)
			t.backtrack = t.backtrack || open != "(?:"
			return nil
		}
	}
	if strings.HasPrefix(rest, "(?<") {
		end := strings.IndexByte(rest, '>')
		if end > 3 && identifier(rest[3:end]) {
			t.pos += end + 1
			t.linear.WriteString("(")
			t.net.WriteString(rest[:end+1])
			return nil
		}
	}
	return fmt.Errorf("group that ECMA-262 does not have")
}

// identifier reports whether s can name a group in every engine.
func identifier(s string) bool {
	for i, c := range s {
		letter := c == '_' || (c|0x20 >= 'a' && c|0x20 <= 'z')
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// bracket reads a character class.
func (t *translator) bracket() error {
	t.pos++
	negate := t.pos < len(t.in) && t.in[t.pos] == '^'
	if negate {
		t.pos++
	}
	var set ranges
	for {
		if t.pos >= len(t.in) {
			return fmt.Errorf("class is not closed")
		}
		if t.in[t.pos] == ']' {
			t.pos++
			break
		}
		low, class, err := t.member()
		if err != nil {
			return err
		}
		if class == nil && t.pos+1 < len(t.in) && t.in[t.pos] == '-' && t.in[t.pos+1] != ']' {
			dash := t.pos
			t.pos++
			high, other, err := t.member()
			if err != nil {
				return err
			}
			if other == nil {
				if high < low {
					return fmt.Errorf("class range is out of order")
				}
				set = append(set, span{low, high})
				continue
			}
			t.pos = dash
		}
		if class != nil {
			set = append(set, class...)
		} else {
			set = append(set, span{low, low})
		}
	}
	set = set.sorted()
	if negate {
		set = set.negated()
	}
	t.class(set)
	return nil
}

// member reads one character or class escape inside brackets.
func (t *translator) member() (rune, ranges, error) {
	if t.in[t.pos] != '\\' {
		r, size := utf8.DecodeRuneInString(t.in[t.pos:])
		t.pos += size
		return r, nil, nil
	}
	if t.pos+1 < len(t.in) && t.in[t.pos+1] == 'b' {
		t.pos += 2
		return '\b', nil, nil
	}
	if t.pos+1 < len(t.in) && t.in[t.pos+1] == '-' {
		t.pos += 2
		return '-', nil, nil
	}
	set, err := t.classEscape()
	if err != nil {
		return 0, nil, err
	}
	if set != nil {
		return 0, set, nil
	}
	r, err := t.character()
	return r, nil, err
}

// escape reads a backslash outside brackets.
func (t *translator) escape() error {
	if t.pos+1 >= len(t.in) {
		return fmt.Errorf("backslash at the end")
	}
	switch c := t.in[t.pos+1]; {
	case c == 'b' || c == 'B':
		t.both(t.in[t.pos : t.pos+2])
		t.pos += 2
		t.atom = false
		return nil
	case c >= '1' && c <= '9':
		end := t.pos + 2
		for end < len(t.in) && t.in[end] >= '0' && t.in[end] <= '9' {
			end++
		}
		t.net.WriteString("(?:" + t.in[t.pos:end] + ")")
		t.pos, t.backtrack, t.atom = end, true, true
		return nil
	case c == 'k':
		end := strings.IndexByte(t.in[t.pos:], '>')
		if end < 4 || t.in[t.pos+2] != '<' || !identifier(t.in[t.pos+3:t.pos+end]) {
			return fmt.Errorf("malformed reference to a group")
		}
		t.net.WriteString(t.in[t.pos : t.pos+end+1])
		t.pos, t.backtrack, t.atom = t.pos+end+1, true, true
		return nil
	}
	set, err := t.classEscape()
	if err != nil {
		return err
	}
	if set != nil {
		t.class(set)
		return nil
	}
	r, err := t.character()
	if err != nil {
		return err
	}
	t.literal(r)
	return nil
}

// literal writes one character.
func (t *translator) literal(r rune) {
	t.atom = true
	t.linear.WriteString(linearRune(r))
	t.net.WriteString(netRune(r))
}

// class writes a set of characters.
func (t *translator) class(set ranges) {
	t.atom = true
	set = set.sorted()
	if len(set) == 0 {
		t.linear.WriteString(`[^\x{0}-\x{10FFFF}]`)
		t.net.WriteString(`(?!)`)
		return
	}
	t.both("[")
	for _, s := range set {
		t.linear.WriteString(linearRune(s.lo))
		t.net.WriteString(netRune(s.lo))
		if s.hi > s.lo {
			t.both("-")
			t.linear.WriteString(linearRune(s.hi))
			t.net.WriteString(netRune(s.hi))
		}
	}
	t.both("]")
}

func linearRune(r rune) string { return fmt.Sprintf(`\x{%X}`, r) }

func netRune(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04X`, r)
	}
	return string(r)
}
