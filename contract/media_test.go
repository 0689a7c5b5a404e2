package contract_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

// send is a request of an operation of testdata/media.yaml, whose paths are
// called after them.
func send(operation, contentType, body string) call {
	return call{"POST", "/" + operation, body, header("Content-Type", contentType)}
}

const formType = "application/x-www-form-urlencoded"

func TestFormBodies(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{})
	for _, tc := range []struct {
		name, body string
		want       []string
	}{
		{"all that is declared", "name=ab&n=7&flag=true&tag=a&tag=b&either=7&where=%7B%22x%22%3A1%7D&comma=1,2&pipe=1|2&space=1%202&deep[a]=1&deep[b][]=x&deep[b][]=y", nil},
		{"plus is a space", "name=a+b&n=1", nil},
		{"every fault", "name=abcdef&n=x&flag=1&tag=abc&where=%7B%22x%22%3A%22a%22%7D&comma=1,a&deep[a]=q", []string{
			"schema-type body /comma/1", "schema-type body /deep/a", "schema-type body /flag", "schema-type body /n",
			"schema-max-length body /name", "schema-max-length body /tag/0", "schema-type body /where/x",
		}},
		{"missing", "n=1", []string{"schema-required body"}},
		{"scalar given twice", "name=a&name=b", []string{"parameter-repeated body /name"}},
		{"broken escape", "name=%zz&n=%4", []string{"body-encoding body /n", "body-encoding body /name"}},
		{"broken escape in a name", "name=a&%zz=1", []string{"body-encoding body /%zz", "property-undeclared body /%zz"}},
		{"not UTF-8", "name=%ff", []string{"body-encoding body /name"}},
		{"undeclared", "name=a&other=1", []string{"property-undeclared body /other"}},
		{"an encoded separator is one too", "name=a&comma=1%2C2", nil},
		{"object that is no JSON", "name=a&where=x", []string{"json-syntax body /where"}},
		{"object spread over its members", "name=a&x=1", nil},
		{"member in a spread object", "name=a&x=a", []string{"schema-type body /where/x"}},
		{"duplicate in an embedded object", "name=a&where=%7B%22x%22%3A1%2C%22x%22%3A2%7D", []string{"json-duplicate-name body /where/x"}},
		{"number that may be a string", "name=a&either=x7", nil},
		{"number beyond its bound is a string of digits", "name=a&either=700", nil},
		{"neither", "name=a&either=X", []string{"schema-min-length body /either", "schema-pattern body /either"}},
		{"deep object that is none", "name=a&deep=1", []string{"body-encoding body /deep"}},
		{"brackets that do not close", "name=a&deep[a=1", []string{"body-encoding body /deep"}},
		{"empty pairs", "&&name=a&&", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := send("form", formType, tc.body).check(c)
			if diff := cmp.Diff(tc.want, summary(r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if r.Account != contract.AccountValidated {
				t.Errorf("account = %s, want validated", r.Account)
			}
		})
	}
}

func TestFormBodyPositionsAndOptions(t *testing.T) {
	t.Parallel()
	for severity, want := range map[contract.Severity]int{contract.SeverityOff: 0, contract.SeverityWarning: 1} {
		c := load(t, "media.yaml", contract.Config{Undeclared: severity})
		if got := len(send("form", formType, "name=a&other=1").check(c).Findings); got != want {
			t.Errorf("%d findings with Undeclared %s, want %d", got, severity, want)
		}
	}
	c := load(t, "media.yaml", contract.Config{})
	r := send("form", formType, "name=abcdef").check(c)
	if len(r.Findings) != 1 || r.Findings[0].Position.Line == 0 {
		t.Errorf("findings %v, want one with its line", r.Findings)
	}
	r = send("form", formType+"; charset=iso-8859-1", "name=a").check(c)
	if diff := cmp.Diff([]string{"body-encoding body"}, summary(r)); diff != "" {
		t.Errorf("charset (-want +got):\n%s", diff)
	}
}

func TestHostileForms(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{MaxBodyBytes: 4 << 20})
	for name, tc := range map[string]struct {
		body    string
		account contract.Account
		first   string
	}{
		"too many fields": {strings.Repeat("a=1&", 10_001), contract.AccountTooLarge, "body-too-large body"},
		"many repeats":    {"name=a" + strings.Repeat("&name=a", 9_000), contract.AccountValidated, "parameter-repeated body /name"},
		"giant name":      {"name=a&" + strings.Repeat("n", 1<<20) + "=1", contract.AccountValidated, "property-undeclared body /" + strings.Repeat("n", 40) + "…"},
		"giant value":     {"name=" + strings.Repeat("v", 1<<20), contract.AccountValidated, "schema-max-length body /name"},
		"brackets":        {"name=a&deep" + strings.Repeat("[a]", 100_000) + "=1", contract.AccountValidated, "body-encoding body /deep"},
		"deep brackets":   {"name=a&deep" + strings.Repeat("[", 100_000) + "=1", contract.AccountValidated, "body-encoding body /deep"},
		"nested JSON":     {"name=a&where=" + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), contract.AccountValidated, ""},
		"percent signs":   {"name=" + strings.Repeat("%", 100_000), contract.AccountValidated, "body-encoding body /name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := send("form", formType, tc.body).check(c)
			if r.Account != tc.account {
				t.Errorf("account = %s, want %s", r.Account, tc.account)
			}
			if len(r.Findings) == 0 || len(r.Findings) > 20 || !strings.HasPrefix(summary(r)[0], tc.first) {
				t.Errorf("findings %v, want first %s", summary(r), tc.first)
			}
			for _, f := range r.Findings {
				if len(f.String()) > 1000 {
					t.Errorf("a finding has %d bytes", len(f.String()))
				}
			}
		})
	}
}

func TestTextBodies(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{})
	for _, tc := range []struct {
		name, contentType, body string
		want                    []string
		account                 contract.Account
	}{
		{"within the length", "text/plain; charset=utf-8", "éééé", nil, contract.AccountValidated},
		{"too long", "text/plain; charset=utf-8", "ééééé", []string{"schema-max-length body"}, contract.AccountValidated},
		{"too long and of another pattern", "text/plain", "éé9éé", []string{"schema-max-length body", "schema-pattern body"}, contract.AccountValidated},
		{"not the UTF-8 it says", "text/plain; charset=utf-8", "\xe9", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"not UTF-8 and no charset", "text/plain", "\xe9", []string{"body-encoding body"}, contract.AccountValidated},
		{"latin 1", "text/plain; charset=ISO-8859-1", "\xe9\xe9\xe9\xe9", nil, contract.AccountValidated},
		{"latin 1 too long", "text/plain; charset=latin1", "\xe9\xe9\xe9\xe9\xe9", []string{"schema-max-length body"}, contract.AccountValidated},
		{"ASCII", "text/plain; charset=us-ascii", "abc", nil, contract.AccountValidated},
		{"not the ASCII it says", "text/plain; charset=us-ascii", "é", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"unknown charset", "text/plain; charset=koi8-r", "a", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"broken parameters", "text/plain; charset", "abc", []string{"body-encoding body"}, contract.AccountValidated},
		{"number as text", "text/csv", "7", nil, contract.AccountValidated},
		{"no number", "text/csv", "x", []string{"schema-type body"}, contract.AccountValidated},
		{"octets are counted", "application/octet-stream", "\xff\xff\xff\xff", nil, contract.AccountValidated},
		{"too many octets", "application/octet-stream", "\xff\xff\xff\xff\xff", []string{"schema-max-length body"}, contract.AccountValidated},
		{"image", "image/png", "\x89PNG", nil, contract.AccountValidated},
		{"XML", "application/xml", "<a/>", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"XML that is a string", "text/xml", "<a/>", nil, contract.AccountValidated},
		{"JSON of a range", "application/vnd.x+json", `{"x":"a"}`, []string{"schema-type body /x"}, contract.AccountValidated},
		{"form of a range", "application/x-www-form-urlencoded", "x=a", []string{"schema-type body /x"}, contract.AccountValidated},
		{"bytes of a range", "application/zip", "PK", []string{"body-encoding body"}, contract.AccountUndecodable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := send("text", tc.contentType, tc.body).check(c)
			if diff := cmp.Diff(tc.want, summary(r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if r.Account != tc.account {
				t.Errorf("account = %s, want %s", r.Account, tc.account)
			}
		})
	}
}

func TestJSONCharsets(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{})
	for _, tc := range []struct {
		name, contentType, body string
		want                    []string
	}{
		{"UTF-8", "application/json; charset=utf-8", `{"x":1}`, nil},
		{"quoted", `application/json; charset="UTF-8"`, `{"x":1}`, nil},
		{"UTF-8 and wrong", "application/json; charset=utf-8", `{"x":"a"}`, []string{"schema-type body /x"}},
		{"another charset is named", "application/json; charset=utf-16", `{"x":1}`, []string{"body-encoding body"}},
		{"UTF-16 with its mark", "application/json", "\xfe\xff\x00{\x00}", []string{"body-encoding body"}},
		{"UTF-16, little end first", "application/json", "\xff\xfe{\x00}\x00", []string{"body-encoding body"}},
		{"UTF-16 without a mark", "application/json", "{\x00}\x00", []string{"body-encoding body"}},
		{"UTF-32", "application/json", "\x00\x00\xfe\xff\x00\x00\x00{", []string{"body-encoding body"}},
		{"mark of UTF-8", "application/json", "\ufeff{}", []string{"json-syntax body"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, summary(send("json", tc.contentType, tc.body).check(c))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestContentCodings(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{MaxBodyBytes: 1 << 16})
	const body = `{"x":1}`
	for _, tc := range []struct {
		name, encoding, body string
		want                 []string
		account              contract.Account
	}{
		{"gzip", "gzip", zipped(t, "gzip", body), nil, contract.AccountValidated},
		{"zlib", "deflate", zipped(t, "zlib", body), nil, contract.AccountValidated},
		{"raw deflate", "DEFLATE", zipped(t, "flate", body), nil, contract.AccountValidated},
		{"a finding inside", "gzip", zipped(t, "gzip", `{"x":"a"}`), []string{"schema-type body /x"}, contract.AccountValidated},
		{"nested, the last one first", "deflate, gzip", zipped(t, "gzip", zipped(t, "zlib", body)), nil, contract.AccountValidated},
		{"nested the other way round", "gzip, deflate", zipped(t, "gzip", zipped(t, "zlib", body)), []string{"body-encoding body"}, contract.AccountUndecodable},
		{"identity", "identity", body, nil, contract.AccountValidated},
		{"bomb", "gzip", zipped(t, "gzip", strings.Repeat(" ", 1<<20)), []string{"body-too-large body"}, contract.AccountTooLarge},
		{"bomb of deflate", "deflate", zipped(t, "flate", strings.Repeat(" ", 1<<20)), []string{"body-too-large body"}, contract.AccountTooLarge},
		{"bomb within", "gzip, gzip", zipped(t, "gzip", zipped(t, "gzip", strings.Repeat(" ", 1<<20))), []string{"body-too-large body"}, contract.AccountTooLarge},
		{"cut off", "gzip", zipped(t, "gzip", body)[:20], []string{"body-encoding body"}, contract.AccountUndecodable},
		{"bytes behind", "deflate", zipped(t, "zlib", body) + "x", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"not deflate", "deflate", "\xff\xff\xff", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"brotli", "br", "x", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"zstd around gzip", "gzip, zstd", "x", []string{"body-encoding body"}, contract.AccountUndecodable},
		{"too many", "gzip, gzip, gzip, gzip, gzip", "x", []string{"body-encoding body"}, contract.AccountUndecodable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			one := send("json", "application/json", tc.body)
			one.header.Set("Content-Encoding", tc.encoding)
			r := one.check(c)
			if diff := cmp.Diff(tc.want, summary(r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if r.Account != tc.account {
				t.Errorf("account = %s, want %s", r.Account, tc.account)
			}
		})
	}
	unknown := send("json", "application/json", "x")
	unknown.header.Set("Content-Encoding", "br")
	if got := unknown.check(c).Findings[0].Severity; got != contract.SeverityWarning {
		t.Errorf("an unknown coding is a finding of severity %s, want a warning", got)
	}
}

func zipped(tb testing.TB, coding, text string) string {
	tb.Helper()
	var b bytes.Buffer
	w := compressor(tb, coding, &b)
	if _, err := fmt.Fprint(w, text); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}
