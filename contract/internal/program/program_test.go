package program_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// parseSchema reads a schema that has no references.
func parseSchema(tb testing.TB, text string) *openapi3.SchemaRef {
	tb.Helper()
	var ref openapi3.SchemaRef
	if err := json.Unmarshal([]byte(text), &ref); err != nil {
		tb.Fatal(err)
	}
	return &ref
}

func compileText(tb testing.TB, schema string, options program.Options) *program.Program {
	tb.Helper()
	p, err := program.NewCompiler(options).Compile(parseSchema(tb, schema))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// checkBoth runs both modes and returns what was found.
func checkBoth(t *testing.T, p *program.Program, body string, direction program.Direction) []program.Finding {
	t.Helper()
	findings, _ := p.Findings([]byte(body), direction, 50)
	if got, want := p.Accept([]byte(body), direction), len(findings) == 0; got != want {
		t.Errorf("Accept = %v with %d findings", got, len(findings))
	}
	return findings
}

func kinds(findings []program.Finding) []found {
	var out []found
	for _, f := range findings {
		out = append(out, found{f.Kind, f.Pointer})
	}
	return out
}

const (
	closed     = `{"type":"object","additionalProperties":false,"properties":{"message_content":{"type":"string"},"ID":{},"id2":{"type":"integer"}}}`
	open       = `{"type":"object","properties":{"email":{"type":"string"},"kids":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"}}}}}}`
	nullables  = `{"type":"object","properties":{"a":{"type":"string","nullable":true,"enum":["x"]},"b":{"nullable":true,"allOf":[{"type":"string"}]},"c":{},"d":{"type":"string"}}}`
	readWrite  = `{"type":"object","required":["id","password"],"properties":{"id":{"type":"string","readOnly":true},"password":{"type":"string","writeOnly":true}}}`
	wholes     = `{"type":"array","items":{"type":"integer","maximum":90}}`
	hundredths = `{"type":"array","items":{"type":"number","multipleOf":0.01}}`
	longs      = `{"type":"array","items":{"type":"integer","format":"int64"}}`
)

func TestFindings(t *testing.T) {
	t.Parallel()
	req, resp := program.Request, program.Response
	cases := []struct {
		name, schema, body string
		direction          program.Direction
		options            program.Options
		want               []found
	}{
		{"all at once", closed, `{"message_content":1,"x":2,"id2":"3"}`, req, program.Options{}, []found{
			{program.KindType, "/message_content"}, {program.KindForbidden, "/x"}, {program.KindType, "/id2"},
		}},
		{"empty text", `{}`, "", req, program.Options{}, []found{{program.KindSyntax, ""}}},
		{"white space alone", `{}`, " \n", req, program.Options{}, []found{{program.KindSyntax, ""}}},
		{"byte order mark", `{}`, "\ufeff{}", req, program.Options{}, []found{{program.KindSyntax, ""}}},
		{"trailing comma", `{}`, `[1,]`, req, program.Options{}, []found{{program.KindSyntax, "/1"}}},
		{"trailing bytes", `{}`, `{} x`, req, program.Options{}, []found{{program.KindTrailing, ""}}},
		{"leading zero", `{}`, `[01]`, req, program.Options{}, []found{{program.KindSyntax, ""}}},
		{"bare words", `{}`, `[nul]`, req, program.Options{}, []found{{program.KindSyntax, "/0"}}},
		{"findings before a syntax error stay", closed, `{"id2":"x",`, req, program.Options{}, []found{{program.KindType, "/id2"}, {program.KindSyntax, ""}}},
		{"control character", `{}`, "\"a\x01\"", req, program.Options{}, []found{{program.KindSyntax, ""}}},
		{"invalid UTF-8 in a value and a name", `{}`, "{\"\xff\":1,\"a\":\"\xc3\"}", req, program.Options{}, []found{{program.KindUTF8, "/\xff"}, {program.KindUTF8, "/a"}}},
		{"lone surrogate", `{}`, `["\ud800","\ud83d\ude00","\udc00x"]`, req, program.Options{}, []found{{program.KindUTF8, "/0"}, {program.KindUTF8, "/2"}}},
		{"duplicate of a property", closed, `{"id2":1,"id2":2}`, req, program.Options{}, []found{{program.KindDuplicate, "/id2"}}},
		{"duplicate by escape", closed, `{"id2":1,"\u0069d2":2}`, req, program.Options{}, []found{{program.KindDuplicate, "/id2"}}},
		{"duplicate of an unknown name", `{}`, `{"a":1,"b":2,"a":3}`, req, program.Options{}, []found{{program.KindDuplicate, "/a"}}},
		{"twin of a property, before it", open, `{"EMAIL":"x","email":"y"}`, req, program.Options{}, []found{{program.KindCaseTwin, "/EMAIL"}}},
		{"twin of a property, after it", open, `{"email":"y","eMail":"x"}`, req, program.Options{}, []found{{program.KindCaseTwin, "/eMail"}}},
		{"twin of a property that is not there", open, `{"eMail":"x"}`, req, program.Options{}, []found{{program.KindCaseTwin, "/eMail"}}},
		{"twins among unknown names", `{}`, `{"straße":1,"STRAßE":2,"k":3,"\u212a":4}`, req, program.Options{}, []found{{program.KindCaseTwin, "/STRAßE"}, {program.KindCaseTwin, "/\u212a"}}},
		{"duplicates inside a value of no interest", `{"type":"object","properties":{"x":{}}}`, `{"x":[{"a":{"b":1,"b":2}}]}`, req, program.Options{}, []found{{program.KindDuplicate, "/x/0/a/b"}}},
		{"wrong type, inside still read", `{"type":"string"}`, `{"a":1,"a":2}`, req, program.Options{}, []found{{program.KindType, ""}, {program.KindDuplicate, "/a"}}},
		{"depth", `{}`, `[[[[1]]]]`, req, program.Options{MaxDepth: 3}, []found{{program.KindDepth, "/0/0/0"}}},
		{"depth within", `{}`, `[[[1]]]`, req, program.Options{MaxDepth: 3}, nil},
		{"budget", `{"type":"array","items":{"anyOf":[{"maximum":1},{"maximum":2}]}}`, `[1,1,1]`, req, program.Options{MaxSteps: -30}, []found{{program.KindBudget, ""}}},
		{"undeclared", open, `{"email":"a","phone":"b","kids":[{"name":"x","age":3}]}`, req, program.Options{Undeclared: true}, []found{{program.KindUndeclared, "/phone"}, {program.KindUndeclared, "/kids/0/age"}}},
		{"undeclared, not asked for", open, `{"phone":"b"}`, req, program.Options{}, nil},
		{"nothing declared", `{"type":"object"}`, `{"phone":"b"}`, req, program.Options{Undeclared: true}, nil},
		{"declared by a pattern", `{"properties":{"a":{}},"patternProperties":{"^x-":{}}}`, `{"x-a":1,"y":2}`, req, program.Options{Undeclared: true}, []found{{program.KindUndeclared, "/y"}}},
		{"declared by an alternative", `{"properties":{"a":{}},"anyOf":[{"properties":{"b":{}}},{"required":["c"]}]}`, `{"b":1,"c":2}`, req, program.Options{Undeclared: true}, []found{{program.KindUndeclared, "/c"}}},
		{"undeclared in the branch that matches", `{"oneOf":[{"type":"object","required":["k"],"properties":{"k":{"enum":["a"]},"x":{"type":"object","properties":{"y":{}}}}},{"type":"object","required":["k"],"properties":{"k":{"enum":["b"]}}}]}`,
			`{"x":{"z":1},"k":"a"}`, req, program.Options{Undeclared: true}, []found{{program.KindUndeclared, "/x/z"}}},
		{"undeclared in a branch found by trying", `{"anyOf":[{"type":"object","properties":{"k":{"type":"string"}},"minProperties":2},{"type":"object","required":["q"],"maxProperties":1}]}`,
			`{"k":"a","l":{"m":1}}`, req, program.Options{Undeclared: true}, []found{{program.KindUndeclared, "/l"}}},
		{"null", nullables, `{"a":null,"b":null,"c":null,"d":null}`, req, program.Options{}, []found{{program.KindNull, "/d"}}},
		{"nullable means nothing in 3.1", nullables, `{"a":null,"b":null,"c":null}`, req, program.Options{Dialect: program.OpenAPI31}, []found{{program.KindNull, "/a"}, {program.KindNull, "/b"}}},
		{"read-only in a request", readWrite, `{"id":"1","password":"p"}`, req, program.Options{}, []found{{program.KindReadOnly, "/id"}}},
		{"read-only is not required in a request", readWrite, `{"password":"p"}`, req, program.Options{}, nil},
		{"write-only in a response", readWrite, `{"id":"1","password":"p"}`, resp, program.Options{}, []found{{program.KindWriteOnly, "/password"}}},
		{"required by direction", readWrite, `{}`, resp, program.Options{}, []found{{program.KindRequired, "/id"}}},
		{"whole numbers", wholes, `[90,12.0,120e-1,9.0e1,-1e400]`, req, program.Options{}, nil},
		{"not quite whole, not quite small", wholes, `[90.00000000000000001,91,1e400,12.5]`, req, program.Options{}, []found{
			{program.KindType, "/0"}, {program.KindMaximum, "/1"}, {program.KindMaximum, "/2"}, {program.KindType, "/3"},
		}},
		{"exponent beyond the limit", wholes, `[1e99999999,0e99999999,1]`, req, program.Options{}, []found{{program.KindNumber, "/0"}}},
		{"hundredths", hundredths, `[0.07,19.99,1e22,0.1e-1,123456789012345678901234567890.12]`, req, program.Options{}, nil},
		{"no hundredths", hundredths, `[0.075,1e-3,123456789012345678901234567890.123]`, req, program.Options{}, []found{
			{program.KindMultipleOf, "/0"}, {program.KindMultipleOf, "/1"}, {program.KindMultipleOf, "/2"},
		}},
		{"ends of int64", longs, `[9223372036854775807,-9223372036854775808,9223372036854775808,-9223372036854775809]`, req, program.Options{}, []found{
			{program.KindFormat, "/2"}, {program.KindFormat, "/3"},
		}},
		{"pointer escapes", `{"additionalProperties":{"type":"string"}}`, `{"a/b":{"c":1},"m~n":2,"\u00e9\"":3}`, req, program.Options{}, []found{
			{program.KindType, "/a~1b"}, {program.KindType, "/m~0n"}, {program.KindType, "/é\""},
		}},
		{"repeated items", `{"uniqueItems":true}`, `[1,{"a":1,"b":[]},1.0,{"b":[ ],"\u0061":10e-1},"1"]`, req, program.Options{}, []found{{program.KindUniqueItems, "/2"}, {program.KindUniqueItems, "/3"}}},
		{"repeated items, many", `{"uniqueItems":true}`, `[0,1,2,3,4,5,6,7,8,9,10,11,[12],13,14,15,"4",4,[12.0]]`, req, program.Options{}, []found{{program.KindUniqueItems, "/17"}, {program.KindUniqueItems, "/18"}}},
		{"exponent beyond the limit among unique items", `{"uniqueItems":true}`, `[1e99999999,10e99999998]`, req, program.Options{}, []found{{program.KindNumber, "/0"}, {program.KindNumber, "/1"}}},
		{"tags that overlap tell nothing", `{"oneOf":[{"type":"object","required":["k"],"properties":{"k":{"enum":["a","b"]}}},{"type":"object","required":["k","x"],"properties":{"k":{"enum":["b","c"]}}}]}`,
			`{"k":"b","x":1}`, req, program.Options{}, []found{{program.KindOneOf, ""}}},
		{"null passes one way but not the other", `{"allOf":[{"nullable":true,"allOf":[{"type":"string"}]},{"type":"string"}]}`, `null`, req, program.Options{}, []found{{program.KindNull, ""}}},
		{"depth after a branch that fails inside", `{"items":{"anyOf":[{"items":{"items":{"type":"string"}}},{}]}}`, `[[[1]],[[1]],[[1]],[[1]]]`, req, program.Options{MaxDepth: 3}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := kinds(checkBoth(t, compileText(t, c.schema, c.options), c.body, c.direction))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSuggestion(t *testing.T) {
	t.Parallel()
	p := compileText(t, closed, program.Options{})
	for name, want := range map[string]string{
		"mesage_content": "message_content", "messageContent": "message_content", "id": "ID", "zzz": "", "content": "",
	} {
		findings := checkBoth(t, p, fmt.Sprintf(`{%q:"x"}`, name), program.Request)
		if len(findings) != 1 || findings[0].Suggestion != want {
			t.Errorf("%s: %+v, want the suggestion %q", name, findings, want)
		}
	}
}

// TestNearestBranch holds the order of the branches of an alternative.
func TestNearestBranch(t *testing.T) {
	t.Parallel()
	p := compileText(t, `{"oneOf":[
		{"type":"array"},
		{"type":"object","required":["a","b","c"],"properties":{"a":{"type":"string"}}},
		{"type":"object","required":["a","d"],"properties":{"a":{"type":"string"}},"maxProperties":4}]}`, program.Options{})
	findings := checkBoth(t, p, `{"a":"x"}`, program.Request)
	if len(findings) != 1 || findings[0].Kind != program.KindOneOf {
		t.Fatalf("findings = %+v, want one of oneOf", findings)
	}
	var got []int
	for _, b := range findings[0].Branches {
		got = append(got, b.Index)
	}
	if diff := cmp.Diff([]int{2, 1, 0}, got); diff != "" {
		t.Errorf("branches (-want +got):\n%s", diff)
	}
	if near := findings[0].Branches[0].Findings; len(near) != 1 || near[0].Kind != program.KindRequired || near[0].Pointer != "/d" || near[0].Name != "d" {
		t.Errorf("nearest branch: %+v, want the missing d", near)
	}
}

func TestTooManyBranches(t *testing.T) {
	t.Parallel()
	p := compileText(t, `{"oneOf":[{"minimum":1},{"minimum":2},{"minimum":9}]}`, program.Options{})
	findings := checkBoth(t, p, `5`, program.Request)
	if len(findings) != 1 {
		t.Fatalf("findings = %+v, want one", findings)
	}
	if diff := cmp.Diff([]int{0, 1}, findings[0].Matched); diff != "" {
		t.Errorf("matched (-want +got):\n%s", diff)
	}
}

// TestFacts holds what a finding says of the schema.
func TestFacts(t *testing.T) {
	t.Parallel()
	schema := parseSchema(t, `{"type":"object","properties":{"p":{"type":"string","enum":["a","b"],"maxLength":0},"q":{"maximum":0.5,"exclusiveMaximum":true}}}`)
	p, err := program.NewCompiler(program.Options{}).Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	type fact struct {
		Keyword  string
		Expected []string
	}
	var got []fact
	for _, f := range checkBoth(t, p, `{"p":"secret","q":0.5}`, program.Request) {
		got = append(got, fact{f.Keyword, f.Expected})
		if want := schema.Value.Properties[f.Pointer[1:]].Value; f.Schema != want {
			t.Errorf("%s: schema %p, want %p", f.Pointer, f.Schema, want)
		}
	}
	want := []fact{{"maxLength", []string{"0"}}, {"enum", []string{`"a"`, `"b"`}}, {"maximum", []string{"< 0.5"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	p := compileText(t, `{"items":{"type":"string"}}`, program.Options{})
	body := []byte(`[1,2,3,4,5]`)
	for limit, want := range map[int]int{1: 1, 3: 3, 5: 5, 6: 5} {
		findings, complete := p.Findings(body, program.Request, limit)
		if len(findings) != want || complete != (limit > 5) {
			t.Errorf("limit %d: %d findings, complete %v", limit, len(findings), complete)
		}
	}
}

// TestManyProperties goes beyond the first words of the sets of fields.
func TestManyProperties(t *testing.T) {
	t.Parallel()
	var properties, members, required []string
	for i := range 200 {
		properties = append(properties, fmt.Sprintf(`"property_%03d":{"type":"integer"}`, i))
		members = append(members, fmt.Sprintf(`"property_%03d":%d`, i, i))
		required = append(required, fmt.Sprintf(`"property_%03d"`, i))
	}
	schema := fmt.Sprintf(`{"additionalProperties":false,"properties":{%s},"required":[%s],"anyOf":[{"required":["property_150"]},{"required":["property_001"]}]}`,
		strings.Join(properties, ","), strings.Join(required, ","))
	p := compileText(t, schema, program.Options{})
	if got := checkBoth(t, p, "{"+strings.Join(members, ",")+"}", program.Request); got != nil {
		t.Errorf("findings = %v, want none", kinds(got))
	}
	members[199] = `"property_198":1`
	want := []found{{program.KindDuplicate, "/property_198"}, {program.KindRequired, "/property_199"}}
	if diff := cmp.Diff(want, kinds(checkBoth(t, p, "{"+strings.Join(members, ",")+"}", program.Request))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestManyUnknownNames goes beyond the names that are compared one by one.
func TestManyUnknownNames(t *testing.T) {
	t.Parallel()
	p := compileText(t, `{}`, program.Options{})
	var members []string
	for i := range 5000 {
		members = append(members, fmt.Sprintf(`"k%d":{"a":1,"b":2}`, i))
	}
	if got := checkBoth(t, p, "{"+strings.Join(members, ",")+"}", program.Request); got != nil {
		t.Fatalf("findings = %v, want none", kinds(got))
	}
	members = append(members, `"k4321":1`, `"K17":1`)
	want := []found{{program.KindDuplicate, "/k4321"}, {program.KindCaseTwin, "/K17"}}
	if diff := cmp.Diff(want, kinds(checkBoth(t, p, "{"+strings.Join(members, ",")+"}", program.Request))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	self := &openapi3.Schema{}
	self.AnyOf = openapi3.SchemaRefs{{Value: &openapi3.Schema{Not: &openapi3.SchemaRef{Value: &openapi3.Schema{AnyOf: openapi3.SchemaRefs{{Value: self}, {Value: &openapi3.Schema{MinLength: 1}}}}}}}, {Value: &openapi3.Schema{MinLength: 2}}}
	half := 0.1234567890123456
	cases := map[string]struct {
		ref  *openapi3.SchemaRef
		want string
	}{
		"unresolved":    {&openapi3.SchemaRef{Ref: "#/components/schemas/X"}, "$ref"},
		"dynamic":       {parseSchema(t, `{"$dynamicRef":"#x"}`), "$dynamicRef"},
		"dialect":       {parseSchema(t, `{"$schema":"http://json-schema.org/draft-07/schema"}`), "$schema"},
		"dependencies":  {parseSchema(t, `{"dependencies":{"a":["b"]}}`), "dependencies"},
		"pattern":       {parseSchema(t, `{"pattern":"(?i)a"}`), "pattern"},
		"type":          {parseSchema(t, `{"type":"file"}`), "type"},
		"itself":        {&openapi3.SchemaRef{Value: self}, "$ref"},
		"odd mapping":   {parseSchema(t, `{"oneOf":[{"type":"object"}],"discriminator":{"propertyName":"k","mapping":{"a":"#/components/schemas/A"}}}`), "discriminator"},
		"lost digits":   {parseSchema(t, `{"maximum":9007199254740993}`), "maximum"},
		"lost values":   {parseSchema(t, `{"enum":[{"a":[9007199254740993]}]}`), "enum"},
		"divisor zero":  {&openapi3.SchemaRef{Value: &openapi3.Schema{MultipleOf: new(float64)}}, "multipleOf"},
		"nested schema": {parseSchema(t, `{"properties":{"a":{"items":{"pattern":"("}}}}`), "pattern"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := program.NewCompiler(program.Options{}).Compile(c.ref)
			var refused *program.Error
			if !errors.As(err, &refused) || refused.Keyword != c.want {
				t.Errorf("error = %v, want one about %s", err, c.want)
			}
		})
	}
	if _, err := program.NewCompiler(program.Options{}).Compile(&openapi3.SchemaRef{Value: &openapi3.Schema{MultipleOf: &half}}); err != nil {
		t.Errorf("a divisor of 16 digits: %v", err)
	}
}

// TestLiteral holds that bounds are exact when the document's text is known.
func TestLiteral(t *testing.T) {
	t.Parallel()
	schema := `{"type":"integer","maximum":9007199254740993}`
	p := compileText(t, schema, program.Options{Literal: func(_ *openapi3.Schema, keyword string) string {
		return map[string]string{"maximum": "9007199254740993"}[keyword]
	}})
	if !p.Accept([]byte("9007199254740993"), program.Request) || p.Accept([]byte("9007199254740994"), program.Request) {
		t.Error("the bound 2^53+1 is not exact")
	}
}

// TestPatternTime holds that a pattern that runs out of time is a finding, and
// never an answer.
func TestPatternTime(t *testing.T) {
	t.Parallel()
	const slow = `^(?!x)(a|aa)+$`
	body := strings.Repeat("a", 60) + "!"
	for name, c := range map[string]struct{ schema, body, pointer string }{
		"pattern":           {`{"additionalProperties":{"pattern":"` + slow + `"}}`, `{"p":"` + body + `"}`, "/p"},
		"not":               {`{"additionalProperties":{"not":{"pattern":"` + slow + `"}}}`, `{"p":"` + body + `"}`, ""},
		"patternProperties": {`{"patternProperties":{"` + slow + `":false}}`, `{"` + body + `":1}`, "/" + body},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := compileText(t, c.schema, program.Options{MatchTimeout: time.Millisecond, MaxSteps: 1000})
			want := []found{{program.KindBudget, c.pointer}}
			if diff := cmp.Diff(want, kinds(checkBoth(t, p, c.body, program.Request))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
