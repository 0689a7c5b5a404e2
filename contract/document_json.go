package contract

import (
	"encoding/json"
	"fmt"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// json is the document as JSON, for kin-openapi: it reads that several times
// faster than YAML. What only people read is left out, and what is not needed.
func (f *file) json(needed *needs) ([]byte, error) {
	w := documentWriter{file: f, needed: needed, out: make([]byte, 0, len(f.data))}
	if err := w.value(f.root, ""); err != nil {
		return nil, err
	}
	return w.out, nil
}

// documentWriter writes YAML nodes as JSON.
type documentWriter struct {
	file *file
	out  []byte
	// needed are the parts to write; place is where the writer is among them,
	// empty at the top.
	needed *needs
	place  string
	depth  int
	// data is above zero within values that are not part of the description.
	data int
}

// value writes a node that is the value of the member called key.
func (w *documentWriter) value(node *yaml.Node, key string) error {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch node.Kind {
	case yaml.MappingNode:
		return w.mapping(node, key)
	case yaml.SequenceNode:
		w.out = append(w.out, '[')
		for i, item := range node.Content {
			if i > 0 {
				w.out = append(w.out, ',')
			}
			if err := w.value(item, ""); err != nil {
				return err
			}
		}
		w.out = append(w.out, ']')
		return nil
	default:
		return w.scalar(node)
	}
}

// mapping writes an object. Members given by a merge key come after the
// mapping's own, which count.
func (w *documentWriter) mapping(node *yaml.Node, key string) error {
	w.out = append(w.out, '{')
	first := true
	for name, value := range membersOf(node) {
		if name.Kind != yaml.ScalarNode {
			return &LoadError{Position: Position{Document: w.file.name, Line: name.Line}, Problem: "the name of a member is not a text", Remedy: "write it as a text"}
		}
		keyword := name.Value
		if w.data > 0 || namesMembers(key) {
			keyword = ""
		}
		if skipped(keyword) || w.depth < partDepth && !w.needed.has(w.file, w.place, name.Value) {
			continue
		}
		if !first {
			w.out = append(w.out, ',')
		}
		first = false
		if err := w.member(name, value, keyword); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return nil
}

// member writes one member. keyword is its name where that is OpenAPI's, empty
// where it is the API's.
func (w *documentWriter) member(name, value *yaml.Node, keyword string) error {
	text := name.Value
	if keyword == extItemSchema {
		text = strings.TrimPrefix(extItemSchema, "x-")
	}
	w.text(text)
	w.out = append(w.out, ':')
	if keyword == "description" && value.Kind == yaml.ScalarNode && value.Value != "" {
		w.text("-") // there has to be one
		return nil
	}
	if keyword != "" && holdsData(keyword, value) {
		w.data++
		defer func() { w.data-- }()
	}
	place := w.enter(text)
	err := w.value(value, keyword)
	w.place = place
	w.depth--
	return err
}

// partDepth is how deep the parts of a document stand.
const partDepth = 3

// enter goes to a member, and tells where it came from.
func (w *documentWriter) enter(name string) (from string) {
	from = w.place
	w.depth++
	switch {
	case w.depth == 1:
		w.place = name
	case w.depth == 2 && from == "components":
		w.place = from + "/" + name
	default:
		w.place = "elsewhere"
	}
	return from
}

// skipped reports a keyword that says nothing about messages.
func skipped(keyword string) bool {
	switch keyword {
	case "summary", "example", "examples", "externalDocs", "$comment":
		return true
	}
	return false
}

// scalar writes a scalar of the core schema of YAML.
func (w *documentWriter) scalar(node *yaml.Node) error {
	switch tag := node.ShortTag(); tag {
	case "!!null":
		w.out = append(w.out, "null"...)
		return nil
	case "!!bool", "!!int", "!!float":
		if isNumber(node.Value) || node.Value == "true" || node.Value == "false" {
			w.out = append(w.out, node.Value...)
			return nil
		}
		var value any
		err := node.Decode(&value)
		var text []byte
		if err == nil {
			text, err = json.Marshal(value)
		}
		if err != nil {
			return &LoadError{Position: Position{Document: w.file.name, Line: node.Line}, Problem: fmt.Sprintf("value %q cannot be read", short(node.Value)), Err: err, Remedy: "write it as JSON would have it, or as a quoted text"}
		}
		w.out = append(w.out, text...)
		return nil
	default:
		w.text(node.Value)
		return nil
	}
}

// text writes a JSON string. YAML's texts are valid UTF-8.
func (w *documentWriter) text(s string) {
	const hex = "0123456789abcdef"
	w.out = append(w.out, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			w.out = append(w.out, '\\', c)
		case c < ' ':
			w.out = append(w.out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			w.out = append(w.out, c)
		}
	}
	w.out = append(w.out, '"')
}
