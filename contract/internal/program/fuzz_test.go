package program_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// textKinds are the kinds that encoding/json has no opinion on.
var textKinds = map[program.Kind]bool{
	program.KindUTF8: true, program.KindDuplicate: true, program.KindCaseTwin: true, program.KindDepth: true,
}

// fuzzSchemas are schemas that take every path through the machine.
var fuzzSchemas = []string{
	`{}`,
	closed, open, nullables, readWrite, wholes, hundredths,
	`{"uniqueItems":true,"contains":{"type":"integer"},"maxContains":2,"prefixItems":[{"type":"string"}],"items":{"$comment":"x","not":{"type":"null"}},"unevaluatedItems":false}`,
	`{"patternProperties":{"^x":{"type":"string"}},"propertyNames":{"maxLength":5},"dependentSchemas":{"a":{"required":["b"]}},"unevaluatedProperties":false,"anyOf":[{"properties":{"a":{}}},{"properties":{"b":{"type":"object"}}}]}`,
	`{"oneOf":[{"type":"object","required":["k"],"properties":{"k":{"enum":["a"]}}},{"type":"object","required":["k"],"properties":{"k":{"enum":["b"]},"c":{"type":"array"}}}]}`,
	`{"if":{"required":["a"]},"then":{"properties":{"a":{"enum":[1,"x",{"y":[1.50]},null]}}},"else":{"maxProperties":1}}`,
	`{"type":["string","number","null"],"pattern":"^[a-zé]{2,}$","format":"date-time","minimum":-5,"exclusiveMaximum":1e3}`,
}

// FuzzBytes gives arbitrary bytes to the machine: no panic, both modes of one
// mind, and JSON is what encoding/json takes for JSON.
func FuzzBytes(f *testing.F) {
	files, err := filepath.Glob("testdata/bodies/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, seed := range []string{
		"", "{", `{"a":`, `{"a":1,}`, "[1e5,-0,0.5,1E+2]", `"\ud83d\ude00\u00e9"`, `{"k":"b","c":[]}`, `{"\u006b":"a"}`, "\"\xff\"",
		`{"a":{"a":{"A":1,"a":2}}}`, "[[[[]]]]", `{"x":"y","xx":1,"b":{},"a":[1,2,1.0]}`, "nul", "-", "1.", `"\u12"`, "\x00",
	} {
		f.Add([]byte(seed))
	}
	programs := fuzzPrograms(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		for i, p := range programs {
			findings, complete := p.Findings(body, program.Request, 10_000)
			if accepted := p.Accept(body, program.Request); accepted != (len(findings) == 0) {
				t.Errorf("program %d: Accept = %v with %v", i, accepted, kinds(findings))
			}
			if checked, _ := p.Check(body, program.Request, 10_000); len(checked) != len(findings) {
				t.Errorf("program %d: Check found %v, Findings %v", i, kinds(checked), kinds(findings))
			}
			if !complete && len(findings) < 10_000 {
				t.Errorf("program %d: incomplete with %d findings", i, len(findings))
			}
		}
		findings, _ := programs[0].Findings(body, program.Request, 10_000)
		sound := true
		for _, finding := range findings {
			sound = sound && textKinds[finding.Kind]
		}
		depth := len(findings) > 0 && findings[len(findings)-1].Kind == program.KindDepth
		if valid := json.Valid(body); valid != sound && !depth {
			t.Errorf("json.Valid = %v, findings %v", valid, kinds(findings))
		}
	})
}

func fuzzPrograms(f *testing.F) []*program.Program {
	f.Helper()
	var out []*program.Program
	for i, schema := range fuzzSchemas {
		options := program.Options{Undeclared: i%2 == 0, Dialect: program.Dialect(i / 7)}
		if i == 0 {
			options = program.Options{}
		}
		out = append(out, compileText(f, schema, options))
	}
	for document, names := range map[string][]string{
		"convai": {"OutgoingMessage", "MaiaMessage", "ImportBatch"}, "hard": {"DiscBatch", "OneBatch", "AllBatch", "Node"},
	} {
		doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join("testdata", document+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			p, err := program.NewCompiler(program.Options{Undeclared: true}).Compile(doc.Components.Schemas[name])
			if err != nil {
				f.Fatal(err)
			}
			out = append(out, p)
		}
	}
	return out
}
