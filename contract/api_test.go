package contract_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

// loadAPI loads one of the project's own contracts.
func loadAPI(tb testing.TB, name string) *contract.Contract {
	tb.Helper()
	c, err := contract.Load(api.FS, name, contract.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func validV2(tb testing.TB) *contract.Request {
	tb.Helper()
	body, err := os.ReadFile("testdata/v2-valid.json")
	if err != nil {
		tb.Fatal(err)
	}
	return &contract.Request{
		Method: "POST", Target: "/api/v2/outgoing-messages/",
		Header: header("2hd-Api-Key", "k", "Content-Type", "application/json"), Body: bytes.TrimSpace(body),
	}
}

func TestOwnContractsLoad(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(api.FS, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	loaded := 0
	for _, name := range names {
		if !strings.HasPrefix(name, "openapi-") && name != "callbacks.yaml" {
			continue
		}
		c := loadAPI(t, name)
		loaded++
		for _, op := range c.Operations() {
			if op.Evidence.Grade == "" || op.Evidence.Source.Page == "" {
				t.Errorf("%s at %s has no evidence", op.ID, op.Position)
			}
			if op.Position.Document != name || op.Position.Line == 0 {
				t.Errorf("%s has position %s", op.ID, op.Position)
			}
			if c.Operation(op.ID) != op {
				t.Errorf("Operation(%q) is another one", op.ID)
			}
		}
	}
	if loaded < 4 {
		t.Errorf("loaded %d contracts, want at least 4", loaded)
	}
}

func TestOwnContractV2(t *testing.T) {
	t.Parallel()
	c := loadAPI(t, "openapi-v2.yaml")
	r := validV2(t)
	if got := c.CheckRequest(r); len(got.Findings) > 0 || got.Account != contract.AccountValidated {
		t.Errorf("the valid message gives %+v", got)
	}
	for name, tc := range map[string]struct {
		old, new string
		want     []string
	}{
		"no URL":          {`"https://hooks.example.com/maax/reply?t=9f2c"`, `"https:// bad host"`, []string{"schema-format body /send_response_url openapi-v2.yaml"}},
		"other platform":  {`"sms"`, `"fax"`, []string{"schema-enum body /platform common.yaml"}},
		"no way to reach": {`,"email":"andrea.k@example.com","phone":"+48123456789"`, ``, []string{"schema-any-of body /prospect_info openapi-v2.yaml"}},
		"case twin":       {`"ai_id":1287`, `"ai_id":1287,"AI_ID":1`, []string{"json-case-twin body /AI_ID openapi-v2.yaml"}},
		"float":           {`1287`, `1287.5`, []string{"schema-type body /ai_id openapi-v2.yaml"}},
	} {
		changed := *r
		changed.Body = bytes.Replace(r.Body, []byte(tc.old), []byte(tc.new), 1)
		if bytes.Equal(changed.Body, r.Body) {
			t.Fatalf("%s changes nothing", name)
		}
		var got []string
		for _, f := range c.CheckRequest(&changed).Findings {
			if f.Position.Line == 0 {
				t.Errorf("%s: no line in %v", name, f)
			}
			got = append(got, string(f.Rule)+" "+f.Location.String()+" "+f.Position.Document)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	redacted, _, ok := c.RedactBody(c.Operation("createOutgoingMessage"), 0, "application/json", r.Body)
	if !ok || bytes.Contains(redacted, []byte("Andrea")) || bytes.Contains(redacted, []byte("hooks.example")) || !bytes.Contains(redacted, []byte("sales_automation")) {
		t.Errorf("RedactBody = %s, %v", redacted, ok)
	}
	if diff := cmp.Diff([]string{"2hd-Api-Key"}, c.SecurityHeaders()); diff != "" {
		t.Errorf("SecurityHeaders (-want +got):\n%s", diff)
	}
}

func TestOwnCallbacksAreDeclared(t *testing.T) {
	t.Parallel()
	v2, callbacks := loadAPI(t, "openapi-v2.yaml"), loadAPI(t, "callbacks.yaml")
	refs := v2.Operation("createOutgoingMessage").Callbacks
	if len(refs) == 0 {
		t.Fatal("createOutgoingMessage declares no callbacks")
	}
	for _, ref := range refs {
		if callbacks.Operation(ref.OperationID) == nil {
			t.Errorf("callbacks.yaml has no operation %q", ref.OperationID)
		}
		for _, c := range []*contract.Contract{v2, callbacks} {
			r := c.CheckCallback(ref.OperationID, &contract.Request{Method: "POST", Target: "/anything/of/ours?t=1", Header: header("Content-Type", "application/json"), Body: []byte(`[]`)})
			if r.Operation == nil || r.Account != contract.AccountValidated || len(r.Findings) == 0 {
				t.Errorf("%s: CheckCallback(%q) = %+v", c.Name(), ref.OperationID, r)
			}
		}
	}
	if r := callbacks.CheckCallback("gone", &contract.Request{Method: "POST"}); r.Account != contract.AccountUnmatched || len(r.Findings) != 1 {
		t.Errorf("unknown callback: %+v", r)
	}
}
