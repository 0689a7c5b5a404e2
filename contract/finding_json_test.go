package contract_test

import (
	"encoding/json"
	"testing"

	"github.com/parley-contracts/parley/contract"
)

func TestAppendJSONIsThatOfEncodingJSON(t *testing.T) {
	t.Parallel()
	text := ""
	for c := range rune(0x90) {
		text += string(c)
	}
	text += "\u2028\u2029\u202a\U0001F600\xff\xc3 end"
	findings := []contract.Finding{
		{},
		{Rule: contract.RuleEnum, Location: contract.Location{In: contract.PartBody, Pointer: text}, Message: text, Register: []string{text, "A-1"}},
		{Operation: "x", Location: contract.Location{In: contract.PartQuery, Name: "n"}, Position: contract.Position{Document: "d", Line: 3}, Grade: contract.GradeInferred, Register: []string{}},
		{Position: contract.Position{Document: "d"}},
		{Position: contract.Position{Line: 3}},
	}
	shop := load(t, "shop.yaml", contract.Config{})
	for _, c := range seeds() {
		findings = append(findings, c.check(shop).Findings...)
	}
	for _, f := range findings {
		want, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(f.AppendJSON([]byte("before "))); got != "before "+string(want) {
			t.Errorf("AppendJSON of %+v:\n got %s\nwant %s", f, got, want)
		}
	}
}

func FuzzAppendJSON(f *testing.F) {
	f.Add("text", "/a/b")
	f.Add("\u2028<&>\x00\x7f\xff", "\"\\")
	f.Fuzz(func(t *testing.T, message, pointer string) {
		finding := contract.Finding{Message: message, Location: contract.Location{Pointer: pointer}}
		want, err := json.Marshal(finding)
		if err != nil {
			t.Fatal(err)
		}
		if got := finding.AppendJSON(nil); string(got) != string(want) {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}
