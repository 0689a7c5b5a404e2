package contract_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

const redactSchema = `{type: object, properties: {` +
	`name: {type: string}, n: {type: integer}, on: {type: boolean}, kind: {type: string, enum: [a, b]}, size: {enum: [1, 2]},` +
	`open: {type: string, x-sensitive: false}, list: {type: array, x-sensitive: false, items: {type: string}},` +
	`shut: {type: boolean, x-sensitive: true}, whole: {type: object, x-sensitive: true, properties: {kind: {enum: [a]}}},` +
	`deep: {type: object, x-sensitive: false, properties: {name: {type: string}}}, map: {type: object, additionalProperties: {type: string}},` +
	`either: {oneOf: [{type: string, x-sensitive: false}, {type: string, x-sensitive: true}]}}}`

func redactor(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(schemaDoc(redactSchema))}}, "doc.yaml", contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRedactBody(t *testing.T) {
	t.Parallel()
	c := redactor(t)
	for _, tc := range []struct {
		body, want string
		pointers   []string
	}{
		{`{ "name": "Ada", "n": 12.5, "on": true, "gone": null }`, `{"name":"redacted","n":0,"on":true,"gone":null}`, []string{"/name", "/n"}},
		{`{"kind":"a","size":2}`, `{"kind":"a","size":2}`, nil},
		{`{"kind":"Ada","size":3}`, `{"kind":"redacted","size":0}`, []string{"/kind", "/size"}},
		{`{"open":"<b>","list":["x","y"]}`, `{"open":"<b>","list":["x","y"]}`, nil},
		{`{"shut":true,"whole":{"kind":"a"}}`, `{"shut":false,"whole":{}}`, []string{"/shut", "/whole"}},
		{`{"other":true,"a/b":[1,{"x":"y"}]}`, `{"other":false,"a/b":[]}`, []string{"/other", "/a~1b"}},
		{`{"deep":{"name":"Ada"},"map":{"k":"v"}}`, `{"deep":{"name":"redacted"},"map":{"k":"redacted"}}`, []string{"/deep/name", "/map/k"}},
		{`{"either":"x"}`, `{"either":"redacted"}`, []string{"/either"}},
		{`{"name":"a","name":"b"}`, `{"name":"redacted","name":"redacted"}`, []string{"/name", "/name"}},
		{`["x"]`, `["redacted"]`, []string{"/0"}},
		{`"x"`, `"redacted"`, []string{""}},
	} {
		got, pointers, ok := c.RedactBody(c.Operation("x"), 0, "application/json; charset=utf-8", []byte(tc.body))
		if !ok || string(got) != tc.want {
			t.Errorf("RedactBody(%s) = %s, %v, want %s", tc.body, got, ok, tc.want)
		}
		if diff := cmp.Diff(tc.pointers, pointers); diff != "" {
			t.Errorf("RedactBody(%s) pointers (-want +got):\n%s", tc.body, diff)
		}
	}
}

func TestRedactBodyRefuses(t *testing.T) {
	t.Parallel()
	c := redactor(t)
	op := c.Operation("x")
	for name, tc := range map[string]struct {
		op          *contract.Operation
		status      int
		contentType string
		body        string
	}{
		"no operation":      {nil, 0, "application/json", `{}`},
		"other operation":   {&contract.Operation{ID: "y"}, 0, "application/json", `{}`},
		"undeclared status": {op, 500, "application/json", `{}`},
		"status, no body":   {op, 200, "application/json", `{}`},
		"other media type":  {op, 0, "text/plain", `{}`},
		"no media type":     {op, 0, "", `{}`},
		"syntax":            {op, 0, "application/json", `{"name":"Ada"`},
		"trailing bytes":    {op, 0, "application/json", `{} Ada`},
		"too deep":          {op, 0, "application/json", strings.Repeat("[", 200) + strings.Repeat("]", 200)},
		"too large":         {op, 0, "application/json", `"` + strings.Repeat("x", 1<<20) + `"`},
		"empty":             {op, 0, "application/json", ``},
	} {
		if got, pointers, ok := c.RedactBody(tc.op, tc.status, tc.contentType, []byte(tc.body)); ok || got != nil || pointers != nil {
			t.Errorf("%s: RedactBody = %s, %v, %v, want nothing", name, got, pointers, ok)
		}
	}
}

func FuzzRedactBody(f *testing.F) {
	c, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(schemaDoc(redactSchema))}}, "doc.yaml", contract.Config{})
	if err != nil {
		f.Fatal(err)
	}
	op := c.Operation("x")
	for _, seed := range []string{`{"name":"ZZMARKERZZ","n":1}`, `{"x":["ZZMARKERZZ"],"deep":{"name":"ZZMARKERZZ"}}`, `["ZZMARKERZZ"]`, `{"list":[1,{"a":"b"}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		redacted, _, ok := c.RedactBody(op, 0, "application/json", body)
		if !ok {
			return
		}
		if !json.Valid(redacted) {
			t.Fatalf("RedactBody(%q) = %q, which is not JSON", body, redacted)
		}
		again, _, ok := c.RedactBody(op, 0, "application/json", redacted)
		if !ok || string(again) != string(redacted) {
			t.Fatalf("redacting %q again gives %q, %v", redacted, again, ok)
		}
	})
}
