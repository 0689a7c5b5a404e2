package overlay

import (
	"errors"
	"fmt"
	"slices"

	"github.com/speakeasy-api/jsonpath/pkg/jsonpath"
	"gopkg.in/yaml.v3"
)

// selector compiles a JSONPath of RFC 9535.
func selector(target string) (*jsonpath.JSONPath, error) {
	if target == "" {
		return nil, errors.New("there is no target")
	}
	p, err := jsonpath.NewPath(target)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", target, err)
	}
	return p, nil
}

// apply changes every node that the target selects and returns their number.
func (a *action) apply(root *yaml.Node) (int, error) {
	p, err := selector(a.Target)
	if err != nil {
		return 0, err
	}
	nodes := p.Query(root)
	for _, node := range nodes {
		if !a.Remove {
			// An array as the target takes the update as a further element.
			if node.Kind == yaml.SequenceNode && a.Update.Kind != yaml.SequenceNode {
				node.Content = append(node.Content, clone(&a.Update))
				continue
			}
			merge(node, &a.Update)
			continue
		}
		if !remove(root, node) {
			return 0, errors.New("the whole document cannot be removed")
		}
	}
	return len(nodes), nil
}

// merge merges update into node: mappings by name, sequences by appending,
// anything else by replacing.
func merge(node, update *yaml.Node) {
	switch {
	case node.Kind != update.Kind:
		*node = *clone(update)
	case node.Kind == yaml.MappingNode:
		mergeMapping(node, update)
	case node.Kind == yaml.SequenceNode:
		node.Content = append(node.Content, clone(update).Content...)
	default:
		*node = *clone(update)
	}
}

// mergeMapping merges the members of update into those of node.
func mergeMapping(node, update *yaml.Node) {
	for i := 0; i+1 < len(update.Content); i += 2 {
		name, value := update.Content[i], update.Content[i+1]
		at := -1
		for j := 0; j+1 < len(node.Content); j += 2 {
			if node.Content[j].Value == name.Value {
				at = j + 1
				break
			}
		}
		if at < 0 {
			node.Content = append(node.Content, clone(name), clone(value))
			continue
		}
		merge(node.Content[at], value)
	}
}

// remove takes node, and its name in a mapping, out of the tree below root. It
// reports whether node was found below a mapping or a sequence.
func remove(root, node *yaml.Node) bool {
	for i, child := range root.Content {
		if child == node && root.Kind == yaml.MappingNode && i%2 == 1 {
			root.Content = slices.Delete(root.Content, i-1, i+1)
			return true
		}
		if child == node && root.Kind == yaml.SequenceNode {
			root.Content = slices.Delete(root.Content, i, i+1)
			return true
		}
		if remove(child, node) {
			return true
		}
	}
	return false
}

// clone copies node and all below it.
func clone(node *yaml.Node) *yaml.Node {
	copied := *node
	copied.Content = make([]*yaml.Node, len(node.Content))
	for i, child := range node.Content {
		copied.Content[i] = clone(child)
	}
	return &copied
}
