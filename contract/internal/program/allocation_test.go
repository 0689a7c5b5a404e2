//go:build !race

// The race detector makes pools forget at random.

package program_test

import (
	"testing"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// TestAllocations holds the promise that accepting builds nothing.
func TestAllocations(t *testing.T) {
	for _, c := range bodyCases {
		if c.want != nil {
			continue
		}
		p := compileNamed(t, c.document, c.schema)
		body := readBody(t, c.body)
		if got := testing.AllocsPerRun(100, func() { p.Accept(body, c.direction) }); got != 0 {
			t.Errorf("%s as %s: %v allocations, want 0", c.body, c.schema, got)
		}
	}
}

func TestScalarAllocations(t *testing.T) {
	for schema, value := range map[string]string{
		`{"type":"integer","minimum":1}`:                   "42",
		`{"type":"string","pattern":"^[a-z]+$"}`:           "abc",
		`{"anyOf":[{"type":"integer"},{"type":"string"}]}`: "7",
	} {
		s, err := program.NewCompiler(program.Options{}).CompileScalar(parseSchema(t, schema), program.LayoutPlain, program.EncodingQuery)
		if err != nil {
			t.Fatal(err)
		}
		if got := testing.AllocsPerRun(100, func() { s.Accept(program.Request, value) }); got != 0 {
			t.Errorf("%s: %v allocations, want 0", schema, got)
		}
	}
}
