package contract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract"
)

const marker = "ZQMARKERQZ"

// seeds are the messages of the rule cases.
func seeds() []call {
	var out []call
	for _, tc := range ruleCases() {
		for _, c := range []checkable{tc.bad, tc.good} {
			if c, ok := c.(call); ok && len(c.body) < 10000 {
				out = append(out, c)
			}
		}
	}
	return append(out, thing(`{"name":"`+marker+`","tags":["`+marker+`"],"n":null}`), get("/things/"+marker+"?limit="+marker))
}

func TestFuzzSeedsExist(t *testing.T) {
	t.Parallel()
	if got := len(seeds()); got < 60 {
		t.Errorf("%d seeds, want at least 60", got)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "fuzz", "FuzzCheckRequest", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Error("no seed under testdata/fuzz/FuzzCheckRequest")
	}
}

func FuzzCheckRequest(f *testing.F) {
	shop, err := contract.Load(os.DirFS("testdata"), "shop.yaml", contract.Config{})
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range seeds() {
		f.Add(c.method, c.target, c.header.Get("Content-Type"), c.body)
	}
	f.Fuzz(func(t *testing.T, method, target, contentType, body string) {
		c := call{method, target, body, header("X-Key", marker, "Content-Type", contentType, "Cookie", "session="+marker, "X-Trace", marker)}
		first, second := c.check(shop), c.check(shop)
		if !reflect.DeepEqual(first, second) {
			t.Fatalf("two checks differ:\n%+v\n%+v", first, second)
		}
		slow := shop.CheckRequestSlowly(&contract.Request{Method: c.method, Target: c.target, Header: c.header, Body: []byte(c.body)})
		if !reflect.DeepEqual(first, slow) {
			t.Fatalf("with and without the quick answers:\n%+v\n%+v", first, slow)
		}
		gaveUp := slices.ContainsFunc(first.Findings, func(f contract.Finding) bool { return f.Rule == contract.RuleCheckBudget })
		if first.Account == "" || first.Account == contract.AccountFailed && !gaveUp {
			t.Fatalf("account %q, findings %v", first.Account, first.Findings)
		}
		if len(first.Findings) > 20 {
			t.Fatalf("%d findings", len(first.Findings))
		}
		for _, finding := range first.Findings {
			// Names of the message may be shown, its values not.
			shown := finding.Message + finding.Location.Name + finding.Location.Pointer
			if strings.Contains(shown, marker) && !named(target, body) {
				t.Fatalf("a value leaks into %v", fmt.Sprintf("%+v", finding))
			}
		}
	})
}

var memberName = regexp.MustCompile(`"[^"]*` + marker + `[^"]*"\s*:`)

// named reports whether a message may use the marker as a name: of a member, of
// a query parameter or of a field of a form. Escapes may hide one.
func named(target, body string) bool {
	_, query, _ := strings.Cut(target, "?")
	for _, text := range []string{query, body} {
		for pair := range strings.SplitSeq(text, "&") {
			if name, _, _ := strings.Cut(pair, "="); strings.Contains(name, marker) && (text == query || !strings.Contains(name, `"`)) {
				return true
			}
		}
	}
	return memberName.MatchString(body) || strings.ContainsAny(body, "\\%") || strings.Contains(query, "%")
}

func FuzzMatch(f *testing.F) {
	shop, err := contract.Load(os.DirFS("testdata"), "shop.yaml", contract.Config{})
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range seeds() {
		f.Add(c.method, c.target)
	}
	f.Fuzz(func(t *testing.T, method, target string) {
		m := shop.Match(method, target)
		if (m.Operation == nil) != (m.Rule != "" && m.Rule != contract.RulePathTrailingSlash) {
			t.Fatalf("Match(%q, %q) = %+v", method, target, m)
		}
		if m.Operation != nil && m.Operation.Method != method {
			t.Fatalf("Match(%q, %q) is a %s", method, target, m.Operation.Method)
		}
		if (m.Rule == contract.RuleMethodUnknown) != (len(m.Allowed) > 0) {
			t.Fatalf("Match(%q, %q) allows %v with rule %q", method, target, m.Allowed, m.Rule)
		}
		for name, text := range m.Params.All() {
			if text == "" || strings.Contains(text, "/") {
				t.Fatalf("Match(%q, %q) has parameter %s = %q", method, target, name, text)
			}
		}
	})
}
