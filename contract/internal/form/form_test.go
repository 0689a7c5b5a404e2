package form_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/form"
)

// readings are all readings of a value as JSON, with its problems.
func readings(v *form.Value) []string {
	var out []string
	for {
		text := string(v.AppendJSON(nil))
		v.Problems(func(pointer string, p form.Problem) { text += fmt.Sprintf(" %d@%s", p, pointer) })
		out = append(out, text)
		if !v.Reread([]string{""}) {
			return out
		}
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	text := &form.Shape{Text: true}
	number := &form.Shape{Number: true}
	either := &form.Shape{Number: true, Boolean: true, Text: true}
	list := &form.Shape{Array: true, Items: number}
	object := &form.Shape{Object: true, Members: map[string]*form.Shape{"a": number, "b": list}}
	comma := form.Layout{Style: form.Form, Escape: form.Query}
	for _, tc := range []struct {
		name   string
		layout form.Layout
		shape  *form.Shape
		text   string
		want   []string
	}{
		{"text", comma, text, "7", []string{`"7"`}},
		{"number", comma, number, "-7.5e3", []string{`-7.5e3`}},
		{"no number of JSON", comma, number, "07", []string{`"07"`}},
		{"space beside a number", comma, number, "7+", []string{`"7 "`}},
		{"either", comma, either, "7", []string{`7`, `"7"`}},
		{"boolean or text", comma, either, "true", []string{`true`, `"true"`}},
		{"null", comma, &form.Shape{Number: true, Null: true}, "", []string{`null`}},
		{"empty text", comma, &form.Shape{Text: true, Null: true}, "", []string{`""`}},
		{"control characters", comma, text, "%00%22%5C%0A", []string{`"\u0000\"\\\u000a"`}},
		{"not UTF-8", comma, text, "%ff", []string{"\"\uFFFD\" 2@"}},
		{"broken escape", comma, text, "%4", []string{`"%4" 1@`}},
		{"list", comma, list, "1,2", []string{`[1,2]`}},
		{"empty list", comma, list, "", []string{`[]`, `[""]`}},
		{"list with encoded separators", comma, list, "1%2c2", []string{`["1,2"]`, `[1,2]`}},
		{"list or text", comma, &form.Shape{Text: true, Array: true, Items: text}, "a", []string{`["a"]`, `"a"`}},
		{"object", comma, object, "a,1,c,x", []string{`{"a":1,"c":"x"}`}},
		{"odd object", comma, object, "a", []string{`{} 4@`}},
		{"broken name", comma, object, "%zz,1", []string{`{"%zz":1} 1@`, `{"%zz":"1"} 1@`}},
		{"JSON", form.Layout{Style: form.Form, Explode: true, Escape: form.Query, JSON: true}, object, "%7B%7D", []string{`{}`}},
		{"no JSON", form.Layout{Style: form.Form, Explode: true, Escape: form.Query, JSON: true}, object, "x", []string{`"x" 5@`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, readings(tc.layout.Text(tc.shape, "n", tc.text))); diff != "" {
				t.Errorf("readings (-want +got):\n%s", diff)
			}
		})
	}
}

// seeds are the forms that the fuzz test begins with.
var seeds = []string{
	"", "a=1", "a=1&a=2", "b=1&b=2", "deep[a]=1&deep[b][]=2", "deep[a][b][c]=1&deep[a]=2", "deep]=1&deep[=2", "=", "&&&", "%=%&%ff=%ff", "c={\"a\":[1]}", "a=1;b=2",
	"x=" + strings.Repeat("[", 100), "deep" + strings.Repeat("[a]", 100) + "=1",
}

func TestFuzzSeedsExist(t *testing.T) {
	t.Parallel()
	if got := len(seeds); got < 12 {
		t.Errorf("%d seeds, want at least 12", got)
	}
}

func FuzzBody(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		deep := &form.Shape{Object: true}
		deep.Members = map[string]*form.Shape{"a": deep, "b": {Array: true, Items: deep}}
		shape := &form.Shape{Object: true, Members: map[string]*form.Shape{
			"a": {Number: true, Text: true}, "b": {Array: true}, "c": {Object: true}, "deep": deep,
		}}
		layouts := map[string]form.Layout{"deep": {Style: form.Deep, Explode: true, Escape: form.Query}}
		v := form.ParsePairs(body).Body(shape, layouts, form.Layout{Style: form.Form, Explode: true, Escape: form.Query, JSON: true})
		for range 5 {
			text := v.AppendJSON(nil)
			if !json.Valid(text) {
				t.Fatalf("%q is no JSON", text)
			}
			v.Problems(func(pointer string, _ form.Problem) {
				if len(pointer) > 20*50*4 {
					t.Fatalf("a pointer has %d bytes", len(pointer))
				}
			})
			if !v.Reread([]string{""}) {
				break
			}
		}
	})
}
