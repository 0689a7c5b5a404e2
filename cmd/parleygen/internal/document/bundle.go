package document

import (
	"fmt"
	"path"
	"strings"

	"gopkg.in/yaml.v3"
)

// origin names a component where it was written.
type origin struct {
	file, kind, name string
}

// bundler joins a document and the components it refers to in other files.
type bundler struct {
	library Library
	file    string
	root    *yaml.Node
	files   map[string]*yaml.Node
	placed  map[origin]bool
}

// bundle replaces every reference into another file in the document root, which
// is that of file: a component is copied under its own name, anything else, such
// as a path item, is copied to where it is used.
func (l Library) bundle(root *yaml.Node, file string) error {
	b := &bundler{
		library: l,
		file:    file,
		root:    root,
		files:   map[string]*yaml.Node{},
		placed:  map[origin]bool{},
	}
	if err := b.walk(root, file, 0); err != nil {
		return fmt.Errorf("bundle %s: %w", file, err)
	}
	return nil
}

// maxDepth bounds the recursion; a hand-written document stays far below.
const maxDepth = 200

// walk replaces the references below node, which stands in file.
func (b *bundler) walk(node *yaml.Node, file string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s:%d: references nest too deeply", file, node.Line)
	}
	if node.Kind == yaml.AliasNode {
		return fmt.Errorf("%s:%d: YAML aliases are not supported", file, node.Line)
	}
	if ref := lookup(node, "$ref"); ref != nil && ref.Kind == yaml.ScalarNode {
		return b.replace(node, ref, file, depth)
	}
	for _, child := range node.Content {
		if err := b.walk(child, file, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// replace makes the reference ref inside node, which stands in file, one
// within the bundled document.
func (b *bundler) replace(node, ref *yaml.Node, file string, depth int) error {
	target, pointer, found := strings.Cut(ref.Value, "#")
	if !found || strings.Contains(target, "://") {
		return fmt.Errorf("%s:%d: reference %q: want file#/pointer", file, ref.Line, ref.Value)
	}
	if target == "" {
		target = file
	} else {
		target = path.Join(path.Dir(file), target)
	}
	if target == b.file {
		ref.Value = "#" + pointer
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	if len(parts) == 3 && parts[0] == "components" {
		ref.Value = "#" + pointer
		return b.place(origin{file: target, kind: parts[1], name: parts[2]}, depth)
	}
	copied, err := b.find(target, parts)
	if err != nil {
		return fmt.Errorf("%s:%d: reference %q: %w", file, ref.Line, ref.Value, err)
	}
	*node = *copied
	return b.walk(node, target, depth+1)
}

// place copies a component of another file into the bundled document, once.
func (b *bundler) place(from origin, depth int) error {
	if b.placed[from] {
		return nil
	}
	b.placed[from] = true
	copied, err := b.find(from.file, []string{"components", from.kind, from.name})
	if err != nil {
		return err
	}
	section := ensure(ensure(b.root, "components"), from.kind)
	if lookup(section, from.name) != nil {
		return fmt.Errorf("%s: component %s/%s: the bundled document has one of that name already", from.file, from.kind, from.name)
	}
	section.Content = append(section.Content, scalar(from.name), copied)
	return b.walk(copied, from.file, depth+1)
}

// find returns a copy of what the parts of a JSON Pointer lead to in file.
func (b *bundler) find(file string, parts []string) (*yaml.Node, error) {
	node, known := b.files[file]
	if !known {
		var err error
		if node, err = b.library.parse(file); err != nil {
			return nil, err
		}
		b.files[file] = node
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, part := range parts {
		if node = lookup(node, unescape.Replace(part)); node == nil {
			return nil, fmt.Errorf("%s has no /%s", file, strings.Join(parts, "/"))
		}
	}
	return clone(node), nil
}

// ensure returns the mapping under key, adding it if it is missing.
func ensure(node *yaml.Node, key string) *yaml.Node {
	if value := lookup(node, key); value != nil {
		return value
	}
	value := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	node.Content = append(node.Content, scalar(key), value)
	return value
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

func clone(node *yaml.Node) *yaml.Node {
	copied := *node
	copied.Content = make([]*yaml.Node, len(node.Content))
	for i, child := range node.Content {
		copied.Content[i] = clone(child)
	}
	return &copied
}
