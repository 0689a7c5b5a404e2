package contract

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	yaml "github.com/oasdiff/yaml3"
)

// Load reads the document called name, and the documents it refers to, from
// fsys. References to other hosts and out of fsys are refused, so are documents
// of more than 8 MiB and versions other than OpenAPI 3.0 and 3.1. The error is
// a *LoadError, which names the document, the line where it can be known, and
// what to do about it.
func Load(fsys fs.FS, name string, config Config) (*Contract, error) {
	src := &source{fsys: fsys, files: make(map[string]*file)}
	root, err := src.openAll(name)
	if err != nil {
		return nil, err
	}
	if err := root.checkVersion(); err != nil {
		return nil, err
	}
	if err := src.checkSiblings(root); err != nil {
		return nil, err
	}
	doc, places, err := src.resolve(name)
	if err != nil {
		return nil, err
	}
	stripServers(doc)
	c := &Contract{
		name:     strings.TrimSuffix(path.Base(name), path.Ext(name)),
		document: name,
		config:   config.withDefaults(),
		doc:      doc,
		places:   places,
	}
	if err := c.compile(root); err != nil {
		return nil, err
	}
	return c, nil
}

// LoadFile is Load for a file on disk; the document may refer to files in the
// same folder and below. Symbolic links that lead out of the folder are
// refused.
func LoadFile(name string, config Config) (*Contract, error) {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return nil, &LoadError{Position: Position{Document: name}, Problem: "its folder cannot be opened", Err: err}
	}
	c, err := Load(root.FS(), filepath.Base(name), config)
	if closing := root.Close(); err == nil && closing != nil {
		return nil, &LoadError{Position: Position{Document: name}, Problem: "its folder cannot be closed", Err: closing}
	}
	return c, err
}

// resolve has kin-openapi read the documents that openAll has looked at, and
// tells the elements where they stand.
func (s *source) resolve(name string) (doc *openapi3.T, places *placer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &LoadError{Position: Position{Document: name}, Problem: "the document cannot be resolved", Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	s.needs = s.needed(s.files[name])
	loader := openapi3.NewLoader()
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) { return s.read(location) }
	doc, err = loader.LoadFromURI(&url.URL{Path: name})
	if err != nil {
		return nil, nil, s.explain(name, "the document cannot be resolved", err)
	}
	places = &placer{source: s, nodes: make(map[*openapi3.Schema]*yaml.Node)}
	places.document(doc, s.files[name])
	err = validate(doc,
		openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation(),
		openapi3.DisableSchemaPatternValidation(), openapi3.AllowExtensionsWithRef())
	if err != nil {
		return nil, nil, s.explain(name, "the document is not valid OpenAPI", err)
	}
	return doc, places, nil
}

// explain finds the place of an error of kin-openapi: the reference that it
// quotes, else the document.
func (s *source) explain(name, problem string, err error) error {
	var load *LoadError
	if errors.As(err, &load) {
		return load
	}
	text := err.Error()
	if _, after, ok := strings.Cut(text, ", yaml error: "); ok {
		err = errors.New(after)
	}
	position := Position{Document: name}
	if origin := originOf(err); origin != nil && origin.Key != nil {
		position = Position{Document: origin.Key.File, Line: origin.Key.Line}
	} else if at, ok := s.quoted(text); ok {
		position = at
	}
	return &LoadError{Position: position, Problem: problem, Err: err, Remedy: "correct the document"}
}

// stripServers forgets the servers: hosts are in doubt themselves and never
// take part in a match.
func stripServers(doc *openapi3.T) {
	doc.Servers = nil
	for _, item := range doc.Paths.Map() {
		item.Servers = nil
		for _, op := range item.Operations() {
			op.Servers = nil
		}
	}
}
