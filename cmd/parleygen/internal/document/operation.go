package document

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// Operations returns the operationIds of the document in the order they were
// written. With tags it returns only those that carry one of them.
func (d *Document) Operations(tags ...string) []string {
	var ids []string
	paths := lookup(d.root, "paths")
	if paths == nil {
		return nil
	}
	for i := 1; i < len(paths.Content); i += 2 {
		item := paths.Content[i]
		for j := 1; j < len(item.Content); j += 2 {
			operation := item.Content[j]
			id := lookup(operation, "operationId")
			if id != nil && (len(tags) == 0 || tagged(operation, tags)) {
				ids = append(ids, id.Value)
			}
		}
	}
	return ids
}

func tagged(operation *yaml.Node, tags []string) bool {
	own := lookup(operation, "tags")
	return own != nil && slices.ContainsFunc(own.Content, func(tag *yaml.Node) bool {
		return slices.Contains(tags, tag.Value)
	})
}
