package scan_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// TestString compares what is read of a string with what encoding/json makes
// of it, for every alignment of the interesting bytes.
func TestString(t *testing.T) {
	t.Parallel()
	parts := []string{"a", "abcdefgh", `\n`, `\"`, `\\`, `\u00e9`, `\ud83d\ude00`, "é", "日", "😀", " ", "\x7f"}
	r := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(8) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		text := `"` + b.String() + `"`
		var want string
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		body := []byte(text + `,"x"`)
		end, points, flags := scan.String(body, 1)
		if end != len(text)-1 || points != utf8.RuneCountInString(want) {
			t.Fatalf("String(%s) = %d, %d, want %d, %d", text, end, points, len(text)-1, utf8.RuneCountInString(want))
		}
		if got := string(scan.AppendUnescaped(nil, body[1:end])); got != want {
			t.Fatalf("AppendUnescaped(%s) = %q, want %q", text, got, want)
		}
		if escaped := flags&scan.Escaped != 0; escaped != strings.Contains(text, `\`) {
			t.Fatalf("String(%s): escaped = %v", text, escaped)
		}
	}
}

func TestStringFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`abc`: 3, `ab\`: 3, `ab\x"`: 3, `\u12"`: 2, `\u12g4"`: 2, "ab\ncdefgh\"": 2, "abcdefgh\x00\"": 8,
	} {
		if end, _, _ := scan.String([]byte(text), 0); end >= 0 || ^end != want {
			t.Errorf("String(%q) = %d, want the fault at %d", text, ^end, want)
		}
	}
	for text, want := range map[string]scan.Flags{
		"\xff\"": scan.InvalidUTF8, "é\"": 0, `\ud800"`: scan.Escaped | scan.LoneSurrogate, `\udc00\ud800"`: scan.Escaped | scan.LoneSurrogate,
		"\xed\xa0\x80\"": scan.InvalidUTF8, `\ud83d\ude00"`: scan.Escaped,
	} {
		if _, _, flags := scan.String([]byte(text), 0); flags != want {
			t.Errorf("String(%q): flags %b, want %b", text, flags, want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text  string
		end   int
		value int64
		kind  scan.NumberKind
	}{
		{"0", 1, 0, scan.Small},
		{"-12,", 3, -12, scan.Small},
		{"999999999999999999", 18, 999999999999999999, scan.Small},
		{"1000000000000000000", 19, 0, scan.Long},
		{"1.5]", 3, 0, scan.Decimal},
		{"1e5", 3, 0, scan.Decimal},
		{"1E-5 ", 4, 0, scan.Decimal},
		{"01", 1, 0, scan.Small},
		{"-", ^1, 0, scan.Small},
		{"+1", ^0, 0, scan.Small},
		{"1.", ^2, 0, scan.Decimal},
		{".5", ^0, 0, scan.Small},
		{"1e", ^2, 0, scan.Decimal},
		{"1e+", ^3, 0, scan.Decimal},
	}
	for _, c := range cases {
		end, value, kind := scan.Number([]byte(c.text), 0)
		if end != c.end || value != c.value || (end >= 0 && kind != c.kind) {
			t.Errorf("Number(%q) = %d, %d, %d, want %d, %d, %d", c.text, end, value, kind, c.end, c.value, c.kind)
		}
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		` {"a":[1,{"b":"}"}]} ,`: 20, `"x",`: 3, `1.5e3,`: 5, `null]`: 4, `[`: -1, `{"a`: -1, ``: -1, `]`: -1, `[[]`: -1,
	} {
		if got := scan.Skip([]byte(text), 0); got != want {
			t.Errorf("Skip(%q) = %d, want %d", text, got, want)
		}
	}
}
