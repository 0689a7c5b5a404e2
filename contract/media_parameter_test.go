package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

// shapes are the three kinds of values of the table in the OpenAPI
// specification: a string, an array of strings and an object of integers, each
// of which admits nothing but what the table writes.
var shapes = map[string]string{
	"string": "{type: string, enum: [blue]}",
	"array":  "{type: array, minItems: 3, maxItems: 3, items: {type: string, enum: [blue, black, brown]}}",
	"object": "{type: object, required: [R, G, B], additionalProperties: false, properties: {R: {type: integer, enum: [100]}, G: {type: integer, enum: [200]}, B: {type: integer, enum: [150]}}}",
}

// styleTable is the table of examples in the description of Parameter Object.
var styleTable = []struct {
	in, style string
	explode   bool
	texts     map[string]string
}{
	{"path", "matrix", false, map[string]string{"string": ";color=blue", "array": ";color=blue,black,brown", "object": ";color=R,100,G,200,B,150"}},
	{"path", "matrix", true, map[string]string{"string": ";color=blue", "array": ";color=blue;color=black;color=brown", "object": ";R=100;G=200;B=150"}},
	{"path", "label", false, map[string]string{"string": ".blue", "array": ".blue,black,brown", "object": ".R,100,G,200,B,150"}},
	{"path", "label", true, map[string]string{"string": ".blue", "array": ".blue.black.brown", "object": ".R=100.G=200.B=150"}},
	{"path", "simple", false, map[string]string{"string": "blue", "array": "blue,black,brown", "object": "R,100,G,200,B,150"}},
	{"path", "simple", true, map[string]string{"string": "blue", "array": "blue,black,brown", "object": "R=100,G=200,B=150"}},
	{"header", "simple", false, map[string]string{"string": "blue", "array": "blue, black,brown", "object": "R,100,G,200, B,150"}},
	{"header", "simple", true, map[string]string{"string": "blue", "array": "blue,black,brown", "object": "R=100,G=200, B=150"}},
	{"query", "form", false, map[string]string{"string": "color=blue", "array": "color=blue,black,brown", "object": "color=R,100,G,200,B,150"}},
	{"query", "form", true, map[string]string{"string": "color=blue", "array": "color=blue&color=black&color=brown", "object": "R=100&G=200&B=150"}},
	{"query", "spaceDelimited", false, map[string]string{"array": "color=blue%20black+brown", "object": "color=R%20100%20G%20200%20B%20150"}},
	{"query", "pipeDelimited", false, map[string]string{"array": "color=blue%7Cblack|brown", "object": "color=R%7C100%7CG%7C200%7cB%7C150"}},
	{"query", "deepObject", true, map[string]string{"object": "color%5BR%5D=100&color[G]=200&color%5BB%5D=150"}},
	{"cookie", "form", false, map[string]string{"string": "color=blue", "array": "color=blue,black,brown", "object": "color=R,100,G,200,B,150"}},
	{"cookie", "form", true, map[string]string{"string": "color=blue", "array": "color=blue; color=black; color=brown", "object": "R=100; G=200; B=150"}},
}

// styleContract is a contract with one parameter.
func styleContract(tb testing.TB, in, rest string) *contract.Contract {
	tb.Helper()
	path := "/c"
	if in == "path" {
		path = "/c/{color}"
	}
	text := head + fmt.Sprintf("paths:\n  %s:\n    get:\n      operationId: c\n      parameters:\n        - {name: color, in: %s, required: true, %s}\n      responses: {'200': {description: y}}\n", path, in, rest)
	c, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(text)}}, "doc.yaml", contract.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// ask is a request that has a parameter.
func ask(c *contract.Contract, in, text string) contract.Result {
	r := &contract.Request{Method: "GET", Target: "/c", Header: http.Header{}}
	switch in {
	case "path":
		r.Target += "/" + text
	case "query":
		r.Target += "?" + text
	case "header":
		r.Header.Set("Color", text)
	case "cookie":
		r.Header.Set("Cookie", text)
	}
	return c.CheckRequest(r)
}

func TestStylesOfTheSpecification(t *testing.T) {
	t.Parallel()
	for _, row := range styleTable {
		for shape, text := range row.texts {
			t.Run(fmt.Sprintf("%s %s %v %s", row.in, row.style, row.explode, shape), func(t *testing.T) {
				t.Parallel()
				c := styleContract(t, row.in, fmt.Sprintf("style: %s, explode: %v, schema: %s", row.style, row.explode, shapes[shape]))
				if got := summary(ask(c, row.in, text)); got != nil {
					t.Errorf("%s: findings %v, want none", text, got)
				}
				wrong := strings.NewReplacer("blue", "green", "100", "101").Replace(text)
				at := map[string]string{"string": "", "array": " /0", "object": " /R"}[shape]
				want := []string{"schema-enum " + row.in + " color" + at}
				if got := summary(ask(c, row.in, wrong)); !cmp.Equal(got, want) {
					t.Errorf("%s: findings %v, want %v", wrong, got, want)
				}
				if got := op(c).Fallback; len(got) > 0 {
					t.Errorf("left to another checker: %v", got)
				}
			})
		}
	}
}

func op(c *contract.Contract) *contract.Operation { return c.Operation("c") }

func TestStyleFaults(t *testing.T) {
	t.Parallel()
	const ints = "{type: array, items: {type: integer}}"
	const object = "{type: object, required: [a], properties: {a: {type: integer}, b: {type: array, items: {type: integer}}, c: {type: object, properties: {d: {type: boolean}}}}}"
	for _, tc := range []struct {
		name, in, rest, text string
		want                 []string
	}{
		{"all items", "query", "explode: false, schema: " + ints, "color=x,1,y", []string{"schema-type query color /0", "schema-type query color /2"}},
		{"encoded separators", "query", "explode: false, schema: " + ints, "color=1%2C2", nil},
		{"comma in an item", "query", "explode: false, schema: {type: array, items: {type: string, pattern: ','}}", "color=a%2Cb", nil},
		{"label with the separator of before 3.0.4", "path", "style: label, schema: " + ints, ".1.2", nil},
		{"no label", "path", "style: label, schema: " + ints, "1", []string{"parameter-invalid path color"}},
		{"other name in a matrix", "path", "style: matrix, explode: true, schema: " + ints, ";colour=1", []string{"parameter-invalid path color"}},
		{"name without a value", "path", "schema: " + object, "a", []string{"parameter-invalid path color"}},
		{"member given twice", "path", "explode: true, schema: " + object, "a=1,a=2", []string{"parameter-repeated path color /a"}},
		{"broken escape in a path", "header", "schema: " + object, "a,x", []string{"schema-type header color /a"}},
		{"missing", "query", "schema: " + object, "z=1", []string{"parameter-missing query color", "parameter-undeclared query z"}},
		{"missing deep object", "query", "style: deepObject, schema: " + object, "x", []string{"parameter-missing query color", "parameter-undeclared query x"}},
		{"deep object", "query", "style: deepObject, schema: " + object, "color[a]=1&color[b]=1&color[b]=2&color[c][d]=true", nil},
		{"deep object with indexes", "query", "style: deepObject, schema: " + object, "color[a]=1&color[b][0]=1&color[b][1]=2", nil},
		{"faults of a deep object", "query", "style: deepObject, schema: " + object, "color[b][]=x&color[c][d]=1&color[e]=1", []string{
			"schema-required query color", "schema-type query color /b/0", "schema-type query color /c/d", "property-undeclared query color /e"}},
		{"deep object given twice", "query", "style: deepObject, schema: " + object, "color[a]=1&color[a]=2", []string{"parameter-repeated query color /a"}},
		{"open brackets", "query", "style: deepObject, schema: " + object, "color[a]=1&color[b=1", []string{"parameter-invalid query color"}},
		{"object that should be spread", "query", "schema: " + object, "color=a,1", []string{"parameter-invalid query color", "parameter-undeclared query color"}},
		{"reserved characters", "query", "allowReserved: true, schema: {type: string, enum: ['a/b?c+d']}", "color=a/b?c+d", nil},
		{"a plus is a space", "query", "schema: {type: string, enum: ['a b']}", "color=a+b", nil},
		{"one or many", "query", "schema: {oneOf: [{type: integer}, {type: array, items: {type: integer}}]}", "color=7", nil},
		{"many of one or many", "query", "schema: {oneOf: [{type: integer}, {type: array, items: {type: integer}}]}", "color=7&color=8", nil},
		{"nullable and empty", "query", "explode: false, schema: {type: array, items: {type: integer, nullable: true}}", "color=1,,2", nil},
		{"JSON", "query", "content: {application/json: {schema: " + object + "}}", "color=%7B%22a%22%3A1%7D", nil},
		{"faults in JSON", "query", "content: {application/json: {schema: " + object + "}}", "color=%7B%22a%22%3A%22x%22%2C%22b%22%3A%5B%22y%22%5D%7D", []string{"schema-type query color /a", "schema-type query color /b/0"}},
		{"JSON in a path", "path", "content: {application/json: {schema: " + object + "}}", "%7B%22a%22%3A%22x%22%7D", []string{"schema-type path color /a"}},
		{"text as content", "query", "content: {text/plain: {schema: {type: string, maxLength: 2}}}", "color=abc", []string{"schema-max-length query color"}},
		{"unknown content", "query", "content: {application/xml: {schema: {type: object}}}", "color=abc", []string{"parameter-invalid query color"}},
		{"not UTF-8", "query", "explode: false, schema: {type: array, items: {type: string}}", "color=%ff,a", []string{"parameter-invalid query color /0"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := styleContract(t, tc.in, tc.rest)
			if diff := cmp.Diff(tc.want, summary(ask(c, tc.in, tc.text))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.text, diff)
			}
		})
	}
}
