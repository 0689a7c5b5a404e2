package form

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
)

// Problem is what is wrong with the text of a value, apart from the schema.
type Problem int

// The problems.
const (
	// BrokenEscape is a percent sign without two hexadecimal digits.
	BrokenEscape Problem = iota + 1
	// NotUTF8 is text that is not UTF-8 once it is decoded.
	NotUTF8
	// Repeated is a value that is given several times and takes one; the first
	// is the one that is read.
	Repeated
	// BadStyle is text that is not written in the style.
	BadStyle
	// NotJSON is text that should be JSON.
	NotJSON
	// Nested is a name with more brackets than are followed.
	Nested
)

type kind int

const (
	leaf kind = iota
	list
	record
	literal
)

// Value is what a text was read as. It is a tree whose leaves may have other
// readings.
type Value struct {
	kind     kind
	shape    *Shape
	text     string
	asText   bool
	items    []*Value
	names    []string
	index    map[string]int
	problems []Problem
	// next is another reading of the same text, nil for none.
	next *Value
}

// Leaf is text that stands for a scalar.
func Leaf(shape *Shape, text string) *Value {
	v := &Value{kind: leaf, shape: shape.orAny(), text: text}
	if !utf8.ValidString(text) {
		v.text = strings.ToValidUTF8(text, "\uFFFD")
		v.Add(NotUTF8)
	}
	return v
}

// Literal is text that is JSON already; the caller has made sure of it.
func Literal(text string) *Value { return &Value{kind: literal, text: text} }

// List is an array.
func List(items ...*Value) *Value { return &Value{kind: list, items: items} }

// Record is an object without members.
func Record() *Value { return &Value{kind: record, index: make(map[string]int)} }

// Set gives a record a member, in the place of one of the same name.
func (v *Value) Set(name string, member *Value) {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if i, ok := v.index[name]; ok {
		v.items[i] = member
		return
	}
	v.index[name] = len(v.items)
	v.names, v.items = append(v.names, name), append(v.items, member)
}

// Member is the member of a record, nil when it has none of that name.
func (v *Value) Member(name string) *Value {
	if i, ok := v.index[name]; ok {
		return v.items[i]
	}
	return nil
}

// Append adds an item to a list.
func (v *Value) Append(item *Value) { v.items = append(v.items, item) }

// Add notes a problem.
func (v *Value) Add(p Problem) *Value {
	v.problems = append(v.problems, p)
	return v
}

// or sets the last of the value's other readings.
func (v *Value) or(next *Value) *Value {
	last := v
	for last.next != nil {
		last = last.next
	}
	last.next = next
	return v
}

// AppendJSON writes the value as JSON, in its present reading.
func (v *Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case literal:
		return append(dst, v.text...)
	case list:
		dst = append(dst, '[')
		for i, item := range v.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.AppendJSON(dst)
		}
		return append(dst, ']')
	case record:
		dst = append(dst, '{')
		for i, item := range v.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, v.names[i]), ':')
			dst = item.AppendJSON(dst)
		}
		return append(dst, '}')
	}
	if v.bare() {
		if v.text == "" {
			return append(dst, "null"...)
		}
		return append(dst, v.text...)
	}
	return appendString(dst, v.text)
}

// bare reports whether a leaf is read as something else than a string.
func (v *Value) bare() bool {
	switch {
	case v.asText:
		return false
	case v.shape.Number && isNumber(v.text):
		return true
	case v.shape.Boolean && (v.text == "true" || v.text == "false"):
		return true
	}
	return v.text == "" && v.shape.Null && !v.shape.Text
}

// isNumber reports whether text is a JSON number.
func isNumber(text string) bool {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	last := text[len(text)-1]
	return last >= '0' && last <= '9' && json.Valid([]byte(text))
}

const hexDigits = "0123456789abcdef"

// appendString writes valid UTF-8 as a JSON string.
func appendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// Problems passes each problem of the value, and of what is in it, to emit with
// the JSON Pointer of its place.
func (v *Value) Problems(emit func(pointer string, p Problem)) { v.walk(nil, emit) }

func (v *Value) walk(at []byte, emit func(string, Problem)) {
	for _, p := range v.problems {
		emit(string(at), p)
	}
	for i, item := range v.items {
		item.walk(v.token(at, i), emit)
	}
}

// token appends the place of an item to a pointer.
func (v *Value) token(at []byte, i int) []byte {
	if v.kind == record {
		return jsonscan.AppendToken(append(at, '/'), v.names[i])
	}
	return strconv.AppendInt(append(at, '/'), int64(i), 10)
}

// Reread takes the next reading of each place that is at, above or below one of
// the pointers, and reports whether there was any.
func (v *Value) Reread(pointers []string) bool { return v.reread(nil, pointers) }

func (v *Value) reread(at []byte, pointers []string) (changed bool) {
	if !concerns(string(at), pointers) {
		return false
	}
	switch {
	case v.next != nil:
		*v = *v.next
		return true
	case v.kind == leaf:
		changed = v.bare() && v.shape.Text
		v.asText = v.asText || changed
		return changed
	}
	for i, item := range v.items {
		changed = item.reread(v.token(at, i), pointers) || changed
	}
	return changed
}

func concerns(at string, pointers []string) bool {
	for _, p := range pointers {
		if within(at, p) || within(p, at) {
			return true
		}
	}
	return false
}

// within reports whether a pointer leads to another or below it.
func within(pointer, above string) bool {
	rest, ok := strings.CutPrefix(pointer, above)
	return ok && (rest == "" || rest[0] == '/')
}

// Len is the number of items of a list or members of a record.
func (v *Value) Len() int { return len(v.items) }

// JSON is text that should be JSON, and a string where the shape allows one.
func JSON(shape *Shape, text string) *Value {
	return Layout{JSON: true}.atom(&Shape{Array: true, Object: true, Text: shape != nil && shape.Text}, text)
}
