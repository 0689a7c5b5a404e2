package document

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"
)

// ErrUnknown is wrapped by errors about a contract or reading that does not
// exist.
var ErrUnknown = errors.New("unknown")

// Document is one contract as a single self-contained OpenAPI document. Its
// methods change it in place; it is not safe for concurrent use.
type Document struct {
	name    string
	library Library
	root    *yaml.Node
}

// Open returns the contract called name under the readings taken, joined with
// the documents it refers to. The error wraps ErrUnknown if there is no such contract.
func (l Library) Open(name string) (*Document, error) {
	root, err := l.contract(name)
	if err != nil {
		return nil, err
	}
	if err := l.bundle(root, name+".yaml"); err != nil {
		return nil, err
	}
	return &Document{name: name, library: l, root: root}, nil
}

// Simplify removes what validates messages but only clutters generated types,
// as the contract's overlay says. The result is for generators alone: it
// accepts more than the contract does.
func (d *Document) Simplify() error {
	if len(d.library.layers) > 0 {
		defer prune(d.root)
	}
	file := path.Join(overlayDir, d.name+".yaml")
	cut, err := d.library.overlay(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	top := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{d.root}}
	if len(d.library.layers) > 0 {
		// A reading may have taken away what the overlay removes.
		err = cut.ApplyTo(top)
	} else {
		_, err = cut.ApplyToStrict(top)
	}
	if err != nil {
		return fmt.Errorf("apply %s to %s: %w", file, d.name, err)
	}
	return nil
}

// YAML returns the document as YAML, keys in the order they were written.
func (d *Document) YAML() ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(d.root); err != nil {
		return nil, fmt.Errorf("write %s: %w", d.name, err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("write %s: %w", d.name, err)
	}
	return out.Bytes(), nil
}

// overlay reads and validates an overlay file.
func (l Library) overlay(file string) (*overlay.Overlay, error) {
	data, err := fs.ReadFile(l.files, file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	parsed, err := overlay.ParseReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", file, err)
	}
	if err := parsed.Validate(); err != nil {
		return nil, fmt.Errorf("parse %s: %w", file, err)
	}
	return parsed, nil
}
