package contract_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

// TestOwnContractsAreCompiled holds that nothing of the project's contracts is
// left to kin-openapi.
func TestOwnContractsAreCompiled(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(api.FS, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	operations := 0
	for _, name := range names {
		if name == "common.yaml" || name == "register.yaml" {
			continue
		}
		c := loadAPI(t, name)
		for _, op := range append(c.Operations(), c.Callbacks()...) {
			operations++
			for _, part := range op.Fallback {
				t.Errorf("%s of %s is not compiled: %s", op.ID, name, part)
			}
		}
	}
	if operations < 20 {
		t.Errorf("%d operations, want at least 20", operations)
	}
}

func TestFallback(t *testing.T) {
	t.Parallel()
	one := "{anyOf: [{required: [user_id]}" + strings.Repeat(", {required: [never]}", 14) + "]}"
	doc := schemaDoc("{type: object, properties: {user_id: {type: integer}}, allOf: [" + one + strings.Repeat(", "+one, 4) + "]}")
	c, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(doc)}}, "doc.yaml", contract.Config{Undeclared: contract.SeverityOff})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"body application/json: anyOf: too many alternatives in one object (doc.yaml:9)"}
	if diff := cmp.Diff(want, c.Operation("x").Fallback); diff != "" {
		t.Errorf("Fallback (-want +got):\n%s", diff)
	}
	for body, want := range map[string][]string{
		`{"user_id":1}`:             nil,
		`{"user_id":"x"}`:           {"schema-type body /user_id"},
		`{"User_ID":1}`:             {"schema-any-of body", "json-case-twin body /User_ID"},
		`{"user_id":1,"User_ID":1}`: {"json-case-twin body /User_ID"},
		`{"user_id":1,"other":1}`:   nil,
	} {
		r := c.CheckRequest(&contract.Request{Method: "POST", Target: "/x", Header: header("Content-Type", "application/json"), Body: []byte(body)})
		if diff := cmp.Diff(want, summary(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}
