package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// documents are the parsed contracts and all that they refer to.
type documents map[string]*yaml.Node

// place is a value in a document.
type place struct {
	file string
	node *yaml.Node
}

// String is the place for people, as file and line.
func (p place) String() string { return p.file + ":" + strconv.Itoa(p.node.Line) }

// read reads the named file and all that it refers to.
func (d documents) read(fsys fs.FS, name string) error {
	if d[name] != nil {
		return nil
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("document %s: %w", name, err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("document %s: %w", name, err)
	}
	if doc.Kind != yaml.DocumentNode || doc.Content[0].Kind != yaml.MappingNode {
		return fmt.Errorf("document %s: not an object", name)
	}
	d[name] = doc.Content[0]
	var problems []error
	walk(place{name, d[name]}, "", func(p place, _ string) {
		if file, _, _ := strings.Cut(text(p.node, "$ref"), "#"); file != "" {
			problems = append(problems, d.read(fsys, path.Join(path.Dir(name), file)))
		}
	})
	return errors.Join(problems...)
}

// names are the names of the documents in order.
func (d documents) names() []string { return slices.Sorted(maps.Keys(d)) }

// walk calls visit for every mapping below p, outermost first, with the JSON
// Pointer that leads there from p.
func walk(p place, pointer string, visit func(p place, pointer string)) {
	switch p.node.Kind {
	case yaml.MappingNode:
		visit(p, pointer)
		members(p.node, func(name string, value *yaml.Node) {
			walk(place{p.file, value}, pointer+"/"+escape(name), visit)
		})
	case yaml.SequenceNode:
		for i, value := range p.node.Content {
			walk(place{p.file, value}, pointer+"/"+strconv.Itoa(i), visit)
		}
	}
}

// escape makes a name a token of a JSON Pointer.
func escape(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// maxReferences bounds how many references are followed in a row.
const maxReferences = 32

// follow is what p stands for when it is a reference.
func (d documents) follow(p place) place {
	for range maxReferences {
		if p.node == nil {
			return p
		}
		ref := text(p.node, "$ref")
		if ref == "" {
			return p
		}
		p = d.target(p.file, ref)
	}
	return place{}
}

// target is what a reference in file leads to; its node is nil when it leads
// nowhere.
func (d documents) target(file, ref string) place {
	name, pointer, _ := strings.Cut(ref, "#")
	if name = path.Join(path.Dir(file), name); strings.HasPrefix(ref, "#") {
		name = file
	}
	root := d[name]
	if root == nil {
		return place{}
	}
	p := place{name, root}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		p = d.follow(p)
		if p.node == nil {
			return place{}
		}
		p = place{p.file, child(p.node, token)}
	}
	return p
}

// member is a member of what p stands for, itself followed.
func (d documents) member(p place, names ...string) place {
	for _, name := range names {
		if p = d.follow(p); p.node == nil {
			return place{}
		}
		p = place{p.file, child(p.node, name)}
	}
	if p.node == nil {
		return place{}
	}
	return d.follow(p)
}

// child is a member of a mapping or an element of a sequence, nil when there
// is none.
func child(n *yaml.Node, token string) *yaml.Node {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == token {
				return n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i]
		}
	}
	return nil
}

// members calls visit for every member of a mapping in order; a nil node has
// none.
func members(n *yaml.Node, visit func(name string, value *yaml.Node)) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		visit(n.Content[i].Value, n.Content[i+1])
	}
}

// text is the value of a scalar below n, empty when there is none.
func text(n *yaml.Node, names ...string) string {
	for _, name := range names {
		if n == nil {
			return ""
		}
		n = child(n, name)
	}
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}
