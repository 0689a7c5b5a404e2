package contract

import (
	"iter"

	yaml "github.com/oasdiff/yaml3"
)

// mergeKey is the member that brings in the members of other mappings.
const mergeKey = "<<"

// unaliased is the node that an alias stands for, else the node itself.
func unaliased(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

// membersOf are the names and values of a mapping, in its order. Those that a
// merge key brings in come last, and only where the mapping has none of the
// name.
func membersOf(mapping *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(name, value *yaml.Node) bool) {
		merges := false
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if isMerge(mapping.Content[i]) {
				merges = true
				continue
			}
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
		if merges {
			yieldMerged(mapping, yield)
		}
	}
}

func isMerge(name *yaml.Node) bool {
	return name.Value == mergeKey && name.ShortTag() == "!!merge"
}

// yieldMerged passes on what merge keys bring in; of two mappings in a list the
// first counts.
func yieldMerged(mapping *yaml.Node, yield func(name, value *yaml.Node) bool) {
	seen := make(map[string]struct{})
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		seen[mapping.Content[i].Value] = struct{}{}
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if !isMerge(mapping.Content[i]) {
			continue
		}
		from := unaliased(mapping.Content[i+1])
		sources := []*yaml.Node{from}
		if from.Kind == yaml.SequenceNode {
			sources = from.Content
		}
		for _, source := range sources {
			source = unaliased(source)
			if source.Kind != yaml.MappingNode {
				continue
			}
			for name, value := range membersOf(source) {
				if _, again := seen[name.Value]; again {
					continue
				}
				seen[name.Value] = struct{}{}
				if !yield(name, value) {
					return
				}
			}
		}
	}
}
