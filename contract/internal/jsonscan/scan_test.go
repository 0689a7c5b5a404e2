package jsonscan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
)

var words = map[jsonscan.Kind]string{
	jsonscan.Syntax: "syntax", jsonscan.Empty: "empty", jsonscan.TrailingBytes: "trailing", jsonscan.Depth: "depth",
	jsonscan.UTF8: "utf8", jsonscan.DuplicateName: "duplicate", jsonscan.CaseTwin: "twin",
}

func describe(r jsonscan.Report) []string {
	var out []string
	for _, f := range r.Faults {
		s := fmt.Sprintf("%s@%d %s", words[f.Kind], f.Offset, f.Pointer)
		if f.Twin != "" {
			s += " of " + f.Twin
		}
		out = append(out, s)
	}
	return out
}

func TestScan(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
		decodable  bool
	}{
		{"object", ` {"a":[1,-0.5e+3,true,false,null,"x\u00e9\ud83d\ude00"],"b":{}} `, nil, true},
		{"scalar", `12`, nil, true},
		{"empty", " \n", []string{"empty@2 "}, false},
		{"truncated", `{"a":[1,`, []string{"syntax@8 /a/1"}, false},
		{"trailing", `{} x`, []string{"trailing@3 "}, true},
		{"second value", `{}{}`, []string{"trailing@2 "}, true},
		{"depth", `[[[[1]]]]`, []string{"depth@3 /0/0/0"}, false},
		{"duplicate", `{"a":{"b":1,"b":2}}`, []string{"duplicate@12 /a/b"}, true},
		{"escaped duplicate", `{"b":1,"\u0062":2}`, []string{"duplicate@7 /b"}, true},
		{"twin", `{"ai_id":1,"AI_ID":2}`, []string{"twin@11 /AI_ID of ai_id"}, true},
		{"kelvin twin", `{"k":1,"K":2}`, []string{"twin@7 /K of k"}, true},
		{"invalid byte", "[\"a\xffb\"]", []string{"utf8@1 /0"}, true},
		{"overlong", "\"\xc0\xaf\"", []string{"utf8@0 "}, true},
		{"lone surrogate", `["\ud800"]`, []string{"utf8@1 /0"}, true},
		{"two high surrogates", `["\ud800\ud800"]`, []string{"utf8@1 /0"}, true},
		{"control", "\"a\nb\"", []string{"syntax@2 "}, false},
		{"leading zero", `[01]`, []string{"syntax@2 /0"}, false},
		{"bare minus", `-`, []string{"syntax@1 "}, false},
		{"no fraction", `1.`, []string{"syntax@2 "}, false},
		{"no exponent", `1e+`, []string{"syntax@3 "}, false},
		{"bad escape", `"\x"`, []string{"syntax@2 "}, false},
		{"short escape", `"\u12"`, []string{"syntax@2 "}, false},
		{"bad word", `nul`, []string{"syntax@0 "}, false},
		{"no colon", `{"a" 1}`, []string{"syntax@5 /a"}, false},
		{"comma at the end", `{"a":1,}`, []string{"syntax@7 /a"}, false},
		{"wrong bracket", `[1}`, []string{"syntax@2 /0"}, false},
		{"pointer escapes", `{"a/b~":{"x":1,"x":1}}`, []string{"duplicate@15 /a~1b~0/x"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := jsonscan.Scan([]byte(tc.text), 3, 20)
			if diff := cmp.Diff(tc.want, describe(got)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if got.Decodable != tc.decodable {
				t.Errorf("decodable = %v, want %v", got.Decodable, tc.decodable)
			}
		})
	}
}

func TestScanManyNames(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"first":0`)
	for i := range 50000 {
		fmt.Fprintf(&b, `,"n%d":%d`, i, i)
	}
	b.WriteString(`,"N49999":1,"n3":2,"FIRST":3}`)
	r := jsonscan.Scan([]byte(b.String()), 3, 20)
	var got []string
	for _, f := range r.Faults {
		got = append(got, words[f.Kind]+" "+f.Name+" "+f.Twin)
	}
	want := []string{"twin N49999 n49999", "duplicate n3 ", "twin FIRST first"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestScanKeepsTheFaultThatStops(t *testing.T) {
	t.Parallel()
	r := jsonscan.Scan([]byte(`{"a":1,"a":1,"a":1,"a":1,!`), 3, 2)
	got := describe(r)
	if want := []string{"duplicate@7 /a", "syntax@25 /a"}; !cmp.Equal(want, got) || !r.Capped {
		t.Errorf("faults = %q, capped %v, want %q, capped", got, r.Capped, want)
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,"x"],"A":null}`, `"\ud83d\ude00"`, `[[[]]]`, `{} x`, "\"\xff\"", ``, `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := jsonscan.Scan(text, 1000, 1000)
		stopped := false
		for _, fault := range r.Faults {
			stopped = stopped || fault.Kind == jsonscan.Syntax || fault.Kind == jsonscan.TrailingBytes || fault.Kind == jsonscan.Empty || fault.Kind == jsonscan.Depth
		}
		if len(text) < 1000 && json.Valid(text) == stopped {
			t.Fatalf("json.Valid = %v, scan found %v", json.Valid(text), describe(r))
		}
	})
}
