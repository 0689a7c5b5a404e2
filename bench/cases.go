package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// spec is one line of the list of cases.
type spec struct {
	body, document, schema string
	// target is the request that carries the body, empty for a response.
	target string
	accept bool
	// floor is how many times slower than ours kin-openapi's filter must be.
	floor  float64
	allocs float64
	// repeat makes an import batch of so many messages.
	repeat int
}

var specs = []spec{
	{body: "v2-valid", document: "convai", schema: "OutgoingMessage", target: "POST /api/v2/outgoing-messages/", accept: true, floor: 10},
	{body: "maia-valid", document: "convai", schema: "MaiaMessage", target: "POST /messages", accept: true, floor: 10},
	{body: "import-1k", document: "convai", schema: "ImportBatch", target: "POST /sessions/s1/messages/import", accept: true, floor: 10},
	{body: "import-10k", document: "convai", schema: "ImportBatch", target: "POST /sessions/s1/messages/import", accept: true, floor: 10, repeat: 92},
	{body: "import-100k", document: "convai", schema: "ImportBatch", target: "POST /sessions/s1/messages/import", accept: true, floor: 10, repeat: 920},
	{body: "import-1m", document: "convai", schema: "ImportBatch", target: "POST /sessions/s1/messages/import", accept: true, floor: 10, repeat: 9200},
	{body: "resp-v2", document: "convai", schema: "OutgoingAccepted", accept: true},
	{body: "hard-disc", document: "hard", schema: "DiscBatch", target: "POST /disc", accept: true, floor: 12},
	{body: "hard-disc", document: "hard", schema: "OneBatch", target: "POST /oneof", accept: true, floor: 12},
	{body: "hard-allof", document: "hard", schema: "AllBatch", target: "POST /allof", accept: true, floor: 8},
	{body: "hard-tree", document: "hard", schema: "Node", target: "POST /tree", accept: true, floor: 12},
	{body: "v2-invalid-enum", document: "convai", schema: "OutgoingMessage", target: "POST /api/v2/outgoing-messages/", floor: 8, allocs: 8},
	{body: "v2-invalid-missing", document: "convai", schema: "OutgoingMessage", target: "POST /api/v2/outgoing-messages/", floor: 5, allocs: 8},
	{body: "v2-invalid-anyof", document: "convai", schema: "OutgoingMessage", target: "POST /api/v2/outgoing-messages/", floor: 4, allocs: 16},
	{body: "v2-invalid-extra", document: "convai", schema: "OutgoingMessage", target: "POST /api/v2/outgoing-messages/", floor: 3.5, allocs: 8},
	{body: "maia-invalid-nested", document: "convai", schema: "MaiaMessage", target: "POST /messages", floor: 6, allocs: 8},
}

// loadCases reads the documents and bodies and sets up the contestants.
func loadCases(folder string) ([]benchCase, error) {
	documents := map[string]*openapi3.T{}
	for _, name := range []string{"convai", "hard"} {
		doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(folder, name+".yaml"))
		if err != nil {
			return nil, err
		}
		documents[name] = doc
	}
	var out []benchCase
	for _, s := range specs {
		body, err := s.load(folder)
		if err != nil {
			return nil, err
		}
		c, err := newCase(s, folder, documents[s.document], body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.body, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// load reads the body, or makes it.
func (s spec) load(folder string) ([]byte, error) {
	if s.repeat == 0 {
		body, err := os.ReadFile(filepath.Join(folder, "bodies", s.body+".json"))
		return bytes.TrimSpace(body), err
	}
	var out strings.Builder
	out.WriteString(`{"messages":[`)
	for i := range s.repeat {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `{"id":%d,"role":"user","content":"Message number %d: yes, the evening cohort still has places.","timestamp":%d}`,
			4410000+i, i, 1704067200000+i*1000)
	}
	out.WriteString(`]}`)
	return []byte(out.String()), nil
}

func newCase(s spec, folder string, doc *openapi3.T, body []byte) (benchCase, error) {
	c := benchCase{name: s.body + "/" + s.schema, size: len(body), accept: s.accept, allocs: s.allocs, floors: map[string]float64{"kin filter": s.floor}}
	schema := doc.Components.Schemas[s.schema]
	p, err := program.NewCompiler(program.Options{}).Compile(schema)
	if err != nil {
		return c, err
	}
	c.field = append(c.field, contestant{"program, first finding", func() bool { return accepts(p, body, 1) }})
	if !s.accept {
		c.field = append(c.field, contestant{"program, all findings", func() bool { return accepts(p, body, 20) }})
	}
	if s.target != "" {
		whole, err := public(filepath.Join(folder, s.document+".yaml"), s.target, body)
		if err != nil {
			return c, err
		}
		c.field = append(c.field, contestant{"contract.CheckRequest", whole})
		router, err := gorillamux.NewRouter(doc)
		if err != nil {
			return c, err
		}
		c.field = append(c.field, contestant{"kin filter", kinFilter(router, s.target, body)})
	}
	c.field = append(c.field,
		contestant{"kin VisitJSON, decoding included", func() bool { return visit(schema.Value, body) }},
		contestant{"encoding/json.Valid", func() bool { return json.Valid(body) == s.accept }},
		contestant{"encoding/json into any", func() bool {
			var v any
			return (json.Unmarshal(body, &v) == nil) == s.accept
		}})
	if js, err := independent(doc, s.schema); err == nil {
		c.field = append(c.field, contestant{"jsonschema v6, decoding included", func() bool {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
			return err == nil && js.Validate(v) == nil
		}})
	}
	return c, nil
}

// accepts checks a body, and on no collects up to so many findings.
func accepts(p *program.Program, body []byte, findings int) bool {
	if p.Accept(body, program.Request) {
		return true
	}
	p.Collect(body, program.Request, findings, func(program.Finding) {})
	return false
}

func visit(schema *openapi3.Schema, body []byte) bool {
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return d.Decode(&v) == nil && schema.VisitJSON(v) == nil
}
