package program_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// bodyCase is a body with the schema of its message.
type bodyCase struct {
	body, document, schema string
	direction              program.Direction
	want                   []found
}

// found is what a test looks at in a finding.
type found struct {
	Kind    program.Kind
	Pointer string
}

var bodyCases = []bodyCase{
	{"v2-valid", "convai", "OutgoingMessage", program.Request, nil},
	{"v2-invalid-anyof", "convai", "OutgoingMessage", program.Request, []found{{program.KindAnyOf, "/prospect_info"}}},
	{"v2-invalid-email", "convai", "OutgoingMessage", program.Request, []found{{program.KindFormat, "/prospect_info/email"}}},
	{"v2-invalid-enum", "convai", "OutgoingMessage", program.Request, []found{{program.KindEnum, "/platform"}}},
	{"v2-invalid-extra", "convai", "OutgoingMessage", program.Request, []found{{program.KindForbidden, "/extra"}}},
	{"v2-invalid-float", "convai", "OutgoingMessage", program.Request, []found{{program.KindType, "/ai_id"}}},
	{"v2-invalid-missing", "convai", "OutgoingMessage", program.Request, []found{{program.KindRequired, "/platform"}}},
	{"v2-invalid-syntax", "convai", "OutgoingMessage", program.Request, []found{{program.KindSyntax, "/followup_url"}}},
	{"v2-invalid-type", "convai", "OutgoingMessage", program.Request, []found{{program.KindType, "/ai_id"}}},
	{"v2-invalid-uri", "convai", "OutgoingMessage", program.Request, []found{
		{program.KindPattern, "/send_response_url"}, {program.KindFormat, "/send_response_url"},
	}},
	{"maia-valid", "convai", "MaiaMessage", program.Request, nil},
	{"maia-invalid-empty", "convai", "MaiaMessage", program.Request, []found{{program.KindAnyOf, ""}}},
	{"maia-invalid-nested", "convai", "MaiaMessage", program.Request, []found{{program.KindType, "/attachments/1/size"}}},
	{"import-1k", "convai", "ImportBatch", program.Request, nil},
	{"resp-v2", "convai", "OutgoingAccepted", program.Response, nil},
	{"hard-disc", "hard", "DiscBatch", program.Request, nil},
	{"hard-disc", "hard", "OneBatch", program.Request, nil},
	{"hard-allof", "hard", "AllBatch", program.Request, nil},
	{"hard-tree", "hard", "Node", program.Request, nil},
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for _, c := range bodyCases {
		t.Run(c.body+"/"+c.schema, func(t *testing.T) {
			t.Parallel()
			p := compileNamed(t, c.document, c.schema)
			body := readBody(t, c.body)
			if got, want := p.Accept(body, c.direction), c.want == nil; got != want {
				t.Errorf("Accept = %v, want %v", got, want)
			}
			findings, complete := p.Findings(body, c.direction, 20)
			var got []found
			for _, f := range findings {
				got = append(got, found{f.Kind, f.Pointer})
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if !complete {
				t.Error("complete = false, want true")
			}
		})
	}
}

func BenchmarkAccept(b *testing.B) {
	for _, c := range bodyCases {
		b.Run(c.body+"/"+c.schema, func(b *testing.B) {
			p := compileNamed(b, c.document, c.schema)
			body := readBody(b, c.body)
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				p.Accept(body, c.direction)
			}
		})
	}
}

func BenchmarkFirstFinding(b *testing.B) {
	for _, c := range bodyCases {
		if c.want == nil {
			continue
		}
		b.Run(c.body+"/"+c.schema, func(b *testing.B) {
			p := compileNamed(b, c.document, c.schema)
			body := readBody(b, c.body)
			b.ReportAllocs()
			for b.Loop() {
				if !p.Accept(body, c.direction) {
					p.Collect(body, c.direction, 1, func(program.Finding) {})
				}
			}
		})
	}
}

// compileNamed compiles a component of a document in testdata.
func compileNamed(tb testing.TB, document, schema string) *program.Program {
	tb.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join("testdata", document+".yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	p, err := program.NewCompiler(program.Options{}).Compile(doc.Components.Schemas[schema])
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func readBody(tb testing.TB, name string) []byte {
	tb.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "bodies", name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	return body
}
