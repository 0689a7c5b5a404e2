package viewer

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// Limits of what is read.
const (
	maxDocumentBytes = 8 << 20
	maxDocuments     = 64
)

// documents are the contracts and all that they refer to, by file name.
type documents struct {
	roots     map[string]*yaml.Node
	contracts []contractSummary
}

// readDocuments reads the contracts and, through relative references, the rest.
func readDocuments(fsys fs.FS, contracts []string) (*documents, error) {
	d := &documents{roots: map[string]*yaml.Node{}}
	var waiting []string
	for _, name := range contracts {
		waiting = append(waiting, name+".yaml")
	}
	for len(waiting) > 0 {
		name := waiting[0]
		waiting = waiting[1:]
		if d.roots[name] != nil {
			continue
		}
		if len(d.roots) == maxDocuments {
			return nil, fmt.Errorf("document %s: more than %d documents refer to each other", name, maxDocuments)
		}
		root, err := readDocument(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("document %s: %w", name, err)
		}
		d.roots[name] = root
		waiting = append(waiting, references(root, path.Dir(name))...)
	}
	for _, name := range contracts {
		d.contracts = append(d.contracts, summarise(name, d.roots[name+".yaml"]))
	}
	return d, nil
}

// readDocument reads and parses one file.
func readDocument(fsys fs.FS, name string) (*yaml.Node, error) {
	in, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(io.LimitReader(in, maxDocumentBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxDocumentBytes {
		return nil, fmt.Errorf("larger than %d MiB", maxDocumentBytes>>20)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("not an object")
	}
	return root.Content[0], nil
}

// references are the files that n refers to, relative to folder.
func references(n *yaml.Node, folder string) []string {
	var files []string
	if n.Kind == yaml.MappingNode {
		if ref := member(n, "$ref"); ref != nil {
			file, _, _ := strings.Cut(ref.Value, "#")
			if file != "" && !strings.Contains(file, ":") {
				files = append(files, path.Join(folder, file))
			}
		}
	}
	for _, child := range n.Content {
		files = append(files, references(child, folder)...)
	}
	return files
}

// names are the file names in order.
func (d *documents) names() []string { return slices.Sorted(maps.Keys(d.roots)) }

// annotated is a document as it is served.
func (d *documents) annotated(name string, questions map[string]string) ([]byte, error) {
	root := clone(d.roots[name])
	annotate(root, questions)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}

// contract is the summary of the contract with the given name.
func (d *documents) contract(name string) contractSummary {
	for _, c := range d.contracts {
		if c.Name == name {
			return c
		}
	}
	return contractSummary{Name: name}
}

// clone copies a tree; an alias goes on standing for the original.
func clone(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = clone(child)
	}
	return &c
}

// member is the value of a mapping's member, nil when it has none.
func member(n *yaml.Node, names ...string) *yaml.Node {
	for _, name := range names {
		if n == nil || n.Kind != yaml.MappingNode {
			return nil
		}
		var found *yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				found = n.Content[i+1]
			}
		}
		n = found
	}
	return n
}

// text is the value of a scalar member, empty when there is none.
func text(n *yaml.Node, names ...string) string {
	if found := member(n, names...); found != nil {
		return found.Value
	}
	return ""
}
