package contract

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// Limits of the documents themselves.
const (
	maxDocumentBytes = 8 << 20
	maxDocuments     = 64
	maxDocumentDepth = 500
	// maxAliasNodes is how many values the aliases of one document may stand
	// for beyond those that are written out.
	maxAliasNodes = 100_000
)

// source reads documents from a file system and keeps what is needed to name
// the line of a fault.
type source struct {
	fsys  fs.FS
	files map[string]*file
	order []*file
	// needs are the parts that kin-openapi is given.
	needs *needs
}

// file is one document as read.
type file struct {
	name string
	data []byte
	root *yaml.Node
	refs []ref
}

// ref is one $ref of a document.
type ref struct {
	value string
	line  int
	// sibling is a schema keyword beside the reference, if there is one.
	sibling string
}

// openAll reads the named document and all that it refers to.
func (s *source) openAll(name string) (*file, error) {
	root, err := s.open(name, Position{Document: name})
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(s.order); i++ {
		f := s.order[i]
		for _, r := range f.refs {
			target, err := f.target(r)
			if err != nil {
				return nil, err
			}
			if _, err := s.open(target, Position{Document: f.name, Line: r.line}); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range s.order {
		for _, r := range f.refs {
			if err := s.checkFragment(f, r); err != nil {
				return nil, err
			}
		}
	}
	return root, nil
}

// open reads one document, once. from is what refers to it.
func (s *source) open(name string, from Position) (*file, error) {
	if f := s.files[name]; f != nil {
		return f, nil
	}
	if !fs.ValidPath(name) || name == "." {
		return nil, &LoadError{Position: from, Problem: fmt.Sprintf("%q lies outside the document's folder", name), Remedy: "move it beside the document or below it"}
	}
	if len(s.order) == maxDocuments {
		return nil, &LoadError{Position: from, Problem: fmt.Sprintf("more than %d documents refer to each other", maxDocuments), Remedy: "bundle them"}
	}
	data, err := s.readAll(name)
	if err != nil {
		return nil, &LoadError{Position: from, Problem: fmt.Sprintf("document %q cannot be read", name), Err: err, Remedy: "check the name; references are relative to the document"}
	}
	if len(data) > maxDocumentBytes {
		return nil, &LoadError{Position: Position{Document: name}, Problem: fmt.Sprintf("the document is larger than %d MiB", maxDocumentBytes>>20), Remedy: "split it into several files"}
	}
	f := &file{name: name, data: data}
	if err := f.parse(); err != nil {
		return nil, err
	}
	s.files[name] = f
	s.order = append(s.order, f)
	return f, nil
}

func (s *source) readAll(name string) ([]byte, error) {
	in, err := s.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(in, maxDocumentBytes+1))
	return data, errors.Join(err, in.Close())
}

// read hands kin-openapi a document that openAll has accepted.
func (s *source) read(location *url.URL) ([]byte, error) {
	f := s.files[path.Clean(location.Path)]
	if f == nil || location.Host != "" || location.Scheme != "" {
		return nil, &LoadError{Position: Position{Document: location.Redacted()}, Problem: "the document was not among those that may be read", Remedy: "keep a copy beside the document"}
	}
	return f.json(s.needs)
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

func (f *file) parse() error {
	var doc yaml.Node
	if err := yaml.Unmarshal(f.data, &doc); err != nil {
		position := Position{Document: f.name}
		text := strings.TrimPrefix(err.Error(), "yaml: ")
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			position.Line, _ = strconv.Atoi(m[1])
			text = strings.Replace(text, m[0], "", 1)
		}
		return &LoadError{Position: position, Problem: "the document is neither YAML nor JSON", Err: errors.New(text), Remedy: "correct the syntax"}
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return &LoadError{Position: Position{Document: f.name, Line: 1}, Problem: "the document is not an object", Remedy: "name an OpenAPI document"}
	}
	f.root = doc.Content[0]
	if err := f.checkAliases(); err != nil {
		return err
	}
	return f.walk(f.root, "")
}

// target is the document that a reference leads to.
func (f *file) target(r ref) (string, error) {
	name, _, _ := strings.Cut(r.value, "#")
	if name == "" {
		return f.name, nil
	}
	position := Position{Document: f.name, Line: r.line}
	u, err := url.Parse(name)
	if err != nil {
		return "", &LoadError{Position: position, Problem: fmt.Sprintf("reference %q cannot be read", r.value), Remedy: "write a relative file name, then # and a JSON Pointer"}
	}
	if u.Scheme != "" || u.Host != "" || strings.HasPrefix(name, "//") {
		return "", &LoadError{Position: position, Problem: fmt.Sprintf("reference %q leads to another host", r.value), Remedy: "keep a copy beside the document and refer to that"}
	}
	target := path.Join(path.Dir(f.name), u.Path)
	if path.IsAbs(u.Path) || target == ".." || strings.HasPrefix(target, "../") {
		return "", &LoadError{Position: position, Problem: fmt.Sprintf("reference %q leads out of the document's folder", r.value), Remedy: "move the target beside the document or below it"}
	}
	return target, nil
}

// checkFragment reports a reference whose JSON Pointer leads nowhere.
func (s *source) checkFragment(f *file, r ref) error {
	_, fragment, _ := strings.Cut(r.value, "#")
	name, err := f.target(r)
	if err != nil || !strings.HasPrefix(fragment, "/") {
		return err
	}
	if decoded, err := url.PathUnescape(fragment); err == nil {
		fragment = decoded
	}
	node := s.files[name].root
	for token := range strings.SplitSeq(fragment[1:], "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		node = child(node, token)
		if node == nil {
			return &LoadError{Position: Position{Document: f.name, Line: r.line}, Problem: fmt.Sprintf("reference %q leads nowhere: %s has no %q there", r.value, name, token), Remedy: "correct the reference or add its target"}
		}
		if child(node, "$ref") != nil {
			return nil // the rest of the way is kin-openapi's
		}
	}
	return nil
}

// quoted finds the first reference that text quotes.
func (s *source) quoted(text string) (Position, bool) {
	for _, f := range s.order {
		for _, r := range f.refs {
			if strings.Contains(text, strconv.Quote(r.value)) {
				return Position{Document: f.name, Line: r.line}, true
			}
		}
	}
	return Position{}, false
}

// checkSiblings refuses, for OpenAPI 3.1, keywords beside a reference that
// would narrow it: in 3.1 they count, and kin-openapi does not always apply
// them. In 3.0 they are ignored by definition.
func (s *source) checkSiblings(root *file) error {
	if version := child(root.root, "openapi"); version == nil || strings.HasPrefix(version.Value, "3.0") {
		return nil
	}
	for _, f := range s.order {
		for _, r := range f.refs {
			if r.sibling != "" {
				return &LoadError{Position: Position{Document: f.name, Line: r.line}, Problem: fmt.Sprintf("keyword %q stands beside reference %q and might not be checked", r.sibling, r.value), Remedy: "put the reference into allOf"}
			}
		}
	}
	return nil
}

// checkVersion refuses documents of a version that the checks do not know.
func (f *file) checkVersion() error {
	version := child(f.root, "openapi")
	if version == nil {
		problem := "the document does not say its OpenAPI version"
		if child(f.root, "swagger") != nil {
			problem = "the document is Swagger 2"
		}
		return &LoadError{Position: Position{Document: f.name, Line: 1}, Problem: problem, Remedy: "use OpenAPI 3.0 or 3.1"}
	}
	switch {
	case strings.HasPrefix(version.Value, "3.0."), strings.HasPrefix(version.Value, "3.1."):
		return nil
	}
	return &LoadError{Position: Position{Document: f.name, Line: version.Line}, Problem: fmt.Sprintf("OpenAPI version %q is not supported", version.Value), Remedy: "use OpenAPI 3.0 or 3.1"}
}
