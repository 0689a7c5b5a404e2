package program_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/program"
)

func TestScalar(t *testing.T) {
	t.Parallel()
	const (
		integer  = `{"type":"integer","minimum":1,"maximum":500}`
		integers = `{"type":"array","items":{"type":"integer"},"maxItems":3}`
		texts    = `{"type":"array","items":{"type":"string","minLength":1}}`
		either   = `{"anyOf":[{"type":"integer"},{"type":"string","enum":["all","12x"]}]}`
	)
	cases := []struct {
		name, schema string
		layout       program.Layout
		encoding     program.Encoding
		values       []string
		want         []found
	}{
		{"integer", integer, program.LayoutPlain, program.EncodingQuery, []string{"42"}, nil},
		{"integer out of bounds", integer, program.LayoutPlain, program.EncodingQuery, []string{"501"}, []found{{program.KindMaximum, ""}}},
		{"no integer", integer, program.LayoutPlain, program.EncodingQuery, []string{"12x"}, []found{{program.KindType, ""}}},
		{"fraction", integer, program.LayoutPlain, program.EncodingQuery, []string{"1.5"}, []found{{program.KindType, ""}}},
		{"plus sign", integer, program.LayoutPlain, program.EncodingNone, []string{"+1"}, []found{{program.KindType, ""}}},
		{"empty", integer, program.LayoutPlain, program.EncodingQuery, []string{""}, []found{{program.KindType, ""}}},
		{"encoded digits", integer, program.LayoutPlain, program.EncodingPercent, []string{"%34%32"}, nil},
		{"not encoded", integer, program.LayoutPlain, program.EncodingNone, []string{"%34%32"}, []found{{program.KindType, ""}}},
		{"boolean", `{"type":"boolean"}`, program.LayoutPlain, program.EncodingNone, []string{"true"}, nil},
		{"boolean in other case", `{"type":"boolean"}`, program.LayoutPlain, program.EncodingNone, []string{"True"}, []found{{program.KindType, ""}}},
		{"digits as a string", `{"type":"string","minLength":3}`, program.LayoutPlain, program.EncodingNone, []string{"123"}, nil},
		{"quotes and controls", `{"type":"string","maxLength":3}`, program.LayoutPlain, program.EncodingNone, []string{"\"\\\x01"}, nil},
		{"plus is a space in a query", `{"type":"string","enum":["a b"]}`, program.LayoutPlain, program.EncodingQuery, []string{"a+b"}, nil},
		{"plus is a plus in a path", `{"type":"string","enum":["a b"]}`, program.LayoutPlain, program.EncodingPercent, []string{"a+b"}, []found{{program.KindEnum, ""}}},
		{"invalid UTF-8", `{"type":"string"}`, program.LayoutPlain, program.EncodingPercent, []string{"%ff"}, []found{{program.KindUTF8, ""}}},
		{"number or string, number", either, program.LayoutPlain, program.EncodingNone, []string{"7"}, nil},
		{"number or string, string", either, program.LayoutPlain, program.EncodingNone, []string{"all"}, nil},
		{"number or string, neither", either, program.LayoutPlain, program.EncodingNone, []string{"none"}, []found{{program.KindEnum, ""}}},
		{"commas", integers, program.LayoutComma, program.EncodingQuery, []string{"1,2,3"}, nil},
		{"commas, bad item", integers, program.LayoutComma, program.EncodingQuery, []string{"1,x,3"}, []found{{program.KindType, "/1"}}},
		{"commas, too many", integers, program.LayoutComma, program.EncodingQuery, []string{"1,2,3,4"}, []found{{program.KindMaxItems, ""}}},
		{"comma inside an item", texts, program.LayoutComma, program.EncodingQuery, []string{"a%2Cb"}, nil},
		{"spaces", integers, program.LayoutSpace, program.EncodingQuery, []string{"1%202+3"}, nil},
		{"pipes", integers, program.LayoutPipe, program.EncodingQuery, []string{"1|2%7C3"}, nil},
		{"repeated", integers, program.LayoutRepeated, program.EncodingQuery, []string{"1", "2"}, nil},
		{"repeated, bad item", texts, program.LayoutRepeated, program.EncodingQuery, []string{"a", ""}, []found{{program.KindMinLength, "/1"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := program.NewCompiler(program.Options{}).CompileScalar(parseSchema(t, c.schema), c.layout, c.encoding)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := s.Accept(program.Request, c.values...), c.want == nil; got != want {
				t.Errorf("Accept = %v, want %v", got, want)
			}
			var got []found
			s.Collect(program.Request, 10, func(f program.Finding) { got = append(got, found{f.Kind, f.Pointer}) }, c.values...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestScalarRefused(t *testing.T) {
	t.Parallel()
	for schema, layout := range map[string]program.Layout{
		`{"type":"object"}`:  program.LayoutPlain,
		`{"type":"array"}`:   program.LayoutPlain,
		`{"type":"integer"}`: program.LayoutComma,
	} {
		if _, err := program.NewCompiler(program.Options{}).CompileScalar(parseSchema(t, schema), layout, program.EncodingNone); err == nil {
			t.Errorf("CompileScalar(%s, %d) = nil error, want one", schema, layout)
		}
	}
}

func BenchmarkScalar(b *testing.B) {
	s, err := program.NewCompiler(program.Options{}).CompileScalar(
		parseSchema(b, `{"type":"integer","format":"int64","minimum":1}`), program.LayoutPlain, program.EncodingQuery)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Accept(program.Request, "4410277")
	}
}
