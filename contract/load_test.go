package contract_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

const head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"

// schemaDoc is a document with one operation whose body has the given schema,
// which stands on line 9.
func schemaDoc(schema string) string {
	return head + `paths:
  /x:
    post:
      operationId: x
      requestBody:
        content:
          application/json: {schema: ` + schema + `}
      responses: {'200': {description: fine}}
`
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		doc   string
		at    string
		parts []string
	}{
		"missing fragment":    {schemaDoc("{$ref: '#/components/schemas/Gone'}"), "doc.yaml:9", []string{"leads nowhere", "correct the reference"}},
		"missing file":        {schemaDoc("{$ref: 'gone.yaml#/x'}"), "doc.yaml:9", []string{`"gone.yaml"`, "cannot be read"}},
		"missing far":         {schemaDoc("{$ref: 'other.yaml#/components/schemas/Gone'}"), "doc.yaml:9", []string{`no "Gone" there`}},
		"remote":              {schemaDoc("{$ref: 'https://h.example/x.yaml#/X'}"), "doc.yaml:9", []string{"another host", "keep a copy"}},
		"remote, no scheme":   {schemaDoc("{$ref: '//h.example/x.yaml#/X'}"), "doc.yaml:9", []string{"another host"}},
		"file scheme":         {schemaDoc("{$ref: 'file:///etc/passwd'}"), "doc.yaml:9", []string{"another host"}},
		"outside":             {schemaDoc("{$ref: '../x.yaml#/X'}"), "doc.yaml:9", []string{"out of the document's folder"}},
		"absolute":            {schemaDoc("{$ref: '/etc/passwd'}"), "doc.yaml:9", []string{"out of the document's folder"}},
		"encoded outside":     {schemaDoc("{$ref: '%2e%2e/x.yaml#/X'}"), "doc.yaml:9", []string{"out of the document's folder"}},
		"cycle through allOf": {schemaDoc("{$ref: '#/components/schemas/A'}") + "components:\n  schemas:\n    A: {allOf: [{$ref: '#/components/schemas/B'}]}\n    B: {allOf: [{$ref: '#/components/schemas/A'}]}\n", "doc.yaml:13", []string{"made of itself", "break the cycle"}},
		"cycle of references": {schemaDoc("{$ref: '#/components/schemas/A'}") + "components:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n", "doc.yaml", nil},
		"bad pattern":         {schemaDoc("{type: string, pattern: '(?=x)'}"), "doc.yaml:9", []string{"pattern", "RE2"}},
		"version 2":           {"swagger: '2.0'\n", "doc.yaml:1", []string{"Swagger 2", "3.0 or 3.1"}},
		"version 3.2":         {"\nopenapi: 3.2.0\n", "doc.yaml:2", []string{`"3.2.0"`, "3.0 or 3.1"}},
		"no version":          {"info: {}\n", "doc.yaml:1", []string{"does not say its OpenAPI version"}},
		"not YAML":            {head + "paths: {x: [\n", "doc.yaml", []string{"neither YAML nor JSON"}},
		"tab":                 {head + "paths:\n\t/x: {}\n", "doc.yaml:4", []string{"neither YAML nor JSON"}},
		"not an object":       {"[1]", "doc.yaml:1", []string{"not an object"}},
		"empty":               {"", "doc.yaml:1", []string{"not an object"}},
		"member twice":        {head + "paths:\n  /x: {}\n  /x: {}\n", "doc.yaml:5", []string{`"/x" is given twice`}},
		"too deep":            {head + "x-deep: " + strings.Repeat("[", 600) + strings.Repeat("]", 600), "doc.yaml:3", []string{"nests deeper"}},
		"far too deep":        {head + "x-deep: " + strings.Repeat("[", 100000), "doc.yaml", nil},
		"alias bomb":          {head + bomb(), "doc.yaml:", []string{"aliases", "more than 100000 values"}},
		"alias of itself":     {head + "x-a: &a [*a]\npaths: {}\n", "doc.yaml", nil},
		"too large":           {head + "# " + strings.Repeat("x", 9<<20), "doc.yaml", []string{"larger than 8 MiB", "split it"}},
		"same path":           {head + "paths:\n  /a/{x}: {get: {operationId: a, parameters: [{name: x, in: path, required: true, schema: {}}], responses: {'200': {description: y}}}}\n  /a/{y}: {put: {operationId: b, parameters: [{name: y, in: path, required: true, schema: {}}], responses: {'200': {description: y}}}}\n", "doc.yaml", nil},
		"bad template":        {head + "paths:\n  /a{: {get: {responses: {'200': {description: y}}}}\n", "doc.yaml", nil},
		"same operationId":    {head + "paths:\n  /a: {get: {operationId: a, responses: {'200': {description: y}}}}\n  /b: {get: {operationId: a, responses: {'200': {description: y}}}}\n", "doc.yaml", []string{`operation`}},
		"unknown scheme":      {head + "security: [{gone: []}]\npaths:\n  /a: {get: {operationId: a, responses: {'200': {description: y}}}}\n", "doc.yaml", []string{"gone"}},
		"bad evidence":        {schemaDoc("{type: string, x-evidence: {grade: sure}}"), "doc.yaml:9", []string{"x-evidence", `"grade"`}},
		"unknown evidence":    {schemaDoc("{type: string, x-evidence: {garde: documented}}"), "doc.yaml:9", []string{`"garde"`}},
		"sensitive beside":    {schemaDoc("{$ref: '#/components/schemas/A', x-sensitive: true}") + "components: {schemas: {A: {type: string}}}\n", "doc.yaml:", []string{"x-sensitive", "allOf"}},
		"evidence a string":   {schemaDoc("{type: string, x-evidence: documented}"), "doc.yaml:9", []string{"is not an object"}},
		"3.1 sibling":         {strings.Replace(schemaDoc("{$ref: '#/components/schemas/A', maxLength: 3}")+"components: {schemas: {A: {type: string}}}\n", "3.0.3", "3.1.0", 1), "doc.yaml:9", []string{`"maxLength"`, "allOf"}},
		"wrong type":          {head + "paths: []\n", "doc.yaml", []string{"cannot be resolved"}},
		"no such document":    {"", "gone.yaml", []string{"cannot be read"}},
		"name outside":        {"", "../doc.yaml", []string{"outside"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{
				"doc.yaml":   {Data: []byte(tc.doc)},
				"other.yaml": {Data: []byte(head + "paths: {}\ncomponents: {schemas: {A: {type: string}}}\n")},
			}
			document := "doc.yaml"
			if strings.HasPrefix(tc.at, "gone") || strings.HasPrefix(tc.at, "..") {
				document = tc.at
			}
			_, err := contract.Load(fsys, document, contract.Config{})
			load, ok := errors.AsType[*contract.LoadError](err)
			if !ok {
				t.Fatalf("error = %v, want a *LoadError", err)
			}
			if got := load.Position.String(); !strings.HasPrefix(got, tc.at) {
				t.Errorf("position = %s, want %s (error %v)", got, tc.at, err)
			}
			if load.Remedy == "" {
				t.Errorf("no remedy in %v", err)
			}
			if len(err.Error()) > 1000 {
				t.Errorf("error has %d bytes", len(err.Error()))
			}
			for _, part := range tc.parts {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error = %v, want %q in it", err, part)
				}
			}
		})
	}
}

// bomb is a document whose aliases stand for ten to the ninth values.
func bomb() string {
	var b strings.Builder
	b.WriteString("x-0: &a0 [1,1,1,1,1,1,1,1,1,1]\n")
	for i := 1; i < 9; i++ {
		alias := fmt.Sprintf("*a%d", i-1)
		fmt.Fprintf(&b, "x-%d: &a%d [%s]\n", i, i, strings.Join([]string{alias, alias, alias, alias, alias, alias, alias, alias, alias, alias}, ","))
	}
	return b.String() + "paths: {}\n"
}

func TestLoadAccepts(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"3.0.9":                   strings.Replace(schemaDoc("{}"), "3.0.3", "3.0.9", 1),
		"3.0.0":                   strings.Replace(schemaDoc("{}"), "3.0.3", "3.0.0", 1),
		"3.1.1":                   strings.Replace(schemaDoc("{type: [string, 'null']}"), "3.0.3", "3.1.1", 1),
		"recursive":               schemaDoc("{$ref: '#/components/schemas/A'}") + "components: {schemas: {A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}}}\n",
		"reference in an example": schemaDoc("{type: object, example: {$ref: 'https://h.example/'}}"),
		"property $ref":           schemaDoc("{type: object, properties: {$ref: {type: string}}}"),
		"JSON":                    `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{}}`,
		"modest aliases":          head + "x-a: &a {b: 1}\nx-b: [*a, *a]\npaths: {}\n",
		"ECMA code point":         schemaDoc(`{type: string, pattern: '^\u0041$'}`),
		"3.1 without paths":       "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nwebhooks: {w: {post: {operationId: w, responses: {'200': {description: y}}}}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(doc)}}, "doc.yaml", contract.Config{}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLoadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret.yaml")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(dir, "doc.yaml"), schemaDoc("{$ref: 'parts/a.yaml#/components/schemas/A'}"))
	write(outside, head)
	if err := os.Mkdir(filepath.Join(dir, "parts"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(dir, "parts", "a.yaml"), head+"paths: {}\ncomponents: {schemas: {A: {type: string}}}\n")
	c, err := contract.LoadFile(filepath.Join(dir, "doc.yaml"), contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Name(), "doc"; got != want {
		t.Errorf("Name = %q, want %q", got, want)
	}
	res := c.CheckRequest(&contract.Request{Method: "POST", Target: "/x", Header: header("Content-Type", "application/json"), Body: []byte("1")})
	if got, want := positions(res), []string{"schema-type parts/a.yaml:4"}; !cmp.Equal(want, got) {
		t.Errorf("findings = %v, want %v", got, want)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.yaml")); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(dir, "leak.yaml"), schemaDoc("{$ref: 'link.yaml#/info'}"))
	if _, err := contract.LoadFile(filepath.Join(dir, "leak.yaml"), contract.Config{}); err == nil {
		t.Error("a link out of the folder was followed")
	}
	if _, err := contract.LoadFile(filepath.Join(dir, "none", "doc.yaml"), contract.Config{}); err == nil {
		t.Error("a folder that does not exist was opened")
	}
}

func positions(r contract.Result) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, string(f.Rule)+" "+f.Position.String())
	}
	return out
}
