package contract_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

// securedDoc is a document whose operations ask for one scheme each.
func securedDoc() string {
	var b strings.Builder
	b.WriteString(head + "paths:\n")
	for _, name := range []string{"inQuery", "inCookie", "inHeader", "oauth", "mutual", "digest"} {
		b.WriteString("  /" + name + ": {get: {operationId: " + name + ", security: [{" + name + ": []}], responses: {'200': {description: y}}}}\n")
	}
	b.WriteString("  /both: {get: {operationId: both, security: [{inQuery: [], inHeader: []}], responses: {'200': {description: y}}}}\n")
	return b.String() + `components:
  securitySchemes:
    inQuery: {type: apiKey, in: query, name: key}
    inCookie: {type: apiKey, in: cookie, name: key}
    inHeader: {type: apiKey, in: header, name: x-odd-key}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://h.example/', scopes: {}}}}
    mutual: {type: openIdConnect, openIdConnectUrl: 'https://h.example/'}
    digest: {type: http, scheme: digest}
`
}

func TestSecurity(t *testing.T) {
	t.Parallel()
	c, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(securedDoc())}}, "doc.yaml", contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		target string
		header http.Header
		want   []string
	}{
		{"/inQuery?key=k", nil, nil},
		{"/inQuery?key=", nil, []string{"security-missing query key"}},
		{"/inQuery", nil, []string{"security-missing query key"}},
		{"/inCookie", header("Cookie", `other=1; key="k"`), nil},
		{"/inCookie", header("Cookie", "other=1; key="), []string{"security-missing cookie key"}},
		{"/inCookie", nil, []string{"security-missing cookie key"}},
		{"/inHeader", header("x-odd-key", "k"), nil},
		{"/inHeader", header("x-odd-key", " "), []string{"security-missing header x-odd-key"}},
		{"/oauth", header("Authorization", "Bearer t"), nil},
		{"/oauth", header("Authorization", "Basic t"), []string{"security-missing header Authorization"}},
		{"/mutual", header("Authorization", "Bearer t"), nil},
		{"/digest", header("Authorization", "digest x=y"), nil},
		{"/both?key=k", nil, []string{"security-missing header x-odd-key"}},
		{"/both?key=k", header("x-odd-key", "k"), nil},
	} {
		r := c.CheckRequest(&contract.Request{Method: "GET", Target: tc.target, Header: tc.header})
		if diff := cmp.Diff(tc.want, summary(r)); diff != "" {
			t.Errorf("%s with %v (-want +got):\n%s", tc.target, tc.header, diff)
		}
	}
	if diff := cmp.Diff([]string{"Authorization", "Cookie", "X-Odd-Key"}, c.SecurityHeaders()); diff != "" {
		t.Errorf("SecurityHeaders (-want +got):\n%s", diff)
	}
}
