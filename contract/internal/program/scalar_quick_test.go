package program_test

import (
	"testing"

	"github.com/parley-contracts/parley/contract/internal/program"
)

// TestScalarQuick holds that the quick answer is the program's own: both modes
// agree on texts at the edges of what it decides.
func TestScalarQuick(t *testing.T) {
	t.Parallel()
	schemas := []string{
		`{"type":"string"}`, `{"type":"string","nullable":true}`, `{"type":"string","minLength":2,"maxLength":3}`,
		`{"type":"string","enum":["a","true","1","a b","ü"]}`, `{"type":"string","pattern":"^[a-z\"]+$"}`, `{"type":"string","pattern":"^(?!b)"}`,
		`{"type":"string","format":"date"}`, `{"type":"string","not":{"enum":["b"]}}`, `{"type":"string","anyOf":[{"maxLength":1},{"pattern":"^t"}]}`,
		`{"type":"integer"}`, `{"type":"integer","minimum":-1,"maximum":12}`, `{"type":"integer","multipleOf":3}`, `{"type":"integer","enum":[1,12]}`,
		`{"type":"number"}`, `{"type":"number","exclusiveMinimum":true,"minimum":1}`, `{"type":"boolean"}`, `{"maxLength":2}`, `{"type":"number","format":"int32"}`,
	}
	texts := []string{
		"", "a", "b", "ab", "abc", "abcd", "true", "null", "1", "-1", "-2", "12", "13", "1.0", "1e1", "01", "+1", " 1", "1 ", "a b", "a+b", "a%20b", "%C3%BC", "ü", "%ff", "%", "%zz",
		"\"", "\\", "\x01", "\x7f", "2024-02-29", "2023-02-29", "999999999999999999", "9999999999999999999",
	}
	for _, schema := range schemas {
		for _, encoding := range []program.Encoding{program.EncodingNone, program.EncodingPercent, program.EncodingQuery} {
			s, err := program.NewCompiler(program.Options{}).CompileScalar(parseSchema(t, schema), program.LayoutPlain, encoding)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range texts {
				found := 0
				s.Collect(program.Request, 10, func(program.Finding) { found++ }, text)
				if got := s.Accept(program.Request, text); got != (found == 0) {
					t.Errorf("%s, encoding %d: Accept(%q) = %v with %d findings", schema, encoding, text, got, found)
				}
			}
		}
	}
}
