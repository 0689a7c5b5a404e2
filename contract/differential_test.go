package contract_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dlclark/regexp2"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parley-contracts/parley/contract"
)

// subject is one schema as each implementation has it: ours, behind the public
// API; kin-openapi's filter, which shares the document loader with ours; and
// one that shares nothing. What an implementation refuses is nil.
type subject struct {
	schema     []byte
	ours       *contract.Contract
	filter     routers.Router
	schema2020 *jsonschema.Schema
}

// newSubject sets up a schema whose definitions stand in $defs. The dialect is
// a part of the suite.
func newSubject(t testing.TB, dialect string, schema []byte) subject {
	t.Helper()
	s := subject{schema: schema}
	text, err := suiteDocument(dialect, schema, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.ours, err = contract.Load(fstest.MapFS{"case.json": {Data: text}}, "case.json", contract.Config{Undeclared: contract.SeverityOff, MaxFindings: 1000})
	if err != nil {
		s.ours = nil
	}
	if dialect == "draft4" {
		s.filter = filterOf(text)
	} else {
		s.schema2020 = independent(schema)
	}
	return s
}

func filterOf(document []byte) routers.Router {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil
	}
	return router
}

// independent compiles a schema with santhosh-tekuri/jsonschema.
func independent(schema []byte) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseRegexpEngine(ecmaRegexp)
	if err := c.AddResource(suiteBase, doc); err != nil {
		return nil
	}
	s, err := c.Compile(suiteBase)
	if err != nil {
		return nil
	}
	return s
}

// backtracking is a regular expression as ECMA-262 has it.
type backtracking struct{ *regexp2.Regexp }

func (b backtracking) MatchString(s string) bool {
	ok, err := b.Regexp.MatchString(s)
	return ok && err == nil
}

func ecmaRegexp(s string) (jsonschema.Regexp, error) {
	if !strings.Contains(s, "(?!") {
		return regexp.Compile(s)
	}
	re, err := regexp2.Compile(s, regexp2.ECMAScript)
	return backtracking{re}, err
}

// check gives a body to the contract in both directions, which must agree.
func (s subject) check(t testing.TB, body []byte) []contract.Finding {
	t.Helper()
	header := http.Header{"Content-Type": {"application/json"}}
	in := s.ours.CheckRequest(&contract.Request{Method: http.MethodPost, Target: "/case", Header: header, Body: body})
	out := s.ours.CheckResponse(in.Operation, &contract.Response{Status: http.StatusOK, Header: header, Body: body})
	if len(in.Findings) != len(out.Findings) || in.Account != out.Account {
		t.Errorf("request %s %v, response %s %v\nschema: %s\nbody: %s", in.Account, in.Findings, out.Account, out.Findings, s.schema, body)
	}
	if disagreement, _ := s.ours.Modes("case", "application/json", body); disagreement != "" {
		t.Errorf("the modes disagree: %s\nschema: %s\nbody: %s", disagreement, s.schema, body)
	}
	for _, f := range in.Findings {
		if !leads(body, f.Location.Pointer) && f.Rule != contract.RuleJSONSyntax {
			t.Errorf("%s: pointer %q leads nowhere\nbody: %s", f.Rule, f.Location.Pointer, body)
		}
	}
	return in.Findings
}

// leads reports whether a pointer leads to a value.
func leads(body []byte, pointer string) bool {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return true
	}
	var path []string
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		path = append(path, strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~"))
	}
	if pointer == "" {
		path = nil
	}
	_, ok := valueAt(v, path)
	return ok
}

// filtered is kin-openapi's verdict on a body.
func (s subject) filtered(t testing.TB, body []byte) error {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "/case", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	return filter(t, s.filter, request)
}

// filter checks a request with kin-openapi.
func filter(t testing.TB, router routers.Router, request *http.Request) error {
	t.Helper()
	route, params, err := router.FindRoute(request)
	if err != nil {
		t.Fatalf("%s: %v", request.URL, err)
	}
	return openapi3filter.ValidateRequest(request.Context(), &openapi3filter.RequestValidationInput{
		Request: request, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true},
	})
}

// validated is the independent implementation's verdict.
func (s subject) validated(t testing.TB, body []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return s.schema2020.Validate(v)
}

// hasTwins reports whether a body has one of the two random names that differ
// in case where it, or the schema, has the other: we refuse that whatever else
// the schema says.
func hasTwins(schema, body []byte) bool {
	lower, upper := []byte(`"a":`), []byte(`"A":`)
	has := func(name []byte) bool { return bytes.Contains(body, name) }
	said := func(name []byte) bool { return has(name) || bytes.Contains(schema, name) }
	return has(lower) && said(upper) || has(upper) && said(lower)
}

// randomCase is a random schema and bodies that have something to do with it.
func randomCase(t testing.TB, seed uint64, modern bool) (schema []byte, bodies [][]byte) {
	t.Helper()
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), modern: modern}
	schema = mustEncode(t, g.root())
	for range 12 {
		bodies = append(bodies, mustEncode(t, g.value(3)))
	}
	return schema, bodies
}

func mustEncode(t testing.TB, v any) []byte {
	t.Helper()
	text, err := encodeExactly(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// differ compares verdicts on a random schema of JSON Schema 2020-12 with the
// independent implementation's. It answers how many bodies were compared.
func differ(t testing.TB, seed uint64) int {
	t.Helper()
	schema, bodies := randomCase(t, seed, true)
	s := newSubject(t, "draft2020-12", schema)
	if s.ours == nil || s.schema2020 == nil {
		return 0
	}
	for _, body := range bodies {
		findings, err := s.check(t, body), s.validated(t, body)
		if (len(findings) == 0) != (err == nil) && !hasTwins(schema, body) {
			t.Errorf("seed %d: findings %v, jsonschema: %v\nschema: %s\nbody: %s", seed, findings, err, schema, body)
		}
	}
	return len(bodies)
}

// differKin compares verdicts on a random schema of OpenAPI 3.0 with those of
// kin-openapi's filter.
func differKin(t testing.TB, seed uint64) int {
	t.Helper()
	schema, bodies := randomCase(t, seed, false)
	s := newSubject(t, "draft4", schema)
	if s.ours == nil || s.filter == nil || bytes.Contains(schema, []byte(`(?!`)) {
		return 0
	}
	compared := 0
	for _, body := range bodies {
		findings := s.check(t, body)
		if bytes.Contains(body, []byte("null")) || hasTwins(schema, body) {
			continue // TestSettled has what they think of null
		}
		if err := s.filtered(t, body); (len(findings) == 0) != (err == nil) {
			t.Errorf("seed %d: findings %v, kin-openapi: %v\nschema: %s\nbody: %s", seed, findings, err, schema, body)
		}
		compared++
	}
	return compared
}

// TestDifferential compares verdicts on random schemas and bodies.
func TestDifferential(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		differ func(testing.TB, uint64) int
		want   int
	}{{"jsonschema", differ, 4000}, {"kin-openapi", differKin, 2500}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			compared := 0
			for seed := range uint64(500) {
				compared += c.differ(t, seed)
				if t.Failed() {
					return
				}
			}
			t.Logf("%d bodies compared", compared)
			if compared < c.want {
				t.Errorf("%d bodies compared, want at least %d", compared, c.want)
			}
		})
	}
}

// FuzzDifferential compares verdicts on random schemas and bodies, and on
// changed examples of the project's contracts.
func FuzzDifferential(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	corpus := newExampleCorpus(f)
	f.Fuzz(func(t *testing.T, seed uint64) {
		differ(t, seed)
		differKin(t, seed)
		corpus.differ(t, rand.New(rand.NewPCG(seed, 3)))
	})
}
