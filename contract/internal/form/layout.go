package form

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Style is a style of OpenAPI.
type Style int

// The styles.
const (
	Form Style = iota + 1
	Simple
	Label
	Matrix
	Space
	Pipe
	Deep
)

// StyleOf is the style of a name, that of fallback when it is empty.
func StyleOf(name string, fallback Style) Style {
	switch name {
	case "form", "cookie":
		return Form
	case "simple":
		return Simple
	case "label":
		return Label
	case "matrix":
		return Matrix
	case "spaceDelimited":
		return Space
	case "pipeDelimited":
		return Pipe
	case "deepObject":
		return Deep
	}
	return fallback
}

// Escape is how the characters of a text are encoded.
type Escape int

// The escapes.
const (
	// Plain text, as in a header.
	Plain Escape = iota
	// Percent decodes %XX, as in a path or a cookie, and in a query whose
	// parameter may hold reserved characters.
	Percent
	// Query decodes %XX, and + to a space.
	Query
	// verbatim is text that is decoded already.
	verbatim
)

// Layout is how a value is written.
type Layout struct {
	Style   Style
	Explode bool
	Escape  Escape
	// JSON says that objects, and arrays within arrays, stand there as JSON.
	JSON bool
}

// Text reads a value out of one text. name is the parameter's, which the style
// matrix repeats.
func (l Layout) Text(shape *Shape, name, raw string) *Value {
	shape = shape.orAny()
	body := raw
	if l.Style == Label || l.Style == Matrix {
		mark := map[Style]string{Label: ".", Matrix: ";"}[l.Style]
		rest, ok := strings.CutPrefix(raw, mark)
		if !ok {
			return l.leaf(shape, raw).Add(BadStyle)
		}
		body = rest
	}
	var readings []*Value
	if shape.Array {
		readings = append(readings, l.lists(shape, name, body)...)
	}
	if shape.Object {
		readings = append(readings, l.record(shape, name, body))
	}
	if shape.scalar() || len(readings) == 0 {
		readings = append(readings, l.scalar(shape, name, body))
	}
	for _, other := range readings[1:] {
		readings[0].or(other)
	}
	return readings[0]
}

// scalar reads one value that is neither an array nor an object.
func (l Layout) scalar(shape *Shape, name, body string) *Value {
	if l.Style == Matrix {
		rest, ok := value(name, body)
		if !ok {
			return l.leaf(shape, body).Add(BadStyle)
		}
		body = rest
	}
	return l.leaf(shape, body)
}

// value is what stands behind a name and "=" in the style matrix, which leaves
// the "=" out before nothing.
func value(name, body string) (string, bool) {
	rest, ok := strings.CutPrefix(body, name)
	if !ok || rest != "" && rest[0] != '=' {
		return "", false
	}
	return strings.TrimPrefix(rest, "="), true
}

// lists are the readings of a text as an array, the stricter first.
func (l Layout) lists(shape *Shape, name, body string) []*Value {
	if l.Style == Matrix && l.Explode {
		return []*Value{l.matrixList(shape, name, body)}
	}
	if l.Style == Matrix {
		rest, ok := value(name, body)
		if !ok {
			return []*Value{l.leaf(shape, body).Add(BadStyle)}
		}
		body = rest
	}
	var readings []*Value
	if body == "" {
		readings = append(readings, List())
	}
	for _, parts := range l.splits(body) {
		v := List()
		for _, part := range parts {
			v.Append(l.item(shape, part))
		}
		readings = append(readings, v)
	}
	return readings
}

func (l Layout) matrixList(shape *Shape, name, body string) *Value {
	v := List()
	for part := range strings.SplitSeq(body, ";") {
		text, ok := value(name, part)
		if !ok {
			v.Add(BadStyle)
			continue
		}
		v.Append(l.item(shape, text))
	}
	return v
}

func (l Layout) item(shape *Shape, raw string) *Value { return l.leaf(shape.items(), raw) }

// splits are the ways in which a text may be split at the separators.
func (l Layout) splits(body string) [][]string {
	switch l.Style {
	case Label:
		if l.Explode || !strings.Contains(body, ",") && strings.Contains(body, ".") {
			// Before OpenAPI 3.0.4 the separator was a dot either way.
			return [][]string{strings.Split(body, "."), {body}}
		}
	case Space:
		return [][]string{splitAny(body, "%20", "+", " ")}
	case Pipe:
		return [][]string{splitAny(body, "|", "%7C")}
	case Form:
		if l.Explode {
			return [][]string{{body}}
		}
		splits := [][]string{strings.Split(body, ",")}
		if all := splitAny(body, ",", "%2C"); len(all) > len(splits[0]) {
			splits = append(splits, all) // many clients encode the separator too
		}
		return splits
	}
	return [][]string{strings.Split(body, ",")}
}

// splitAny splits at any of the separators, whatever the case of their
// escapes.
func splitAny(body string, separators ...string) []string {
	var parts []string
	from := 0
scan:
	for i := 0; i < len(body); {
		for _, s := range separators {
			if len(body)-i >= len(s) && strings.EqualFold(body[i:i+len(s)], s) {
				parts = append(parts, body[from:i])
				i += len(s)
				from = i
				continue scan
			}
		}
		i++
	}
	return append(parts, body[from:])
}

// record reads a text as an object.
func (l Layout) record(shape *Shape, name, body string) *Value {
	v := Record()
	if l.JSON {
		return l.leaf(shape, body)
	}
	if l.Style == Matrix && !l.Explode {
		rest, ok := value(name, body)
		if !ok {
			return v.Add(BadStyle)
		}
		body = rest
	}
	if body == "" {
		return v
	}
	if !l.Explode || l.Style == Form || l.Style == Space || l.Style == Pipe {
		l.alternating(v, shape, body)
		return v
	}
	separator := map[Style]string{Matrix: ";", Label: ".", Simple: ","}[l.Style]
	for pair := range strings.SplitSeq(body, separator) {
		member, text, ok := strings.Cut(pair, "=")
		if !ok {
			v.Add(BadStyle)
			continue
		}
		l.set(v, shape, member, text)
	}
	return v
}

// alternating reads names and values that take turns.
func (l Layout) alternating(v *Value, shape *Shape, body string) {
	var parts []string
	for _, split := range l.splits(body) {
		if parts = split; len(parts)%2 == 0 {
			break
		}
	}
	if len(parts)%2 != 0 {
		v.Add(BadStyle)
	}
	for i := 0; i+1 < len(parts); i += 2 {
		l.set(v, shape, parts[i], parts[i+1])
	}
}

// set gives a record a member. The first of a name stays.
func (l Layout) set(v *Value, shape *Shape, rawName, raw string) {
	name, ok := l.Unescape(rawName)
	if !ok {
		v.Add(BrokenEscape)
	}
	if first := v.Member(name); first != nil {
		first.Add(Repeated)
		return
	}
	v.Set(name, l.leaf(shape.member(name), raw))
}

// leaf reads a text that is not to be split any more.
func (l Layout) leaf(shape *Shape, raw string) *Value {
	text, ok := l.Unescape(raw)
	v := l.atom(shape, text)
	if !ok {
		v.Add(BrokenEscape)
	}
	return v
}

// atom is a decoded text: JSON where only that can be meant, else a scalar.
func (l Layout) atom(shape *Shape, text string) *Value {
	if !l.JSON || !shape.Object && !shape.Array {
		return Leaf(shape, text)
	}
	if utf8.ValidString(text) && json.Valid([]byte(text)) {
		v := Literal(text)
		if shape.scalar() {
			v.or(Leaf(shape, text))
		}
		return v
	}
	v := Leaf(shape, text)
	if !shape.scalar() {
		v.Add(NotJSON)
	}
	return v
}

// Unescape decodes a text. ok is false where an escape is broken; that escape
// is left as it stands.
func (l Layout) Unescape(raw string) (text string, ok bool) {
	switch l.Escape {
	case Plain:
		return strings.TrimSpace(raw), true
	case verbatim:
		return raw, true
	}
	if !strings.ContainsAny(raw, "%+") {
		return raw, true
	}
	out := make([]byte, 0, len(raw))
	ok = true
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '+' && l.Escape == Query:
			out = append(out, ' ')
		case c == '%' && i+2 < len(raw) && hex(raw[i+1]) < 16 && hex(raw[i+2]) < 16:
			out = append(out, hex(raw[i+1])<<4|hex(raw[i+2]))
			i += 2
		default:
			ok = ok && c != '%'
			out = append(out, c)
		}
	}
	return string(out), ok
}

func hex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 16
}
