package contract

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// Names of the extensions that the package reads.
const (
	extEvidence  = "x-evidence"
	extSensitive = "x-sensitive"
	// extItemSchema is itemSchema of OpenAPI 3.2 in documents before it.
	extItemSchema = "x-itemSchema"
)

// readEvidence reads the x-evidence among extensions, nil without one.
func readEvidence(extensions map[string]any, at Position) (*Evidence, error) {
	raw, ok := extensions[extEvidence]
	if !ok {
		return nil, nil
	}
	fail := func(problem string) (*Evidence, error) {
		return nil, &LoadError{Position: at, Problem: extEvidence + " " + problem, Remedy: "write {grade, source: {page, url}, register: [id], keywords: {keyword: grade}} with grades documented, observed or inferred"}
	}
	m, ok := raw.(map[string]any)
	if !ok {
		return fail("is not an object")
	}
	e := &Evidence{}
	for name, value := range m {
		var ok bool
		switch name {
		case "grade":
			e.Grade, ok = readGrade(value)
		case "source":
			e.Source, ok = readSource(value)
		case "register":
			e.Register, ok = readStrings(value)
		case "keywords":
			e.Keywords, ok = readKeywords(value)
		case "note":
			_, ok = value.(string)
		default:
			return fail(fmt.Sprintf("has an unknown member %q", name))
		}
		if !ok {
			return fail(fmt.Sprintf("has a member %q of the wrong form", name))
		}
	}
	return e, nil
}

func readGrade(value any) (Grade, bool) {
	s, _ := value.(string)
	switch g := Grade(s); g {
	case GradeDocumented, GradeObserved, GradeInferred:
		return g, true
	}
	return "", false
}

func readSource(value any) (Source, bool) {
	m, ok := value.(map[string]any)
	if !ok {
		return Source{}, false
	}
	var s Source
	for name, v := range m {
		text, ok := v.(string)
		switch {
		case ok && name == "page":
			s.Page = text
		case ok && name == "url":
			s.URL = text
		default:
			return Source{}, false
		}
	}
	return s, true
}

func readStrings(value any) ([]string, bool) {
	list, ok := value.([]any)
	if !ok {
		return nil, false
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

func readKeywords(value any) (map[string]Grade, bool) {
	m, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	out := make(map[string]Grade, len(m))
	for name, v := range m {
		g, ok := readGrade(v)
		if !ok {
			return nil, false
		}
		out[name] = g
	}
	return out, true
}

// scope is an element of a document outside its schemas, with what it is
// nested in: a parameter, body or response, its operation, path and document.
type scope struct {
	up       *scope
	evidence *Evidence
	place    Position
}

// within makes a scope inside s.
func (s *scope) within(extensions map[string]any, origin *openapi3.Origin) (*scope, error) {
	at := place(origin)
	if at.Document == "" && s != nil {
		at = s.place
	}
	e, err := readEvidence(extensions, at)
	if err != nil {
		return nil, err
	}
	return &scope{up: s, evidence: e, place: at}, nil
}

// basis is what a finding says of the fact that was broken.
type basis struct {
	place    Position
	grade    Grade
	register []string
}

// basis is that of the element itself; keyword may be graded apart.
func (s *scope) basis(keyword string) basis {
	b := basis{grade: GradeDocumented}
	if s == nil {
		return b
	}
	b.place = s.place
	if e := s.evidence; e != nil {
		if g, ok := e.Keywords[keyword]; ok {
			b.grade, b.register = g, e.Register
			return b
		}
	}
	for ; s != nil; s = s.up {
		if e := s.evidence; e != nil {
			if e.Grade != "" {
				b.grade = e.Grade
			}
			b.register = e.Register
			break
		}
	}
	return b
}
