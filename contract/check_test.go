package contract_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

// summary lists findings as "rule location".
func summary(r contract.Result) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, string(f.Rule)+" "+f.Location.String())
	}
	return out
}

func TestCheckRequestReportsAll(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{})
	for _, tc := range []struct {
		name string
		call call
		want []string
	}{
		{"nine faults", thing(`{"name":"","kind":"x","mail":"y","code":"z","price":-1,"tags":["a","a"],"sealed":{"y":1},"contact":{"phone":1},"extra":0}`), []string{
			"schema-pattern body /code", "schema-type body /contact/phone", "property-undeclared body /extra",
			"schema-enum body /kind", "schema-format body /mail", "schema-min-length body /name", "schema-minimum body /price",
			"schema-required body /sealed", "property-forbidden body /sealed/y", "schema-unique-items body /tags/1",
		}},
		{"siblings of a failed anyOf", thing(`{"name":"a","contact":{"other":1}}`), []string{"schema-any-of body /contact", "property-undeclared body /contact/other"}},
		{"items in the order of their index", thing(`{"name":"a","tags":["a",1,2,3,4,5,6,7,8,9,10]}`), []string{
			"schema-max-items body /tags", "schema-type body /tags/1", "schema-type body /tags/2", "schema-type body /tags/3", "schema-type body /tags/4",
			"schema-type body /tags/5", "schema-type body /tags/6", "schema-type body /tags/7", "schema-type body /tags/8", "schema-type body /tags/9", "schema-type body /tags/10",
		}},
		{"the chosen alternative", thing(`{"name":"a","pet":{"type":"dog","lives":1}}`), []string{"schema-required body /pet"}},
		{"number beyond the format", thing(`{"name":"a","wide":2147483648}`), []string{"schema-format body /wide"}},
		{"number beyond float64", thing(`{"name":"a","price":1e400}`), []string{"schema-maximum body /price"}},
		{"twin of a declared name", thing(`{"name":"a","KIND":"small"}`), []string{"json-case-twin body /KIND"}},
		{"top level", thing(`[]`), []string{"schema-type body"}},
		{"top-level null", thing(`null`), []string{"schema-null body"}},
		{"body of spaces", thing(" \n"), []string{"body-missing body"}},
		{"duplicate that is also wrong", thing(`{"name":"a","kind":"small","kind":"x"}`), []string{"json-duplicate-name body /kind", "schema-enum body /kind"}},
		{"parameters", call{"GET", "/things/0?limit=101&flag=1&tag=a&tag=bb&tag=cc&filter[a]=x&where={}&bare", "", header("X-Key", "k", "X-Trace", "too long a text", "Cookie", "a=b; session=nope")}, []string{
			"schema-minimum path id", "schema-type query filter /a", "schema-type query flag", "schema-maximum query limit",
			"schema-max-items query tag", "schema-min-length query tag /0", "schema-required query where", "schema-max-length header X-Trace", "schema-format cookie session",
		}},
		{"semicolons and broken escapes", get("/things/1?limit=1;y=2&bare&bad=%zz&%=1"), []string{
			"parameter-invalid query %", "parameter-undeclared query %", "parameter-invalid query bad", "parameter-undeclared query bad", "schema-type query limit",
		}},
		{"empty value", get("/things/1?limit=&bare"), []string{"schema-type query limit"}},
		{"integers as Go writes them", get("/things/1?limit=0x10&bare&flag=T"), []string{"schema-type query flag", "schema-type query limit"}},
		{"path value not a number", get("/things/a%2Fb?limit=1&bare"), []string{"schema-type path id"}},
		{"form", form("application/x-www-form-urlencoded", "name=abcdef&n=x"), []string{"schema-type body /n", "schema-max-length body /name"}},
		{"form values", form("application/x-www-form-urlencoded", "name=abcdef&n=1"), []string{"schema-max-length body /name"}},
		{"good form", form("application/x-www-form-urlencoded", "name=abcd&n=1"), nil},
		{"multipart", form("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--b--\r\n"), nil},
		{"multipart without its part", form("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n"), []string{"schema-required body", "property-undeclared body /other"}},
		{"multipart cut off", form("multipart/form-data; boundary=b", "--b\r\nConte"), []string{"body-encoding body"}},
		{"any bytes", form("application/octet-stream", "\x00\xff"), nil},
		{"plain text", form("text/plain; charset=utf-8", "too long"), []string{"schema-max-length body"}},
		{"archive", form("application/zip", "PK"), []string{"body-encoding body"}},
		{"bearer or basic", call{"GET", "/open/x.gz", "", header("Authorization", "Digest x")}, []string{"security-missing header Authorization"}},
		{"bearer", call{"GET", "/open/x.gz", "", header("Authorization", "bearer t")}, nil},
		{"basic", call{"GET", "/open/x.gz", "", header("Authorization", "Basic dTpw")}, nil},
		{"scheme without a token", call{"GET", "/open/x.gz", "", header("Authorization", "Bearer ")}, []string{"security-missing header Authorization"}},
		{"escaped path value", call{"GET", "/open/x.a%20b", "", header("Authorization", "Bearer t")}, nil},
		{"absolute target", call{"GET", "https://other.example/open/x.gz?q", "", header("Authorization", "Bearer t")}, []string{"parameter-undeclared query q"}},
		{"target with a space", call{"GET", "/open/ x.gz", "", nil}, []string{"target-invalid path"}},
		{"target with a broken escape", call{"GET", "/open/%zz.gz", "", nil}, []string{"target-invalid path"}},
		{"no target", call{"GET", "", "", nil}, []string{"target-invalid path"}},
		{"no method", call{"", "/things/", "", nil}, []string{"method-unknown method"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, summary(tc.call.check(shop))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{MaxBodyBytes: 200})
	zipped := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	encoded := func(encoding, body string) call {
		h := thing("").header.Clone()
		h.Set("Content-Encoding", encoding)
		return call{"POST", "/things/", body, h}
	}
	for _, tc := range []struct {
		name string
		call call
		want contract.Account
	}{
		{"good", thing(fine), contract.AccountValidated},
		{"bad", thing(`{}`), contract.AccountValidated},
		{"syntax", thing(`{`), contract.AccountUndecodable},
		{"wrong type", call{"POST", "/things/", "x", header("X-Key", "k", "Content-Type", "a/b")}, contract.AccountUndecodable},
		{"malformed type", call{"POST", "/things/", "x", header("X-Key", "k", "Content-Type", ";;")}, contract.AccountUndecodable},
		{"large", thing(strings.Repeat(" ", 201)), contract.AccountTooLarge},
		{"unknown", get("/"), contract.AccountUnmatched},
		{"gzip", encoded("gzip", zipped(fine)), contract.AccountValidated},
		{"gzip bomb", encoded("gzip", zipped(strings.Repeat(" ", 1000))), contract.AccountTooLarge},
		{"cut gzip", encoded("gzip", zipped(fine)[:20]), contract.AccountUndecodable},
		{"brotli", encoded("br", "x"), contract.AccountUndecodable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := tc.call.check(shop).Account; got != tc.want {
				t.Errorf("account = %s, want %s", got, tc.want)
			}
		})
	}
	over := shop.CheckRequest(&contract.Request{Method: "POST", Target: "/things/", Header: header("X-Key", "k"), Body: []byte("{"), Oversize: true})
	if got, want := over.Account, contract.AccountTooLarge; got != want {
		t.Errorf("account with Oversize = %s, want %s", got, want)
	}
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{MaxBodyBytes: 4 << 20})
	var members strings.Builder
	for i := range 100000 {
		fmt.Fprintf(&members, `,"u%d":0`, i)
	}
	for name, tc := range map[string]struct{ body, some string }{
		"truncated":       {`{"name":"a","tags":["x"`, "json-syntax body /tags"},
		"nested":          {strings.Repeat("[", 100000), "json-depth body"},
		"nested objects":  {strings.Repeat(`{"a":`, 100000), "json-depth body"},
		"duplicates":      {`{"name":"a"` + strings.Repeat(`,"name":"a"`, 100000) + `}`, "json-duplicate-name body /name"},
		"case twins":      {`{"name":"a","NAME":"b","Name":"c"}`, "json-case-twin body /NAME"},
		"not UTF-8":       {"{\"name\":\"\xc3\x28\"}", "json-utf8 body /name"},
		"trailing":        {`{"name":"a"}{"name":"b"}`, "json-trailing-bytes body"},
		"many undeclared": {`{"name":"a"` + members.String() + `}`, "schema-max-properties body"},
		"long name":       {`{"name":"a","` + strings.Repeat("n", 1<<20) + `":1}`, "property-undeclared body /" + strings.Repeat("n", 40) + "…"},
		"NUL":             {"\x00", "json-syntax body"},
		"byte order mark": {"\ufeff{}", "json-syntax body"},
		"many numbers":    {`{"name":"a","price":` + strings.Repeat("9", 100000) + `}`, "schema-maximum body /price"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := thing(tc.body).check(shop)
			if len(r.Findings) == 0 || len(r.Findings) > 20 {
				t.Fatalf("%d findings, want 1 to 20", len(r.Findings))
			}
			if got := summary(r); !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, tc.some) }) {
				t.Errorf("findings = %s, want %s", got, tc.some)
			}
			for _, f := range r.Findings {
				if len(f.String()) > 1000 {
					t.Errorf("a finding of %s has %d bytes", f.Rule, len(f.String()))
				}
			}
		})
	}
}

func TestHostileHeadersAndQueries(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{})
	crowd := http.Header{"X-Key": {"k"}}
	for i := range 5000 {
		crowd.Add("X-"+strconv.Itoa(i), "v")
	}
	r := call{"GET", "/things/1?limit=1&bare", "", crowd}.check(shop)
	if diff := cmp.Diff([]string{"too-many-headers header"}, summary(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	r = get("/things/1?limit=1&bare" + strings.Repeat("&limit=1", 5000) + strings.Repeat("&", 5000) + strings.Repeat("&x=%", 5000)).check(shop)
	want := []string{"parameter-repeated query limit", "parameter-invalid query x", "parameter-undeclared query x"}
	if diff := cmp.Diff(want, summary(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestCapKeepsErrors(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{MaxFindings: 3})
	r := thing(`{"a":1,"b":1,"c":1,"d":1,"e":1,"name":1}`).check(shop)
	want := []string{"property-undeclared body /a", "property-undeclared body /b", "schema-type body /name"}
	if diff := cmp.Diff(want, summary(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if !r.Capped || !r.Blocking() {
		t.Errorf("capped %v, blocking %v, want both", r.Capped, r.Blocking())
	}
	if r := thing(`{"a":1,"b":1,"c":1,"name":"a"}`).check(shop); r.Capped {
		t.Error("three findings of three are capped")
	}
}

func TestUndeclaredSeverity(t *testing.T) {
	t.Parallel()
	target := "/things/1?limit=1&bare&other"
	for severity, want := range map[contract.Severity][]string{
		contract.SeverityOff: nil, contract.SeverityError: {"error", "error"}, "": {"warning", "warning"},
	} {
		shop := load(t, "shop.yaml", contract.Config{Undeclared: severity})
		var got []string
		for _, r := range []contract.Result{thing(`{"name":"a","other":1}`).check(shop), get(target).check(shop)} {
			for _, f := range r.Findings {
				got = append(got, string(f.Severity))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Undeclared %q (-want +got):\n%s", severity, diff)
		}
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{})
	type verdict struct {
		Severity contract.Severity
		Blame    contract.Blame
		Grade    contract.Grade
		Register []string
	}
	find := func(r contract.Result) verdict {
		if len(r.Findings) != 1 {
			t.Fatalf("findings = %v, want one", r.Findings)
		}
		f := r.Findings[0]
		return verdict{f.Severity, f.Blame, f.Grade, f.Register}
	}
	located := header("Content-Type", "application/json", "Location", "https://a.example/")
	for name, tc := range map[string]struct {
		got  contract.Result
		want verdict
	}{
		"graded keyword":  {thing(`{"name":"abcdefghijk"}`).check(shop), verdict{contract.SeverityWarning, contract.BlameContract, contract.GradeInferred, []string{"S-2"}}},
		"graded property": {thing(`{"name":"a","guess":"x"}`).check(shop), verdict{contract.SeverityWarning, contract.BlameContract, contract.GradeInferred, []string{"S-3"}}},
		"other keyword":   {thing(`{"name":""}`).check(shop), verdict{contract.SeverityError, contract.BlameOurRequest, contract.GradeDocumented, []string{"S-2"}}},
		"from the schema": {thing(`{"name":"a","kind":"x"}`).check(shop), verdict{contract.SeverityError, contract.BlameOurRequest, contract.GradeDocumented, []string{"S-1"}}},
		"response":        {answer{201, `{"name":"a","kind":"x"}`, located}.check(shop), verdict{contract.SeverityError, contract.BlameVendorResponse, contract.GradeDocumented, []string{"S-1"}}},
		"callback":        {shop.CheckCallback("createThing", &contract.Request{Method: "POST", Target: "/mine?my=own", Header: thing("").header, Body: []byte(`{"name":1}`)}), verdict{contract.SeverityError, contract.BlameVendorCallback, contract.GradeDocumented, []string{"S-2"}}},
		"callback answer": {shop.CheckCallbackResponse("createThing", &contract.Response{Status: 500}), verdict{contract.SeverityError, contract.BlameOurResponse, contract.GradeDocumented, nil}},
	} {
		if diff := cmp.Diff(tc.want, find(tc.got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestPositionsAcrossDocuments(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"doc.yaml": {Data: []byte(head + `paths:
  /x: {$ref: 'sub/item.yaml#/paths/~1y'}
`)},
		"sub/item.yaml": {Data: []byte(head + `paths:
  /y:
    post:
      operationId: y
      requestBody:
        content:
          application/json:
            schema: {$ref: '../common.yaml#/components/schemas/A'}
      responses:
        '200': {description: fine}
`)},
		"common.yaml": {Data: []byte(head + `paths: {}
components:
  schemas:
    A:
      type: object
      required:
        - a
        - b
      properties:
        a:
          type: string
          maxLength: 2
`)},
	}
	c, err := contract.Load(fsys, "doc.yaml", contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	r := c.CheckRequest(&contract.Request{Method: "POST", Target: "/x", Header: header("Content-Type", "application/json"), Body: []byte(`{"a":"abc"}`)})
	if diff := cmp.Diff([]string{"schema-required common.yaml:10", "schema-max-length common.yaml:14"}, positions(r)); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	if got, want := r.Operation.Position.String(), "sub/item.yaml:5"; got != want {
		t.Errorf("operation at %s, want %s", got, want)
	}
}

func TestResponses(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{})
	check := func(id string, status int, body string, h http.Header) contract.Result {
		return shop.CheckResponse(shop.Operation(id), &contract.Response{Status: status, Header: h, Body: []byte(body)})
	}
	located := header("Content-Type", "application/json", "Location", "https://a.example/")
	for _, tc := range []struct {
		name string
		got  contract.Result
		want []string
	}{
		{"class of statuses", check("createThing", 418, "", nil), nil},
		{"undeclared", check("createThing", 200, "", nil), []string{"status-undeclared status"}},
		{"default", check("getThing", 599, "", nil), nil},
		{"odd status", check("createThing", 42000, "", nil), []string{"status-undeclared status"}},
		{"no body", check("createThing", 201, "", located), []string{"body-missing body"}},
		{"unexpected body", check("getThing", 200, "x", nil), []string{"body-unexpected body"}},
		{"headers", check("createThing", 201, fine, header("Content-Type", "application/json", "Location", "nowhere", "X-Count", "10")), []string{"schema-format header Location", "schema-maximum header X-Count"}},
		{"no content", check("sendForm", 204, "", nil), nil},
	} {
		if diff := cmp.Diff(tc.want, summary(tc.got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	if got := shop.CheckResponse(nil, &contract.Response{Status: 200}); got.Account != contract.AccountUnmatched {
		t.Errorf("account of a nil operation = %s", got.Account)
	}
}

func TestDefaultsAreNotWritten(t *testing.T) {
	t.Parallel()
	doc := schemaDoc("{type: object, required: [a], properties: {a: {type: string, default: x}}}")
	c, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(doc)}}, "doc.yaml", contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{}`)
	r := c.CheckRequest(&contract.Request{Method: "POST", Target: "/x", Header: header("Content-Type", "application/json"), Body: body})
	if diff := cmp.Diff([]string{"schema-required body"}, summary(r)); diff != "" || string(body) != `{}` {
		t.Errorf("body %s, findings (-want +got):\n%s", body, diff)
	}
}

func TestFindingsHoldNoValues(t *testing.T) {
	t.Parallel()
	const leak = "MARKER"
	shop := load(t, "shop.yaml", contract.Config{})
	for _, c := range []call{
		thing(`{"name":["MARKER"],"kind":"MARKER","mail":"MARKER","code":"MARKER","tags":"MARKER","sealed":{"x":"MARKER"},"one":["MARKER"],"pet":{"type":"MARKER"},"guess":"MARKER","wide":"MARKER"}`),
		thing(`"MARKER`), thing(`MARKER`), form("text/plain", "MARKERMARKER"),
		form("application/x-www-form-urlencoded", "name=MARKERMARKER&n=MARKER"), form("application/x-www-form-urlencoded", "name=MARKERMARKER"),
		{"GET", "/things/MARKER?limit=MARKER&flag=MARKER&tag=MARKER&tag=x&filter[a]=MARKER&where=MARKER&bare", "", header("X-Key", leak, "X-Trace", leak+leak, "Cookie", "session=MARKER")},
		{"GET", "/open/a.MARKER", "", header("Authorization", leak)},
		{"GET", "/MARKER", "", nil}, {"MARKER", "/things/", "", nil}, {"GET", "MARKER", "", nil},
		{"POST", "/things/", "x", header("Content-Type", leak)},
		{"POST", "/things/", "x", header("Content-Type", "application/json", "Content-Encoding", leak)},
	} {
		r := c.check(shop)
		if len(r.Findings) == 0 {
			t.Errorf("%s %s: no findings", c.method, c.target)
		}
		for _, f := range r.Findings {
			if strings.Contains(fmt.Sprintf("%+v", f), leak) {
				t.Errorf("a value leaks into %+v", f)
			}
		}
	}
	shop.BreakChecker("createThing")
	for _, f := range thing(fine).check(shop).Findings {
		if strings.Contains(f.Message, "LEAK") {
			t.Errorf("the text of a panic leaks into %v", f)
		}
	}
}

func TestConcurrentChecks(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{})
	calls := []call{thing(fine), thing(`{"name":1,"code":"x","contact":{}}`), get("/things/1?limit=1&bare&tag=a"), form("application/x-www-form-urlencoded", "name=abcdef")}
	want := make([][]string, len(calls))
	for i, c := range calls {
		want[i] = summary(c.check(shop))
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 100 {
				c := calls[i%len(calls)]
				if got := summary(c.check(shop)); !slices.Equal(got, want[i%len(calls)]) {
					t.Errorf("findings = %v, want %v", got, want[i%len(calls)])
				}
			}
		})
	}
	group.Wait()
}
