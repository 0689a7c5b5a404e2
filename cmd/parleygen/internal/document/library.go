package document

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

const (
	overlayDir = "overlays"
	readingDir = "readings"
)

// Library reads contracts, readings and overlays from a file system laid out
// like the api folder of the project. It is never changed and safe for
// concurrent use if the file system is.
type Library struct {
	files  fs.FS
	layers []layer
}

// NewLibrary returns a library over files, usually api.FS.
func NewLibrary(files fs.FS) Library {
	return Library{files: files}
}

// Names lists the contracts that have operations, sorted, by file name without
// the ending.
func (l Library) Names() ([]string, error) {
	files, err := fs.Glob(l.files, "*.yaml")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		name := strings.TrimSuffix(file, ".yaml")
		switch _, err := l.contract(name); {
		case err == nil:
			names = append(names, name)
		case !errors.Is(err, ErrUnknown):
			return nil, err
		}
	}
	slices.Sort(names)
	return names, nil
}

// Readings lists the readings that differ from the contracts, sorted, in the
// form A-33=b.
func (l Library) Readings() ([]string, error) {
	files, err := fs.Glob(l.files, path.Join(readingDir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		stem := strings.TrimSuffix(path.Base(file), ".yaml")
		if i := strings.LastIndexByte(stem, '-'); i > 0 {
			names = append(names, stem[:i]+"="+stem[i+1:])
		}
	}
	slices.Sort(names)
	return names, nil
}

// contract returns the top mapping of the contract called name, under the
// readings taken. The error wraps ErrUnknown if there is no document of that
// name, or it is not one with operations.
func (l Library) contract(name string) (*yaml.Node, error) {
	file := name + ".yaml"
	if strings.ContainsAny(name, `/\`) || !fs.ValidPath(file) {
		return nil, fmt.Errorf("contract %q: %w", name, ErrUnknown)
	}
	data, err := fs.ReadFile(l.files, file)
	// Other files may be large; only these are worth parsing.
	if errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.HasPrefix(data, []byte("openapi:")) {
		return nil, fmt.Errorf("contract %q: %w", name, ErrUnknown)
	}
	root, err := l.parse(file)
	if err != nil {
		return nil, err
	}
	if paths := lookup(root, "paths"); paths == nil || len(paths.Content) == 0 {
		return nil, fmt.Errorf("contract %q: %w", name, ErrUnknown)
	}
	return root, nil
}

// parse returns the top mapping of a YAML file under the readings taken.
func (l Library) parse(file string) (*yaml.Node, error) {
	data, err := fs.ReadFile(l.files, file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("parse %s: %w", file, err)
	}
	if len(document.Content) != 1 || document.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("parse %s: not a mapping", file)
	}
	for _, layer := range l.layers {
		if !slices.Contains(layer.files, file) {
			continue
		}
		if err := layer.apply(&document, file); err != nil {
			return nil, err
		}
	}
	return document.Content[0], nil
}

// lookup returns the value of a key in a mapping, nil if it has none.
func lookup(node *yaml.Node, key string) *yaml.Node {
	if node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}
