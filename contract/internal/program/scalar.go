package program

import (
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// Layout is how the text of a parameter holds its value.
type Layout uint8

// The layouts. Objects have none here: CompileScalar refuses them.
const (
	// LayoutPlain is one value that is no array.
	LayoutPlain Layout = iota
	// LayoutRepeated is an array whose items are the repetitions of the
	// parameter (style form, exploded).
	LayoutRepeated
	// LayoutComma, LayoutSpace and LayoutPipe are arrays whose items stand in
	// one text between separators; a space may also be written %20 or +.
	LayoutComma
	LayoutSpace
	LayoutPipe
)

// Encoding is what of the text is encoded, and is decoded behind the splitting
// at separators.
type Encoding uint8

// The encodings.
const (
	// EncodingNone is plain text, as in a header.
	EncodingNone Encoding = iota
	// EncodingPercent decodes %XX, as in a path or a cookie.
	EncodingPercent
	// EncodingQuery decodes %XX, and + to a space.
	EncodingQuery
)

// Scalar is a compiled schema for values that arrive as text: parameters and
// headers. It is immutable and safe for concurrent use.
//
// The text is turned into JSON by the types that the schema permits, a number
// before a boolean before a string, and runs through the same program as a
// body: where several types are permitted, the first that matches is taken.
type Scalar struct {
	program  *Program
	layout   Layout
	encoding Encoding
}

// CompileScalar compiles the schema of a parameter. The error is an *Error; it
// also refuses schemas that permit nothing but objects, and array layouts of
// schemas that permit no array.
func (c *Compiler) CompileScalar(ref *openapi3.SchemaRef, layout Layout, encoding Encoding) (*Scalar, error) {
	p, err := c.Compile(ref)
	if err != nil {
		return nil, err
	}
	t := p.root.types
	if t&^(tObject|tNull) == 0 && t != 0 {
		return nil, c.c.unsupported(ref.Value, "type", "objects in parameters are not compiled")
	}
	if layout == LayoutPlain && t&^(tObject|tArray|tNull) == 0 && t != 0 {
		return nil, c.c.unsupported(ref.Value, "type", "an array needs a layout")
	}
	if layout != LayoutPlain && t&tArray == 0 {
		return nil, c.c.unsupported(ref.Value, "type", "the layout is for arrays")
	}
	return &Scalar{program: p, layout: layout, encoding: encoding}, nil
}

// Accept reports whether the values break no fact. All layouts but
// LayoutRepeated look at the first value alone. Without values, a repeated
// parameter is an empty array and any other an empty text. It allocates
// nothing once warm.
func (s *Scalar) Accept(direction Direction, values ...string) bool {
	t := newTranscoder()
	if len(values) > 0 {
		t.decode(values[0], s.encoding)
		if ok, known := s.quick(t.text); known {
			t.give()
			return ok
		}
	}
	ok := s.program.Accept(t.encode(s, values, direction), direction)
	t.give()
	return ok
}

// Collect passes the findings to emit, as Program.Collect does. Pointers lead
// into the array of a layout that has one, and are empty else.
func (s *Scalar) Collect(direction Direction, limit int, emit func(Finding), values ...string) (complete bool) {
	t := newTranscoder()
	complete = s.program.Collect(t.encode(s, values, direction), direction, limit, emit)
	t.give()
	return complete
}

// Walk is Collect for as long as emit wants more.
func (s *Scalar) Walk(direction Direction, branchLimit int, emit func(Finding) Next, values ...string) {
	t := newTranscoder()
	s.program.Walk(t.encode(s, values, direction), direction, branchLimit, emit)
	t.give()
}

// transcoder turns text into JSON.
type transcoder struct {
	out  []byte
	text []byte
	try  []byte
}

var transcoders = sync.Pool{}

func newTranscoder() *transcoder {
	t, ok := transcoders.Get().(*transcoder)
	if !ok {
		t = &transcoder{}
	}
	return t
}

func (t *transcoder) give() {
	t.out, t.text, t.try = trim(t.out), trim(t.text), trim(t.try)
	transcoders.Put(t)
}

// encode makes the JSON of the values.
func (t *transcoder) encode(s *Scalar, values []string, direction Direction) []byte {
	t.out = t.out[:0]
	first := ""
	if len(values) > 0 {
		first = values[0]
	}
	if s.layout == LayoutPlain {
		t.item(s, s.program.root, first, direction)
		return t.out
	}
	t.out = append(t.out, '[')
	if s.layout == LayoutRepeated {
		for i, v := range values {
			t.element(s, i, v, direction)
		}
	} else {
		t.split(s, first, direction)
	}
	t.out = append(t.out, ']')
	return t.out
}

// element appends an item of an array.
func (t *transcoder) element(s *Scalar, i int, text string, direction Direction) {
	if i > 0 {
		t.out = append(t.out, ',')
	}
	n := freeNode
	if r := s.program.root.array; r != nil {
		n = r.rest
		if i < len(r.prefix) {
			n = r.prefix[i]
		}
	}
	t.item(s, n, text, direction)
}

// split appends the items between separators.
func (t *transcoder) split(s *Scalar, text string, direction Direction) {
	i, start := 0, 0
	for at := 0; at < len(text); {
		size := separator(s.layout, s.encoding, text[at:])
		if size == 0 {
			at++
			continue
		}
		t.element(s, i, text[start:at], direction)
		i++
		at += size
		start = at
	}
	t.element(s, i, text[start:], direction)
}

// separator is the length of the separator that text starts with, 0 without
// one.
func separator(layout Layout, encoding Encoding, text string) int {
	encoded := encoding != EncodingNone && len(text) >= 3 && text[0] == '%'
	switch {
	case layout == LayoutComma:
		if text[0] == ',' {
			return 1
		}
	case layout == LayoutPipe:
		if text[0] == '|' {
			return 1
		}
		if encoded && text[1] == '7' && text[2]|0x20 == 'c' {
			return 3
		}
	case text[0] == ' ' || (text[0] == '+' && encoding == EncodingQuery):
		return 1
	case encoded && text[1] == '2' && text[2] == '0':
		return 3
	}
	return 0
}

// item appends the value that a text stands for.
func (t *transcoder) item(s *Scalar, n *node, text string, direction Direction) {
	t.decode(text, s.encoding)
	number := n.types&tNumber != 0 && isNumberText(t.text)
	boolean := n.types&tBoolean != 0 && (string(t.text) == "true" || string(t.text) == "false")
	if number || boolean {
		if n.types&tString == 0 || t.matches(s, n, t.text, direction) {
			t.out = append(t.out, t.text...)
			return
		}
		// It may be meant as a string; if that is wrong too, it is wrong as
		// what it looks like.
		t.try = appendQuoted(t.try[:0], t.text)
		if !t.matches(s, n, t.try, direction) {
			t.out = append(t.out, t.text...)
			return
		}
	}
	t.out = appendQuoted(t.out, t.text)
}

// matches tries one reading of a text.
func (t *transcoder) matches(s *Scalar, n *node, json []byte, direction Direction) bool {
	p := *s.program
	p.root = n
	return p.Accept(json, direction)
}

func isNumberText(text []byte) bool {
	if len(text) == 0 || (text[0] != '-' && text[0]-'0' > 9) {
		return false
	}
	end, _, _ := scan.Number(text, 0)
	return end == len(text)
}

// decode resolves the encoding of a text. Broken escapes stay as they are.
func (t *transcoder) decode(text string, encoding Encoding) {
	t.text = t.text[:0]
	if encoding == EncodingNone || strings.IndexByte(text, '%') < 0 && (encoding != EncodingQuery || strings.IndexByte(text, '+') < 0) {
		t.text = append(t.text, text...)
		return
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '%' && encoding != EncodingNone && i+2 < len(text):
			high, low := hexDigit(text[i+1]), hexDigit(text[i+2])
			if high >= 0 && low >= 0 {
				c = byte(high<<4 | low)
				i += 2
			}
		case c == '+' && encoding == EncodingQuery:
			c = ' '
		}
		t.text = append(t.text, c)
	}
}

func hexDigit(c byte) int {
	switch {
	case c-'0' <= 9:
		return int(c - '0')
	case (c|0x20)-'a' <= 'f'-'a':
		return int((c|0x20)-'a') + 10
	}
	return -1
}

// appendQuoted appends a text as a JSON string. Bytes that are no UTF-8 stay,
// so that the program reports them.
func appendQuoted(out, text []byte) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	from := 0
	for i, c := range text {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		out = append(out, text[from:i]...)
		from = i + 1
		if c >= ' ' {
			out = append(out, '\\', c)
		} else {
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	out = append(out, text[from:]...)
	return append(out, '"')
}
