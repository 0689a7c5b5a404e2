package contract_test

import "testing"

// verdict is whether an implementation takes a body: "-" for one that was not
// asked or cannot read the schema.
type verdict string

const (
	takes   verdict = "takes"
	refuses verdict = "refuses"
	absent  verdict = "-"
)

func verdictOf(ok bool) verdict {
	if ok {
		return takes
	}
	return refuses
}

// TestSettled holds what we decided where the specifications leave room or
// other implementations differ, and that they still do: where one of them comes
// to agree, its entry says so too early or the line can go.
func TestSettled(t *testing.T) {
	t.Parallel()
	const draft4, draft2020 = "draft4", "draft2020-12"
	for _, c := range []struct {
		name, dialect, schema, body string
		ours, kin, jsonschema       verdict
	}{
		// OpenAPI 3.0.3 says that nullable adds null to the types of a schema
		// object that has a type, and nothing of enum. Read by the letter it
		// would do nothing beside a lone allOf, and null would have to be among
		// the values of an enum. Documents are not written that way: generated
		// code takes null in all these places, and so does kin-openapi.
		{"nullable beside an enum without null", draft4, `{"type":"string","nullable":true,"enum":["a"]}`, `null`, takes, takes, absent},
		{"nullable beside an enum with null", draft4, `{"type":"string","nullable":true,"enum":["a",null]}`, `null`, takes, takes, absent},
		{"an enum with null that is not nullable", draft4, `{"type":"string","enum":["a",null]}`, `null`, refuses, refuses, absent},
		{"nullable beside allOf without a type", draft4, `{"nullable":true,"allOf":[{"$ref":"#/$defs/w"}],"$defs":{"w":{"type":"string"}}}`, `null`, takes, takes, absent},
		{"nullable in one part of an allOf alone", draft4, `{"allOf":[{"type":"string","nullable":true},{"type":"string"}]}`, `null`, refuses, refuses, absent},
		// A schema without type takes every type, null as well.
		{"null without a type", draft4, `{}`, `null`, takes, refuses, absent},
		{"null and a part without a type", draft4, `{"allOf":[{"type":"string","nullable":true},{"maxLength":3}]}`, `null`, takes, refuses, absent},
		{"nullable means nothing in OpenAPI 3.1", draft2020, `{"type":"string","nullable":true}`, `null`, refuses, absent, refuses},
		// Numbers are compared as they are written, not as float64.
		{"a bound missed by little", draft4, `{"type":"number","maximum":90}`, `90.00000000000000001`, refuses, takes, absent},
		{"almost a whole number", draft4, `{"type":"integer"}`, `90.00000000000000001`, refuses, takes, absent},
		{"a number beyond float64", draft4, `{"type":"number"}`, `1e400`, takes, refuses, absent},
		{"hundredths", draft4, `{"type":"number","multipleOf":0.01}`, `19.99`, takes, takes, absent},
		{"a whole number with a fraction", draft2020, `{"type":"integer"}`, `12.0`, takes, absent, takes},
		{"neighbours beyond 2^53", draft2020, `{"const":9007199254740992}`, `9007199254740993`, refuses, absent, refuses},
		{"equal numbers written differently", draft4, `{"type":"array","items":{},"uniqueItems":true}`, `[1,1.0]`, refuses, takes, absent},
		// Formats are asserted.
		{"format email", draft4, `{"type":"string","format":"email"}`, `"nobody"`, refuses, takes, absent},
		{"format in JSON Schema 2020-12", draft2020, `{"type":"string","format":"email"}`, `"nobody"`, refuses, absent, takes},
		{"a format that is not known", draft4, `{"type":"string","format":"colour"}`, `"nobody"`, takes, takes, absent},
		// JSON that its readers do not agree on is refused.
		{"a name twice", draft4, `{"type":"object"}`, `{"a":1,"a":2}`, refuses, takes, absent},
		{"names that differ in case", draft4, `{"type":"object"}`, `{"ab":1,"AB":2}`, refuses, takes, absent},
		{"half a surrogate pair", draft4, `{"type":"string"}`, `"\ud800"`, refuses, takes, absent},
		{"invalid UTF-8", draft4, `{"type":"string"}`, "\"\xff\"", refuses, takes, absent},
		{"something behind the value", draft4, `{"type":"object"}`, `{} {}`, refuses, takes, absent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSubject(t, c.dialect, []byte(c.schema))
			if s.ours == nil {
				t.Fatalf("%s is refused", c.schema)
			}
			kin, independent := absent, absent
			if c.dialect == draft4 {
				kin = verdictOf(s.filtered(t, []byte(c.body)) == nil)
			} else {
				independent = verdictOf(s.validated(t, []byte(c.body)) == nil)
			}
			findings := s.check(t, []byte(c.body))
			if got := verdictOf(len(findings) == 0); got != c.ours {
				t.Errorf("ours %s, want %s: %v", got, c.ours, findings)
			}
			if kin != c.kin {
				t.Errorf("kin-openapi %s, want %s", kin, c.kin)
			}
			if independent != c.jsonschema {
				t.Errorf("jsonschema %s, want %s", independent, c.jsonschema)
			}
		})
	}
}
