package format_test

import (
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract/internal/program/format"
)

// TestFormats holds what the JSON Schema test suite, which is run elsewhere,
// leaves open.
func TestFormats(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ yes, no []string }{
		"byte":      {[]string{"", "AAAA", "AA==", "AAA=", "a+/9"}, []string{"A", "AA", "A===", "AA=A", "AA-_", "A A="}},
		"email":     {[]string{"a@b", "a.b+c@x-y.example", `"a b"@x.example`, "a@[127.0.0.1]", "a@[IPv6:::1]"}, []string{"", "nope", "@b", "a@", "a b@c", ".a@b", "a..b@c", "a@-b", "a@b..c", "é@b", strings.Repeat("a", 65) + "@b"}},
		"date":      {[]string{"2024-02-29", "2000-02-29"}, []string{"2023-02-29", "1900-02-29", "2024-13-01", "2024-1-01", "2024-01-01T00:00:00Z"}},
		"date-time": {[]string{"2024-02-29T23:59:60Z", "2024-02-29t00:00:00.1+01:30"}, []string{"2024-02-29 00:00:00Z", "2024-02-29T00:00:00", "2024-02-29T24:00:00Z", "2024-02-29T", ""}},
		"uri":       {[]string{"https://x.example/a?b=c#d", "urn:a:b", "http://[::1]:80/", "mailto:a@b"}, []string{"", "x", "//x/y", "http://a b", "http://[::1", "http://x/%zz", "1a:b", "http://x:port/"}},
		"uuid":      {[]string{"550e8400-E29B-41d4-a716-446655440000"}, []string{"550e8400e29b41d4a716446655440000", "550e8400-e29b-41d4-a716-44665544000g", ""}},
		"ipv6":      {[]string{"::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4"}, []string{":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1%eth0", "1:"}},
	}
	for name, c := range cases {
		check, ok := format.Lookup(name)
		if !ok {
			t.Errorf("%s is not known", name)
			continue
		}
		for _, text := range c.yes {
			if !check([]byte(text)) {
				t.Errorf("%s refuses %q", name, text)
			}
		}
		for _, text := range c.no {
			if check([]byte(text)) {
				t.Errorf("%s accepts %q", name, text)
			}
		}
	}
	if _, ok := format.Lookup("password"); ok {
		t.Error("password is an annotation")
	}
}

func FuzzFormats(f *testing.F) {
	names := []string{
		"date", "date-time", "time", "duration", "email", "idn-email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "iri",
		"iri-reference", "uri-template", "uuid", "byte", "json-pointer", "relative-json-pointer",
	}
	for _, seed := range []string{"", "P1DT2H", "a@[x]", "{a*}", "0#", "2024-02-29T00:00:00Z", "::1.2.3.4", "%", "x://[v1.a]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, name := range names {
			check, ok := format.Lookup(name)
			if !ok {
				t.Fatalf("%s is not known", name)
			}
			first := check(text)
			if second := check(text); second != first {
				t.Errorf("%s is of two minds about %q", name, text)
			}
		}
	})
}
