package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

func TestOpenAPI31(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop31.yaml", contract.Config{})
	for _, tc := range []struct {
		body string
		want []string
	}{
		{`{"name":null,"kind":"small","size":1,"pair":["a",1],"map":{"x-a":1},"card":{"a":1,"b":2},"some":[1],"when":"abc","mail":"a@b.example","any":1}`, nil},
		{`{}`, []string{"schema-required body @13"}},
		{`{"name":"a"}`, []string{"schema-min-length body /name @15"}},
		{`{"name":1}`, []string{"schema-type body /name @15"}},
		{`{"name":null,"kind":"large"}`, []string{"schema-enum body /kind @16"}},
		{`{"name":null,"size":0}`, []string{"schema-minimum body /size @17"}},
		{`{"name":null,"size":null}`, []string{"schema-null body /size @17"}},
		{`{"name":null,"pair":[1,2]}`, []string{"schema-type body /pair/0 @18"}},
		{`{"name":null,"map":{"x-a":"b","y":1}}`, []string{"schema-type body /map/x-a @21", "property-forbidden body /map/y @22"}},
		{`{"name":null,"card":{"a":1}}`, []string{"schema-required body /card @23"}},
		{`{"name":null,"some":[2]}`, []string{"schema-min-items body /some @24"}},
		{`{"name":null,"when":"a"}`, []string{"schema-min-length body /when @25"}},
		{`{"name":null,"mail":"a"}`, []string{"schema-format body /mail @26"}},
		{`{"name":null,"ref":{"x":"abc"}}`, []string{"schema-max-length body /ref/x @50"}},
		{`{"name":null,"any":true}`, []string{"schema-any-of body /any @29"}},
	} {
		r := thing(tc.body).check(shop)
		var got []string
		for _, f := range r.Findings {
			got = append(got, string(f.Rule)+" "+f.Location.String()+" @"+strings.TrimPrefix(f.Position.String(), "shop31.yaml:"))
			if strings.Contains(f.Message, "abc") || f.Message == "" {
				t.Errorf("message %q", f.Message)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.body, diff)
		}
	}
	r := thing(`{"name":null,"ref":{"x":"abc"}}`).check(shop)
	if len(r.Findings) != 1 || r.Findings[0].Severity != contract.SeverityWarning {
		t.Errorf("an inferred fact gives %v", r.Findings)
	}
}

func TestWebhooksAreCallbacks(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop31.yaml", contract.Config{})
	r := shop.CheckCallback("thingDone", &contract.Request{Method: "PUT", Target: "*", Header: header("Content-Type", "application/json"), Body: []byte(`{}`)})
	if diff := cmp.Diff([]string{"method-unknown method", "schema-required body"}, summary(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if got := shop.Operation("thingDone"); got == nil || got.Method != "POST" {
		t.Errorf("Operation = %+v", got)
	}
}
