package contract

import (
	"fmt"
	"strconv"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// child is the member or item of a node, nil when it has none of that name.
func child(node *yaml.Node, token string) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node == nil {
		return nil
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == token {
				return node.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(node.Content) {
			return node.Content[i]
		}
	}
	return nil
}

// walk collects the references below node and refuses members given twice. key
// is the member that node is the value of. checkAliases has bounded the depth.
func (f *file) walk(node *yaml.Node, key string) error {
	if node.Kind == yaml.SequenceNode {
		for _, item := range node.Content {
			if err := f.walk(item, ""); err != nil {
				return err
			}
		}
		return nil
	}
	if node.Kind != yaml.MappingNode {
		return nil // scalars hold no reference, the target of an alias is walked where it stands
	}
	seen := make(map[string]struct{}, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		if _, twice := seen[name.Value]; twice && name.Value != "<<" {
			return &LoadError{Position: Position{Document: f.name, Line: name.Line}, Problem: fmt.Sprintf("member %q is given twice", name.Value), Remedy: "remove one of them"}
		}
		seen[name.Value] = struct{}{}
		if name.Value == "$ref" && value.Kind == yaml.ScalarNode && !namesMembers(key) {
			f.refs = append(f.refs, ref{value: value.Value, line: value.Line, sibling: constraint(node)})
		}
		if !namesMembers(key) && holdsData(name.Value, value) {
			continue
		}
		below := name.Value
		if namesMembers(key) {
			below = "" // a property called "properties" is a schema, not a list of them
		}
		if err := f.walk(value, below); err != nil {
			return err
		}
	}
	return nil
}

// constraint is a schema keyword beside a $ref that narrows it, or empty.
func constraint(node *yaml.Node) string {
	for i := 0; i+1 < len(node.Content); i += 2 {
		switch name := node.Content[i].Value; name {
		case "type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum",
			"exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "items",
			"prefixItems", "contains", "properties", "patternProperties", "additionalProperties", "propertyNames",
			"minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "allOf", "anyOf", "oneOf", "not",
			"if", "then", "else", "unevaluatedProperties", "unevaluatedItems":
			return name
		}
	}
	return ""
}

// namesMembers reports whether the members of the value of key are called
// after something in the API rather than after a keyword of OpenAPI.
func namesMembers(key string) bool {
	switch key {
	case "properties", "patternProperties", "dependentSchemas", "$defs",
		"paths", "webhooks", "callbacks", "responses", "content", "encoding", "headers", "examples", "links",
		"schemas", "parameters", "requestBodies", "securitySchemes", "pathItems":
		return true
	}
	return false
}

// holdsData reports whether the value of key is data of the API or an
// extension, where "$ref" is no reference.
func holdsData(key string, value *yaml.Node) bool {
	switch key {
	case "example", "default", "enum", "const", "value", "mapping":
		return true
	case "examples":
		return value.Kind == yaml.SequenceNode // JSON Schema's list, not OpenAPI's map
	}
	return strings.HasPrefix(key, "x-") && key != extItemSchema
}

// checkAliases refuses nesting beyond the limit, and aliases that stand for too
// much or for themselves.
func (f *file) checkAliases() error {
	_, err := f.expand(f.root, make(map[*yaml.Node]weight), 0)
	return err
}

// weight is the number of values of a node: as written, and with each alias
// counted as what it stands for.
type weight struct {
	written, expanded int
	open              bool
}

// expand weighs node and stops beyond the limit. known holds the weights of
// the nodes that have an anchor.
func (f *file) expand(node *yaml.Node, known map[*yaml.Node]weight, depth int) (weight, error) {
	at := Position{Document: f.name, Line: node.Line}
	if depth > maxDocumentDepth {
		return weight{}, &LoadError{Position: at, Problem: fmt.Sprintf("the document nests deeper than %d levels", maxDocumentDepth), Remedy: "flatten it"}
	}
	if node.Kind == yaml.AliasNode {
		w, ok := known[node.Alias]
		if w.open {
			return weight{}, &LoadError{Position: at, Problem: fmt.Sprintf("alias %q contains itself", node.Value), Remedy: "use a reference"}
		}
		if !ok {
			var err error
			if w, err = f.expand(node.Alias, known, depth+1); err != nil {
				return weight{}, err
			}
		}
		return weight{written: 1, expanded: w.expanded}, nil
	}
	if node.Anchor != "" {
		known[node] = weight{open: true}
	}
	sum := weight{written: 1, expanded: 1}
	for _, c := range node.Content {
		w, err := f.expand(c, known, depth+1)
		if err != nil {
			return weight{}, err
		}
		sum.written += w.written
		sum.expanded += w.expanded
		if sum.expanded-sum.written > maxAliasNodes {
			return weight{}, &LoadError{Position: at, Problem: fmt.Sprintf("the aliases of the document stand for more than %d values", maxAliasNodes), Remedy: "write the values out or use references"}
		}
	}
	if node.Anchor != "" {
		known[node] = sum
	}
	return sum, nil
}
