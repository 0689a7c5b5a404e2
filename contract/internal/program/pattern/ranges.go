package pattern

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// span is a run of characters, both ends included.
type span struct{ lo, hi rune }

// ranges is a set of characters.
type ranges []span

// The classes of ECMA-262, in Unicode mode and without its ignore-case flag.
var (
	digits   = ranges{{'0', '9'}}
	words    = ranges{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	lineEnds = ranges{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}
	spaces   = ranges{
		{'\t', '\r'}, {' ', ' '}, {0xa0, 0xa0}, {0x1680, 0x1680}, {0x2000, 0x200a},
		{0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff},
	}
)

// sorted returns the set in order, without overlaps.
func (rs ranges) sorted() ranges {
	rs = slices.Clone(rs)
	slices.SortFunc(rs, func(a, b span) int { return int(a.lo - b.lo) })
	out := rs[:0]
	for _, s := range rs {
		if n := len(out); n > 0 && s.lo <= out[n-1].hi+1 {
			out[n-1].hi = max(out[n-1].hi, s.hi)
			continue
		}
		out = append(out, s)
	}
	return out
}

// negated returns every other character.
func (rs ranges) negated() ranges {
	out := ranges{}
	next := rune(0)
	for _, s := range rs.sorted() {
		if s.lo > next {
			out = append(out, span{next, s.lo - 1})
		}
		next = s.hi + 1
	}
	if next <= utf8.MaxRune {
		out = append(out, span{next, utf8.MaxRune})
	}
	return out
}

// classEscape reads an escape that stands for a set. It answers nil, without
// moving, when there is none.
func (t *translator) classEscape() (ranges, error) {
	if t.pos+1 >= len(t.in) {
		return nil, fmt.Errorf("backslash at the end")
	}
	var set ranges
	switch t.in[t.pos+1] {
	case 'd':
		set = digits
	case 'D':
		set = digits.negated()
	case 'w':
		set = words
	case 'W':
		set = words.negated()
	case 's':
		set = spaces
	case 'S':
		set = spaces.negated()
	case 'p', 'P':
		return t.property()
	default:
		return nil, nil
	}
	t.pos += 2
	return set, nil
}

// property reads \p{...} or \P{...}.
func (t *translator) property() (ranges, error) {
	negate := t.in[t.pos+1] == 'P'
	rest := t.in[t.pos+2:]
	end := strings.IndexByte(rest, '}')
	if !strings.HasPrefix(rest, "{") || end < 2 {
		return nil, fmt.Errorf("malformed Unicode property")
	}
	tab, err := unicodeTable(rest[1:end])
	if err != nil {
		return nil, err
	}
	t.pos += 2 + end + 1
	set := ranges{}
	for _, r := range tab.R16 {
		set = appendStrided(set, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range tab.R32 {
		set = appendStrided(set, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	if negate {
		return set.negated(), nil
	}
	return set, nil
}

func appendStrided(set ranges, lo, hi, stride rune) ranges {
	if stride == 1 {
		return append(set, span{lo, hi})
	}
	for r := lo; r <= hi; r += stride {
		set = append(set, span{r, r})
	}
	return set
}

// unicodeTable finds a Unicode property by the names ECMA-262 knows.
func unicodeTable(name string) (*unicode.RangeTable, error) {
	key, value, pair := strings.Cut(name, "=")
	switch {
	case !pair:
		if long, ok := generalCategories[key]; ok {
			key = long
		}
		if tab, ok := unicode.Categories[key]; ok {
			return tab, nil
		}
		if tab, ok := binaryProperties[key]; ok {
			return tab, nil
		}
	case key == "General_Category" || key == "gc":
		if long, ok := generalCategories[value]; ok {
			value = long
		}
		if tab, ok := unicode.Categories[value]; ok {
			return tab, nil
		}
	case key == "Script" || key == "sc":
		if tab, ok := unicode.Scripts[value]; ok {
			return tab, nil
		}
	}
	return nil, fmt.Errorf("unicode property %q is not known", name)
}

// binaryProperties are the properties that are no general category.
var binaryProperties = map[string]*unicode.RangeTable{
	"White_Space": unicode.White_Space, "Hex_Digit": unicode.Hex_Digit, "ASCII_Hex_Digit": unicode.ASCII_Hex_Digit,
	"Ideographic": unicode.Ideographic, "Dash": unicode.Dash, "Diacritic": unicode.Diacritic,
}

// generalCategories are the long names of the general categories.
var generalCategories = map[string]string{
	"Letter": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt",
	"Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Nonspacing_Mark": "Mn",
	"Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd",
	"Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc",
	"Dash_Punctuation": "Pd", "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi",
	"Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm",
	"Currency_Symbol": "Sc", "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z",
	"Space_Separator": "Zs", "Line_Separator": "Zl", "Paragraph_Separator": "Zp", "Control": "Cc",
	"Format": "Cf", "Private_Use": "Co", "Surrogate": "Cs",
}

// character reads an escape that stands for one character.
func (t *translator) character() (rune, error) {
	rest := t.in[t.pos+1:]
	c := rest[0]
	switch c {
	case 't':
		t.pos += 2
		return '\t', nil
	case 'n':
		t.pos += 2
		return '\n', nil
	case 'v':
		t.pos += 2
		return '\v', nil
	case 'f':
		t.pos += 2
		return '\f', nil
	case 'r':
		t.pos += 2
		return '\r', nil
	case '0':
		if len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9' {
			return 0, fmt.Errorf("octal escape")
		}
		t.pos += 2
		return 0, nil
	case 'c':
		if len(rest) < 2 || rest[1]|0x20 < 'a' || rest[1]|0x20 > 'z' {
			return 0, fmt.Errorf("malformed control escape")
		}
		t.pos += 3
		return rune(rest[1] & 0x1f), nil
	case 'x':
		return t.hex(2, 2)
	case 'u':
		return t.unicodeEscape()
	}
	if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' {
		return 0, fmt.Errorf(`escape \%c is not in ECMA-262`, c)
	}
	r, size := utf8.DecodeRuneInString(rest)
	t.pos += 1 + size
	return r, nil
}

// hex reads n hexadecimal digits that stand skip bytes behind the backslash.
func (t *translator) hex(skip, n int) (rune, error) {
	from := t.pos + skip
	if from+n > len(t.in) {
		return 0, fmt.Errorf("malformed hexadecimal escape")
	}
	v, err := strconv.ParseUint(t.in[from:from+n], 16, 32)
	if err != nil || v > utf8.MaxRune {
		return 0, fmt.Errorf("malformed hexadecimal escape")
	}
	t.pos = from + n
	return rune(v), nil
}

// unicodeEscape reads \uXXXX, a pair of them, or \u{X}.
func (t *translator) unicodeEscape() (rune, error) {
	rest := t.in[t.pos:]
	if strings.HasPrefix(rest, `\u{`) {
		end := strings.IndexByte(rest, '}')
		if end < 4 || end > 11 {
			return 0, fmt.Errorf("malformed Unicode escape")
		}
		r, err := t.hex(3, end-3)
		t.pos++
		return r, err
	}
	r, err := t.hex(2, 4)
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if strings.HasPrefix(t.in[t.pos:], `\u`) {
		if low, err := t.hex(2, 4); err == nil {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, nil
			}
		}
	}
	return 0, fmt.Errorf("half of a surrogate pair")
}
