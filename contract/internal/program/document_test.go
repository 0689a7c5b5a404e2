package program_test

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// animals has a discriminator in every form: with a mapping, without, and on a
// schema that its own branches inherit from.
const animals = `
openapi: 3.0.3
info: {title: animals, version: "1"}
paths: {}
components:
  schemas:
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}, additionalProperties: false}
    Dog: {type: object, required: [kind, bark], properties: {kind: {type: string}, bark: {type: string}}, additionalProperties: false}
    Mapped:
      oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
      discriminator: {propertyName: kind, mapping: {meow: "#/components/schemas/Cat", woof: Dog}}
    Named:
      anyOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
      discriminator: {propertyName: kind}
    Base:
      type: object
      required: [kind]
      properties: {kind: {type: string}, id: {type: integer}}
      oneOf: [{$ref: "#/components/schemas/Heir"}, {$ref: "#/components/schemas/Other"}]
      discriminator: {propertyName: kind, mapping: {heir: "#/components/schemas/Heir", other: "#/components/schemas/Other"}}
    Heir: {allOf: [{$ref: "#/components/schemas/Base"}, {type: object, required: [share], properties: {share: {type: number}}}]}
    Other: {allOf: [{$ref: "#/components/schemas/Base"}]}
`

func TestDiscriminator(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, schema, body string
		want               []found
	}{
		{"mapped", "Mapped", `{"kind":"meow","lives":9}`, nil},
		{"mapped, last", "Mapped", `{"bark":"x","kind":"woof"}`, nil},
		{"mapped, by escape", "Mapped", `{"bark":"x","\u006bind":"w\u006fof"}`, nil},
		{"by the schema's name beside a mapping", "Mapped", `{"kind":"Cat"}`, nil},
		{"findings of the chosen branch", "Mapped", `{"lives":"x","kind":"woof"}`, []found{{program.KindForbidden, "/lives"}, {program.KindRequired, "/bark"}}},
		{"mapped to none", "Mapped", `{"kind":"moo"}`, []found{{program.KindDiscriminator, "/kind"}}},
		{"missing", "Mapped", `{"lives":1}`, []found{{program.KindDiscriminator, "/kind"}}},
		{"no string", "Mapped", `{"kind":1}`, []found{{program.KindDiscriminator, "/kind"}}},
		{"no object", "Mapped", `[]`, []found{{program.KindOneOf, ""}}},
		{"malformed before it", "Mapped", `{"lives":[}`, []found{{program.KindDiscriminator, "/kind"}, {program.KindSyntax, "/lives/0"}}},
		{"twice", "Mapped", `{"kind":"meow","kind":"woof"}`, []found{{program.KindDuplicate, "/kind"}}},
		{"without mapping, by name", "Named", `{"kind":"Dog","lives":1}`, []found{{program.KindForbidden, "/lives"}, {program.KindRequired, "/bark"}}},
		{"without mapping, other values try all", "Named", `{"kind":"x","lives":1}`, nil},
		{"inheritance", "Base", `{"kind":"heir","share":0.5,"id":1}`, nil},
		{"inheritance, findings of both", "Base", `{"kind":"heir","id":"x"}`, []found{{program.KindType, "/id"}, {program.KindRequired, "/share"}}},
		{"inheritance, from below", "Heir", `{"kind":"heir","share":"x"}`, []found{{program.KindType, "/share"}}},
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(animals))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := program.NewCompiler(program.Options{}).Compile(doc.Components.Schemas[c.schema])
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, kinds(checkBoth(t, p, c.body, program.Request))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// modern has what the loader does with OpenAPI 3.1: keywords beside $ref, and
// a const of null, which only its place tells from none.
const modern = `
openapi: 3.1.0
info: {title: modern, version: "1"}
paths: {}
components:
  schemas:
    Name: {type: string, maxLength: 5}
    All:
      type: object
      properties:
        name: {$ref: "#/components/schemas/Name", minLength: 2}
        nothing: {const: null}
        any: true
        none: false
        tree: {$ref: "#/components/schemas/Tree"}
    Tree: {type: array, items: {$ref: "#/components/schemas/Tree"}, maxItems: 1}
`

func TestModernDocument(t *testing.T) {
	t.Parallel()
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	doc, err := loader.LoadFromData([]byte(modern))
	if err != nil {
		t.Fatal(err)
	}
	p, err := program.NewCompiler(program.Options{Dialect: program.OpenAPI31}).Compile(doc.Components.Schemas["All"])
	if err != nil {
		t.Fatal(err)
	}
	if got := checkBoth(t, p, `{"name":"abc","nothing":null,"any":[1],"tree":[[[]]]}`, program.Request); got != nil {
		t.Errorf("findings = %v, want none", kinds(got))
	}
	want := []found{
		{program.KindMinLength, "/name"}, {program.KindEnum, "/nothing"}, {program.KindType, "/none"}, {program.KindMaxItems, "/tree/0"},
	}
	got := kinds(checkBoth(t, p, `{"name":"a","nothing":0,"none":1,"tree":[[[],[]]]}`, program.Request))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestNullableBothWays holds that null passes a schema that is reached through
// a nullable one only when it is not demanded besides.
func TestNullableBothWays(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(`
openapi: 3.0.3
info: {title: words, version: "1"}
paths: {}
components:
  schemas:
    Word: {type: string}
    Loose: {nullable: true, allOf: [{$ref: "#/components/schemas/Word"}]}
    Strict: {allOf: [{$ref: "#/components/schemas/Loose"}, {$ref: "#/components/schemas/Word"}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]found{"Word": {{program.KindNull, ""}}, "Loose": nil, "Strict": {{program.KindNull, ""}}} {
		p, err := program.NewCompiler(program.Options{}).Compile(doc.Components.Schemas[name])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, kinds(checkBoth(t, p, "null", program.Request))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
