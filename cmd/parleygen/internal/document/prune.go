package document

import "gopkg.in/yaml.v3"

// prune removes every anyOf below node whose branches only require members:
// it names no type, and generators would make one of each branch. What a
// contract itself has of these, its overlay removes; a reading may add more.
func prune(node *yaml.Node) {
	if node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == "anyOf" && onlyRequires(node.Content[i+1]) {
				node.Content = append(node.Content[:i:i], node.Content[i+2:]...)
				break
			}
		}
	}
	for _, child := range node.Content {
		prune(child)
	}
}

func onlyRequires(branches *yaml.Node) bool {
	if branches.Kind != yaml.SequenceNode || len(branches.Content) == 0 {
		return false
	}
	for _, branch := range branches.Content {
		if len(branch.Content) != 2 || lookup(branch, "required") == nil {
			return false
		}
	}
	return true
}
