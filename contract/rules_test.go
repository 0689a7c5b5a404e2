package contract_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract"
)

// load loads a document of testdata.
func load(tb testing.TB, name string, config contract.Config) *contract.Contract {
	tb.Helper()
	c, err := contract.Load(os.DirFS("testdata"), name, config)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// header makes a header from names and values in turn.
func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

// call is a request for the shop; name is a body of createThing when it begins
// with a brace.
type call struct {
	method, target, body string
	header               http.Header
}

func (c call) check(s *contract.Contract) contract.Result {
	return s.CheckRequest(&contract.Request{Method: c.method, Target: c.target, Header: c.header, Body: []byte(c.body)})
}

func thing(body string) call {
	return call{"POST", "/things/", body, header("X-Key", "k", "Content-Type", "application/json; charset=utf-8")}
}

func get(target string) call { return call{"GET", target, "", header("X-Key", "k")} }

func form(contentType, body string) call {
	return call{"POST", "/forms/", body, header("Content-Type", contentType)}
}

// answer is a response of createThing.
type answer struct {
	status int
	body   string
	header http.Header
}

func (a answer) check(s *contract.Contract) contract.Result {
	return s.CheckResponse(s.Operation("createThing"), &contract.Response{Status: a.status, Header: a.header, Body: []byte(a.body)})
}

func made(pairs ...string) answer {
	return answer{201, `{"name":"a"}`, header(append([]string{"Content-Type", "application/json"}, pairs...)...)}
}

type checkable interface {
	check(*contract.Contract) contract.Result
}

// broken is a call of an operation whose checker panics.
type broken struct{ call }

func (b broken) check(s *contract.Contract) contract.Result {
	s.BreakChecker("createThing")
	return b.call.check(s)
}

const fine = `{"name":"a"}`

// ruleCases holds for each rule a message that breaks it, and nothing else, and
// a near one that does not.
func ruleCases() map[contract.Rule]struct{ bad, good checkable } {
	crowd := header("X-Key", "k", "Content-Type", "application/json")
	for range 600 {
		crowd.Add("X-Many", "1")
	}
	located := made("Location", "https://a.example/1")
	created := func(body string) answer { return answer{201, body, located.header} }
	return map[contract.Rule]struct{ bad, good checkable }{
		contract.RulePathUnknown:       {get("/nothing"), thing(fine)},
		contract.RulePathTrailingSlash: {call{"POST", "/things", fine, thing("").header}, thing(fine)},
		contract.RuleMethodUnknown:     {call{"PUT", "/things/", fine, nil}, thing(fine)},
		contract.RuleTargetInvalid:     {call{"GET", "*", "", nil}, call{"POST", "http://h/things/", fine, thing("").header}},
		contract.RuleTooManyHeaders:    {call{"POST", "/things/", fine, crowd}, thing(fine)},

		contract.RuleParameterMissing:    {get("/things/1?bare"), get("/things/1?limit=1&bare")},
		contract.RuleParameterInvalid:    {get("/things/1?limit=%zz&bare"), get("/things/1?limit=%31&bare")},
		contract.RuleParameterRepeated:   {get("/things/1?limit=1&limit=2&bare"), get("/things/1?limit=1&bare&tag=aa&tag=bb")},
		contract.RuleParameterUndeclared: {get("/things/1?limit=1&bare&other=1"), get("/things/1?limit=1&bare&filter[a]=1")},
		contract.RuleSecurityMissing:     {call{"POST", "/things/", fine, header("Content-Type", "application/json")}, thing(fine)},

		contract.RuleContentTypeMissing: {call{"POST", "/things/", fine, header("X-Key", "k")}, thing(fine)},
		contract.RuleContentTypeUnknown: {call{"POST", "/things/", fine, header("X-Key", "k", "Content-Type", "text/html")}, thing(fine)},
		contract.RuleBodyMissing:        {thing(""), form("text/plain", "")},
		contract.RuleBodyUnexpected:     {call{"GET", "/things/1?limit=1&bare", "x", header("X-Key", "k")}, get("/things/1?limit=1&bare")},
		contract.RuleBodyTooLarge:       {thing(`{"name":"a"` + strings.Repeat(" ", 1<<20) + `}`), thing(fine)},
		contract.RuleBodyEncoding:       {call{"POST", "/things/", fine, header("X-Key", "k", "Content-Type", "application/json", "Content-Encoding", "gzip")}, thing(fine)},

		contract.RuleJSONSyntax:        {thing(`{"name":`), thing(fine)},
		contract.RuleJSONTrailingBytes: {thing(fine + "x"), thing(fine + "\n")},
		contract.RuleJSONDepth:         {thing(strings.Repeat("[", 101) + strings.Repeat("]", 101)), thing(fine)},
		contract.RuleJSONUTF8:          {thing("{\"name\":\"\xff\"}"), thing(`{"name":"é"}`)},
		contract.RuleJSONDuplicateName: {thing(`{"name":"a","name":"b"}`), thing(fine)},
		contract.RuleJSONCaseTwin:      {thing(`{"name":"a","sizes":{"A":1,"a":2}}`), thing(`{"name":"a","sizes":{"A":1,"b":2}}`)},

		contract.RuleJSONNumber: {thing(`{"name":"a","price":1e9999999999}`), thing(`{"name":"a","price":1e1}`)},

		contract.RuleType:               {thing(`{"name":1}`), thing(fine)},
		contract.RuleNull:               {thing(`{"name":null}`), thing(`{"name":"a","maybe":null}`)},
		contract.RuleRequired:           {thing(`{"kind":"small"}`), thing(fine)},
		contract.RuleEnum:               {thing(`{"name":"a","kind":"huge"}`), thing(`{"name":"a","kind":"large"}`)},
		contract.RuleFormat:             {thing(`{"name":"a","mail":"nobody"}`), thing(`{"name":"a","mail":"a@b.example","wide":7}`)},
		contract.RulePattern:            {thing(`{"name":"a","code":"ab"}`), thing(`{"name":"a","code":"ABC"}`)},
		contract.RuleMinLength:          {thing(`{"name":""}`), thing(fine)},
		contract.RuleMaxLength:          {thing(`{"name":"abcdefghijk"}`), thing(`{"name":"éééééééééé"}`)},
		contract.RuleMinimum:            {thing(`{"name":"a","price":-1}`), thing(`{"name":"a","price":0}`)},
		contract.RuleMaximum:            {thing(`{"name":"a","price":100}`), thing(`{"name":"a","price":99.5}`)},
		contract.RuleMultipleOf:         {thing(`{"name":"a","price":0.3}`), thing(`{"name":"a","price":1.5}`)},
		contract.RuleMinItems:           {thing(`{"name":"a","tags":[]}`), thing(`{"name":"a","tags":["x"]}`)},
		contract.RuleMaxItems:           {thing(`{"name":"a","tags":["a","b","c","d"]}`), thing(`{"name":"a","tags":["a","b","c"]}`)},
		contract.RuleUniqueItems:        {thing(`{"name":"a","tags":["a","a"]}`), thing(`{"name":"a","tags":["a","b"]}`)},
		contract.RuleMinProperties:      {thing(`{"name":"a","sizes":{}}`), thing(`{"name":"a","sizes":{"s":1}}`)},
		contract.RuleMaxProperties:      {thing(many(26)), thing(many(0))},
		contract.RulePropertyForbidden:  {thing(`{"name":"a","sealed":{"x":1,"y":2}}`), thing(`{"name":"a","sealed":{"x":1}}`)},
		contract.RulePropertyUndeclared: {thing(`{"name":"a","other":1}`), thing(`{"name":"a","sizes":{"other":1}}`)},
		contract.RuleReadOnly:           {thing(`{"name":"a","id":1}`), created(`{"name":"a","id":1}`)},
		contract.RuleWriteOnly:          {created(`{"name":"a","secret":"x"}`), thing(`{"name":"a","secret":"x"}`)},
		contract.RuleAnyOf:              {thing(`{"name":"a","contact":{}}`), thing(`{"name":"a","contact":{"mail":"x"}}`)},
		contract.RuleOneOf:              {thing(`{"name":"a","one":7}`), thing(`{"name":"a","one":3}`)},
		contract.RuleNot:                {thing(`{"name":"a","never":1}`), thing(`{"name":"a","never":"x"}`)},
		contract.RuleDiscriminator:      {thing(`{"name":"a","pet":{"type":"cow"}}`), thing(`{"name":"a","pet":{"type":"cat","lives":9}}`)},

		contract.RuleStatusUndeclared: {answer{500, "", nil}, answer{404, "", nil}},
		contract.RuleHeaderMissing:    {made(), located},
		contract.RuleHeaderInvalid:    {made("Location", "https://a.example/1", "X-Tags", "a"), made("Location", "https://a.example/1", "X-Tags", "a,1")},
		contract.RuleCheckBudget:      {thing(maze(40)), thing(maze(3))},
		contract.RuleCheckFailed:      {broken{thing(fine)}, thing(fine)},
	}
}

// maze is a message each of whose levels makes twice the work of the next.
func maze(levels int) string {
	return `{"name":"a","maze":` + strings.Repeat(`{"a":`, levels) + "{}" + strings.Repeat("}", levels) + "}"
}

func many(n int) string {
	var b strings.Builder
	b.WriteString(`{"name":"a"`)
	for i := range n {
		b.WriteString(`,"p` + string(rune('a'+i)) + `":1`)
	}
	return b.String() + "}"
}

// untriggered are the rules that no message can break, with the reason.
var untriggered = map[contract.Rule]string{
	contract.RuleAllOf: "stands for keywords that the checks have no words for; every keyword of OpenAPI 3.0 has its own rule",
}

func TestEveryRuleHasACase(t *testing.T) {
	t.Parallel()
	cases := ruleCases()
	seen := make(map[contract.Rule]bool)
	for _, info := range contract.Rules() {
		if seen[info.Rule] {
			t.Errorf("rule %s is registered twice", info.Rule)
		}
		seen[info.Rule] = true
		if len(info.Description) < 10 || !strings.HasSuffix(info.Description, ".") {
			t.Errorf("rule %s has the description %q, want a sentence", info.Rule, info.Description)
		}
		if info.Severity != contract.SeverityError && info.Severity != contract.SeverityWarning {
			t.Errorf("rule %s has the severity %q", info.Rule, info.Severity)
		}
		_, tested := cases[info.Rule]
		if reason, waived := untriggered[info.Rule]; waived == tested {
			t.Errorf("rule %s: tested %v, waived %v (%s)", info.Rule, tested, waived, reason)
		}
	}
	for rule := range cases {
		if !seen[rule] {
			t.Errorf("rule %s has a case and is not registered", rule)
		}
	}
	for rule := range untriggered {
		if !seen[rule] {
			t.Errorf("waiver for %s, which is not registered", rule)
		}
	}
	for _, rule := range declaredRules(t) {
		if !seen[rule] {
			t.Errorf("rule %s is declared and not registered", rule)
		}
	}
}

// declaredRules reads the rules out of rule.go.
func declaredRules(t *testing.T) []contract.Rule {
	t.Helper()
	source, err := os.ReadFile("rule.go")
	if err != nil {
		t.Fatal(err)
	}
	var rules []contract.Rule
	for line := range strings.Lines(string(source)) {
		if _, value, ok := strings.Cut(line, " Rule = "); ok {
			rules = append(rules, contract.Rule(strings.Trim(strings.TrimSpace(value), `"`)))
		}
	}
	if len(rules) < 40 {
		t.Fatalf("found %d rules in rule.go", len(rules))
	}
	return rules
}

func TestRules(t *testing.T) {
	t.Parallel()
	severities := make(map[contract.Rule]contract.Severity)
	for _, info := range contract.Rules() {
		severities[info.Rule] = info.Severity
	}
	for rule, tc := range ruleCases() {
		t.Run(string(rule), func(t *testing.T) {
			t.Parallel()
			shop := load(t, "shop.yaml", contract.Config{})
			got := tc.good.check(shop)
			if len(got.Findings) > 0 {
				t.Errorf("clean case: %v", got.Findings)
			}
			got = tc.bad.check(shop)
			broken := slices.DeleteFunc(slices.Clone(got.Findings), func(f contract.Finding) bool { return f.Rule != rule })
			if len(broken) == 0 {
				t.Fatalf("triggering case: findings %v, want rule %s", got.Findings, rule)
			}
			allowed := map[contract.Rule]bool{rule: true}
			switch rule {
			case contract.RuleMaxProperties, contract.RuleTooManyHeaders:
				allowed[contract.RulePropertyUndeclared] = true
			case contract.RuleJSONDepth:
				allowed[contract.RuleType] = true
			}
			for _, f := range got.Findings {
				if !allowed[f.Rule] {
					t.Errorf("triggering case also finds %v", f)
				}
				if f.Position.Document != "shop.yaml" {
					t.Errorf("%s has position %v", f.Rule, f.Position)
				}
				if f.Message == "" || strings.ContainsAny(f.Message, "\n") {
					t.Errorf("%s has message %q", f.Rule, f.Message)
				}
			}
			want := severities[rule]
			if f := broken[0]; f.Severity != want && f.Grade != contract.GradeInferred {
				t.Errorf("%s has severity %s, want %s", f.Rule, f.Severity, want)
			}
		})
	}
}
