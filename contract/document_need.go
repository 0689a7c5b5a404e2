package contract

import (
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// needs are the parts of the documents that the first one needs, by their
// place: "paths/NAME", "components/KIND/NAME". A document with a reference to
// anything else is needed as a whole.
type needs struct {
	source *source
	parts  map[*file]map[string]struct{}
	whole  map[*file]bool
}

// needed finds what of the documents the first one leads to.
func (s *source) needed(first *file) *needs {
	n := &needs{source: s, parts: make(map[*file]map[string]struct{}), whole: map[*file]bool{first: true}}
	n.visit(first, first.root, "")
	return n
}

// visit follows the references below a node, whose member is called key.
func (n *needs) visit(f *file, node *yaml.Node, key string) {
	node = unaliased(node)
	switch node.Kind {
	case yaml.SequenceNode:
		for _, item := range node.Content {
			n.visit(f, item, "")
		}
	case yaml.MappingNode:
		for name, value := range membersOf(node) {
			keyword := name.Value
			if namesMembers(key) {
				keyword = ""
			}
			switch {
			case keyword == "$ref" && value.Kind == yaml.ScalarNode:
				n.follow(f, value.Value)
			case keyword == "mapping":
				n.mapping(f, value)
			case keyword == "" || !skipped(keyword) && !holdsData(keyword, value):
				n.visit(f, value, keyword)
			}
		}
	}
}

// mapping follows what a discriminator refers to.
func (n *needs) mapping(f *file, node *yaml.Node) {
	node = unaliased(node)
	if node.Kind != yaml.MappingNode {
		return
	}
	for _, value := range membersOf(node) {
		if value.Kind == yaml.ScalarNode && strings.Contains(value.Value, "#") {
			n.follow(f, value.Value)
		}
	}
}

// follow marks what a reference leads to.
func (n *needs) follow(from *file, reference string) {
	name, err := from.target(ref{value: reference})
	to := n.source.files[name]
	if err != nil || to == nil || n.whole[to] {
		return
	}
	_, fragment, _ := strings.Cut(reference, "#")
	part, node := partOf(to, fragment)
	if node == nil {
		n.whole[to] = true
		n.visit(to, to.root, "")
		return
	}
	if _, known := n.parts[to][part]; known {
		return
	}
	if n.parts[to] == nil {
		n.parts[to] = make(map[string]struct{})
	}
	n.parts[to][part] = struct{}{}
	n.visit(to, node, "")
}

// partOf is the part of a document that a fragment lies in; node is nil where
// there is none.
func partOf(f *file, fragment string) (part string, node *yaml.Node) {
	if !strings.HasPrefix(fragment, "/") || strings.Contains(fragment, "%") {
		return "", nil
	}
	tokens := splitPointer(fragment)
	switch {
	case len(tokens) >= 2 && tokens[0] == "paths":
		tokens = tokens[:2]
	case len(tokens) >= 3 && tokens[0] == "components":
		tokens = tokens[:3]
	default:
		return "", nil
	}
	node = f.root
	for _, token := range tokens {
		node = child(node, token)
	}
	return strings.Join(tokens, "/"), node
}

// has reports whether the member called name of the part at the given place is
// needed.
func (n *needs) has(f *file, place, name string) bool {
	if n.whole[f] {
		return true
	}
	switch {
	case place == "paths", strings.HasPrefix(place, "components/"):
		_, ok := n.parts[f][place+"/"+name]
		return ok
	}
	return place != "" || name != "webhooks"
}
