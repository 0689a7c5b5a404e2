package viewer

import (
	"html/template"
	"net/url"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// contractSummary is what the index says of a contract.
type contractSummary struct {
	Name        string
	Title       string
	Description string
	Operations  []operationSummary
}

// operationSummary is one line of the index.
type operationSummary struct {
	ID      string
	Method  string
	Path    string
	Summary string
	Grade   string
	Page    string
	// Target is where Redoc shows it: the reference page with a fragment.
	Target template.URL
}

// methods are the members of a path that are operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// summarise reads what the index needs.
func summarise(name string, root *yaml.Node) contractSummary {
	s := contractSummary{Name: name, Title: text(root, "info", "title"), Description: text(root, "info", "description")}
	paths := member(root, "paths")
	if paths == nil || paths.Kind != yaml.MappingNode {
		return s
	}
	for i := 0; i+1 < len(paths.Content); i += 2 {
		for _, method := range methods {
			if op := member(paths.Content[i+1], method); op != nil {
				s.Operations = append(s.Operations, summariseOperation(name, strings.ToUpper(method), paths.Content[i].Value, op))
			}
		}
	}
	return s
}

func summariseOperation(contract, method, path string, op *yaml.Node) operationSummary {
	s := operationSummary{
		ID: text(op, "operationId"), Method: method, Path: path, Summary: text(op, "summary"),
		Grade: text(op, "x-evidence", "grade"), Page: text(op, "x-evidence", "source", "page"),
	}
	anchor := "operation/" + s.ID
	if tags := member(op, "tags"); tags != nil && len(tags.Content) > 0 {
		anchor = "tag/" + strings.ReplaceAll(tags.Content[0].Value, " ", "-") + "/" + anchor
	}
	// A url.URL never makes a path look like a scheme.
	target := url.URL{Path: contract, Fragment: anchor}
	s.Target = template.URL(target.String()) //nolint:gosec // escaped by url.URL, and always a relative reference
	return s
}
