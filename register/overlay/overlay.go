package overlay

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"gopkg.in/yaml.v3"
)

// MaxBytes is the size up to which Parse and Apply read a file.
const MaxBytes = 8 << 20

// Overlay is one parsed overlay.
type Overlay struct {
	// Title says what the overlay is for.
	Title string
	// Documents are the file names of the documents it extends, without
	// folders: that of extends, or those of x-extends.
	Documents []string
	actions   []action
}

// action changes what its target selects.
type action struct {
	Target string    `yaml:"target"`
	Update yaml.Node `yaml:"update"`
	Remove bool      `yaml:"remove"`
}

// Parse reads an overlay and checks what can be checked without the documents.
func Parse(data []byte) (*Overlay, error) {
	root, err := parse(data)
	if err != nil {
		return nil, err
	}
	var file struct {
		Overlay string `yaml:"overlay"`
		Info    struct {
			Title   string `yaml:"title"`
			Version string `yaml:"version"`
		} `yaml:"info"`
		Extends  string   `yaml:"extends"`
		XExtends []string `yaml:"x-extends"`
		Actions  []action `yaml:"actions"`
	}
	if err := root.Decode(&file); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(file.Overlay, "1.0.") {
		return nil, fmt.Errorf("overlay version %q is not known, want 1.0.0", file.Overlay)
	}
	documents := file.XExtends
	if file.Extends != "" {
		documents = append(documents, file.Extends)
	}
	if len(documents) == 0 {
		return nil, errors.New("neither extends nor x-extends names a document")
	}
	o := &Overlay{Title: file.Info.Title, actions: file.Actions}
	for _, document := range documents {
		o.Documents = append(o.Documents, path.Base(document))
	}
	for i := range o.actions {
		if err := o.actions[i].check(); err != nil {
			return nil, fmt.Errorf("action %d: %w", i+1, err)
		}
	}
	return o, nil
}

// check reports an action that does nothing or cannot be understood.
func (a *action) check() error {
	if a.Remove == !a.Update.IsZero() {
		return fmt.Errorf("target %s: want either remove or update", a.Target)
	}
	_, err := selector(a.Target)
	return err
}

// Apply returns the documents as the overlay changes them; names are those of
// Documents, others are ignored. What is given is not changed. Line numbers of
// the result are not those of the original. The error names the action whose
// target is in none of the documents.
func (o *Overlay) Apply(documents map[string][]byte) (map[string][]byte, error) {
	roots := make([]*yaml.Node, len(o.Documents))
	for i, name := range o.Documents {
		data, ok := documents[name]
		if !ok {
			return nil, fmt.Errorf("document %s is not there", name)
		}
		root, err := parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		roots[i] = root
	}
	for i := range o.actions {
		found := 0
		for _, root := range roots {
			n, err := o.actions[i].apply(root)
			if err != nil {
				return nil, fmt.Errorf("action %d: target %s: %w", i+1, o.actions[i].Target, err)
			}
			found += n
		}
		if found == 0 {
			return nil, fmt.Errorf("action %d: target %s is in none of %s", i+1, o.actions[i].Target, strings.Join(o.Documents, ", "))
		}
	}
	changed := make(map[string][]byte, len(roots))
	for i, name := range o.Documents {
		data, err := yaml.Marshal(roots[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		changed[name] = data
	}
	return changed, nil
}

// parse reads one YAML document without aliases, whose expansion has no bound.
func parse(data []byte) (*yaml.Node, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%d bytes are more than %d", len(data), MaxBytes)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	root := new(yaml.Node)
	if err := decoder.Decode(root); err != nil {
		return nil, err
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one YAML document")
	}
	if line := alias(root); line > 0 {
		return nil, fmt.Errorf("line %d: YAML aliases are not supported", line)
	}
	return root, nil
}

// alias is the line of the first alias below node, 0 for none.
func alias(node *yaml.Node) int {
	if node.Kind == yaml.AliasNode {
		return node.Line
	}
	for _, child := range node.Content {
		if line := alias(child); line > 0 {
			return line
		}
	}
	return 0
}
