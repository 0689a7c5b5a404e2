package program_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// randomCase is a random schema with values.
type randomCase struct {
	schema map[string]any
	text   []byte
	values [][]byte
}

func newRandomCase(t *testing.T, seed uint64, modern bool) randomCase {
	t.Helper()
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), modern: modern}
	root := g.root()
	c := randomCase{schema: root, text: mustJSON(t, root)}
	for range 12 {
		c.values = append(c.values, mustJSON(t, g.value(3)))
	}
	return c
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

// backtracking makes a regular expression for the oracle as ECMA-262 has it.
type backtracking struct{ *regexp2.Regexp }

func (b backtracking) MatchString(s string) bool {
	ok, err := b.Regexp.MatchString(s)
	return ok && err == nil
}

func oracleRegexp(s string) (jsonschema.Regexp, error) {
	if !strings.Contains(s, "(?!") {
		return regexp.Compile(s)
	}
	re, err := regexp2.Compile(s, regexp2.ECMAScript)
	return backtracking{re}, err
}

// oracle compiles a schema with an implementation that shares nothing with
// ours; nil when it refuses.
func oracle(text []byte) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseRegexpEngine(oracleRegexp)
	if err := c.AddResource("http://suite.invalid/root.json", doc); err != nil {
		return nil
	}
	s, err := c.Compile("http://suite.invalid/root.json")
	if err != nil {
		return nil
	}
	return s
}

// ours compiles a raw schema; nil when it is refused.
func ours(s *suiteResolver, text []byte, dialect program.Dialect) (*program.Program, *openapi3.SchemaRef) {
	ref, _, err := s.schema(text)
	if err != nil {
		return nil, nil
	}
	p, err := program.NewCompiler(program.Options{Dialect: dialect}).Compile(ref)
	if err != nil {
		return nil, nil
	}
	return p, ref
}

// differ compares our verdicts on one random schema with the oracle's, and our
// two modes with each other. It answers how many values were compared.
func differ(t *testing.T, s *suiteResolver, seed uint64) int {
	t.Helper()
	c := newRandomCase(t, seed, true)
	p, _ := ours(s, c.text, program.OpenAPI31)
	want := oracle(c.text)
	if p == nil || want == nil {
		return 0
	}
	for _, value := range c.values {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
		if err != nil {
			t.Fatal(err)
		}
		valid := want.Validate(doc) == nil
		twins := hasTwins(value)
		compareModes(t, p, seed, c.text, value)
		if got := p.Accept(value, program.Request); got != valid && !twins {
			t.Errorf("seed %d: Accept = %v, want %v\nschema: %s\nvalue: %s", seed, got, valid, c.text, value)
		}
	}
	return len(c.values)
}

// hasTwins reports whether a value has the one pair of names that differ in
// case, which we refuse whatever the schema says.
func hasTwins(value []byte) bool {
	return bytes.Contains(value, []byte(`"a":`)) && bytes.Contains(value, []byte(`"A":`))
}

// compareModes holds the promise that accept and collect agree.
func compareModes(t *testing.T, p *program.Program, seed uint64, schema, value []byte) {
	t.Helper()
	accepted := p.Accept(value, program.Request)
	findings, complete := p.Findings(value, program.Request, 1000)
	if accepted != (len(findings) == 0) || !complete {
		t.Errorf("seed %d: Accept = %v, but %d findings (complete %v)\nschema: %s\nvalue: %s",
			seed, accepted, len(findings), complete, schema, value)
	}
	for _, f := range findings {
		if !resolves(value, f) {
			t.Errorf("seed %d: pointer %q does not resolve (%s)\nvalue: %s", seed, f.Pointer, f.Kind, value)
		}
	}
}

// resolves reports whether the pointer of a finding leads to a value, or to
// where one should be.
func resolves(value []byte, f program.Finding) bool {
	var v any
	if json.Unmarshal(value, &v) != nil {
		return true
	}
	if f.Pointer == "" {
		return true
	}
	tokens := strings.Split(f.Pointer[1:], "/")
	for i, token := range tokens {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[token]
			if !ok {
				return i == len(tokens)-1 && f.Name == token
			}
			v = next
		case []any:
			n := -1
			if json.Unmarshal([]byte(token), &n) != nil || n < 0 || n >= len(at) {
				return false
			}
			v = at[n]
		default:
			return false
		}
	}
	return true
}

// TestDifferential compares verdicts on random schemas with another
// implementation's.
func TestDifferential(t *testing.T) {
	t.Parallel()
	s := newSuiteResolver(t, "draft2020-12")
	compared := 0
	for seed := range uint64(1500) {
		compared += differ(t, s, seed)
		if t.Failed() {
			break
		}
	}
	if compared < 15_000 {
		t.Errorf("%d values compared, want at least 15000", compared)
	}
}

// differKin compares our verdicts on one random OpenAPI 3.0 schema with those
// of kin-openapi.
func differKin(t *testing.T, s *suiteResolver, seed uint64) int {
	t.Helper()
	c := newRandomCase(t, seed, false)
	p, ref := ours(s, c.text, program.OpenAPI30)
	if p == nil || bytes.Contains(c.text, []byte(`(?!`)) {
		return 0
	}
	compared := 0
	for _, value := range c.values {
		compareModes(t, p, seed, c.text, value)
		if bytes.Contains(value, []byte("null")) || hasTwins(value) {
			continue // kin-openapi lets no null pass where no type is given
		}
		var v any
		if err := json.Unmarshal(value, &v); err != nil {
			t.Fatal(err)
		}
		err := ref.Value.VisitJSON(v)
		if got := p.Accept(value, program.Request); got != (err == nil) {
			t.Errorf("seed %d: Accept = %v, kin-openapi: %v\nschema: %s\nvalue: %s", seed, got, err, c.text, value)
		}
		compared++
	}
	return compared
}

// TestDifferentialKin compares verdicts on random OpenAPI 3.0 schemas with
// kin-openapi's.
func TestDifferentialKin(t *testing.T) {
	t.Parallel()
	s := newSuiteResolver(t, "draft4")
	compared := 0
	for seed := range uint64(2000) {
		compared += differKin(t, s, seed)
		if t.Failed() {
			break
		}
	}
	if compared < 10_000 {
		t.Errorf("%d values compared, want at least 10000", compared)
	}
}

func FuzzDifferential(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { differ(t, newSuiteResolver(t, "draft2020-12"), seed) })
}
