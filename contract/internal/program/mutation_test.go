package program_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// mutator changes decoded bodies.
type mutator struct{ *rand.Rand }

// leaves are what a value may become.
func (m mutator) leaf() any {
	leaves := []any{
		"", "x", "customer_support_automation", "https://h.example/x", "+48123456789", "text", "image", "template",
		0, 1, -1, 12.5, 1e3, 91.0, -180.5, 104857601, true, false, []any{}, map[string]any{}, []any{"x"}, map[string]any{"id": "x"},
	}
	return leaves[m.IntN(len(leaves))]
}

// mutate changes one place in v.
func (m mutator) mutate(v any) any {
	if m.IntN(6) == 0 {
		return m.leaf()
	}
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 || m.IntN(8) == 0 {
			v[[]string{"extra", "id", "kind", "label", "body"}[m.IntN(5)]] = m.leaf()
			return v
		}
		k := keys[m.IntN(len(keys))]
		if m.IntN(4) == 0 {
			delete(v, k)
			return v
		}
		v[k] = m.mutate(v[k])
		return v
	case []any:
		if len(v) == 0 {
			return []any{m.leaf()}
		}
		i := m.IntN(len(v))
		if m.IntN(6) == 0 {
			return append(v[:i:i], v[i+1:]...)
		}
		v[i] = m.mutate(v[i])
		return v
	default:
		return m.leaf()
	}
}

// TestMutations compares verdicts on changed bodies with kin-openapi's, which
// asserts neither email nor uri.
func TestMutations(t *testing.T) {
	t.Parallel()
	for _, c := range bodyCases {
		if c.want != nil {
			continue
		}
		t.Run(c.body+"/"+c.schema, func(t *testing.T) {
			t.Parallel()
			doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join("testdata", c.document+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			schema := doc.Components.Schemas[c.schema]
			p := compileNamed(t, c.document, c.schema)
			body := readBody(t, c.body)
			m := mutator{rand.New(rand.NewPCG(1, 2))}
			refused := 0
			for range 600 {
				refused += compareMutation(t, m, p, schema, body, c.direction)
				if t.Failed() {
					return
				}
			}
			if refused < 150 {
				t.Errorf("%d bodies refused, want at least 150", refused)
			}
		})
	}
}

func compareMutation(t *testing.T, m mutator, p *program.Program, schema *openapi3.SchemaRef, body []byte, d program.Direction) (refused int) {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	for range 1 + m.IntN(3) {
		v = m.mutate(v)
	}
	text := mustJSON(t, v)
	var decoded any
	if err := json.Unmarshal(bytes.Clone(text), &decoded); err != nil {
		t.Fatal(err)
	}
	option := openapi3.VisitAsRequest()
	if d == program.Response {
		option = openapi3.VisitAsResponse()
	}
	err := schema.Value.VisitJSON(decoded, option)
	findings, _ := p.Findings(text, d, 1000)
	if accepted := p.Accept(text, d); accepted != (len(findings) == 0) {
		t.Errorf("Accept = %v with %d findings: %s", accepted, len(findings), text)
	}
	others := 0
	for _, f := range findings {
		if f.Kind != program.KindFormat || (f.Schema.Format != "email" && f.Schema.Format != "uri") {
			others++
		}
	}
	if (others == 0) != (err == nil) {
		t.Errorf("%d findings %v, kin-openapi: %v\n%s", others, kinds(findings), err, text)
	}
	if err != nil {
		return 1
	}
	return 0
}
