package pattern_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/dlclark/regexp2"

	"github.com/parley-contracts/parley/contract/internal/program/pattern"
)

// TestECMA holds the places where the dialects differ.
func TestECMA(t *testing.T) {
	t.Parallel()
	cases := []struct {
		expression, yes, no string
		linear              bool
	}{
		{`^\d+$`, "123", "٣", true},
		{`^\w+$`, "a_1", "é", true},
		{`^\s$`, "\u00a0", "x", true},
		{`^\s$`, "\ufeff", "\u200b", true},
		{`^\S$`, "x", "\u2029", true},
		{`^.$`, "😀", "\u2028", true},
		{`^.$`, "\u0085", "\r", true},
		{`a$`, "ba", "a\n", true},
		{`^[^]$`, "\n", "", true},
		{`^[^\d\s]+$`, "ab", "a1", true},
		{`^[\w\-.]+$`, "a-b.c", "a b", true},
		{`^[[a]$`, "[", "]", true},
		{`^\u{1F600}$`, "😀", "x", true},
		{`^\ud83d\ude00$`, "😀", "x", true},
		{`^\cA\x41\u0042\0$`, "\x01AB\x00", "AB", true},
		{`^\p{Lu}\p{Script=Greek}\P{L}$`, "Éα1", "éα1", true},
		{`^\p{Letter}+$`, "日本", "1", true},
		{`^a{2,3}$`, "aaa", "aaaa", true},
		{`^a{,3}$`, "a{,3}", "aa", true},
		{`^a{x}$`, "a{x}", "aa", true},
		{`^\/\@\-$`, "/@-", "x", true},
		{`(?<year>\d{4})-\d\d`, "on 2024-12", "24-12", true},
		{`^(?:ab|cd)*?$`, "abcdab", "abc", true},
		{`\bfoo\b`, "a foo b", "afoo", true},
		{`^(?!foo)`, "bar", "foobar", false},
		{`(?<=\$)\d`, "$5", "5", false},
		{`^(a|b)\1$`, "aa", "ab", false},
		{`^(?<q>['"]).*\k<q>$`, `'x'`, `'x"`, false},
		{`^a{1500}$`, strings.Repeat("a", 1500), strings.Repeat("a", 1501), false},
		{`^(?=.*\d)(?=.*[a-z]).{8,}$`, "abcdefg1", "abcdefgh", false},
		{`^(?!a$)[^]*$`, "a\n", "a", false},
		{``, "", "", true},
	}
	for _, c := range cases {
		p, err := pattern.Compile(c.expression, time.Second)
		if err != nil {
			t.Errorf("Compile(%q): %v", c.expression, err)
			continue
		}
		if ok, err := p.Match([]byte(c.yes)); !ok || err != nil {
			t.Errorf("%q on %q = %v, %v, want true", c.expression, c.yes, ok, err)
		}
		if ok, err := p.Match([]byte(c.no)); c.expression != "" && (ok || err != nil) {
			t.Errorf("%q on %q = %v, %v, want false", c.expression, c.no, ok, err)
		}
		if p.Linear() != c.linear {
			t.Errorf("%q: linear = %v, want %v", c.expression, p.Linear(), c.linear)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{
		`(`, `)`, `a**`, `*a`, `[a`, `[b-a]`, `\`, `\a`, `\8x\k<x`, `(?i)a`, `(?>a)`, `(?P<n>a)`, `a{3,2}`, `\u{110000}`, `\ud800`,
		`\p{Nope}`, `\pL`, `\x1`, `\01`, "\xff", `\c1`, strings.Repeat("a", 20_000),
	} {
		if _, err := pattern.Compile(expression, time.Second); err == nil {
			t.Errorf("Compile(%.40q) = nil error, want one", expression)
		}
		if pattern.Valid([]byte(expression)) {
			t.Errorf("Valid(%.40q) = true, want false", expression)
		}
	}
}

// TestTime holds that a pattern that explodes ends without an answer.
func TestTime(t *testing.T) {
	t.Parallel()
	p, err := pattern.Compile(`^(?!x)(a|aa)+$`, 10*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Match([]byte(strings.Repeat("a", 60) + "!")); !errors.Is(err, pattern.ErrTime) {
		t.Errorf("error = %v, want ErrTime", err)
	}
}

// TestEngines compares the tables with a backtracking engine on random
// expressions and texts.
func TestEngines(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 9))
	atoms := []string{"a", "b", "[ab]", "[^a]", ".", "é", "(ab|c)", "(?:a|b|)", `\d`, "[é-ü]"}
	repeats := []string{"", "", "", "*", "+", "?", "{2}", "{1,2}"}
	letters := []string{"a", "b", "c", "1", "é", "ü", "\n"}
	matched := 0
	for range 5000 {
		expression := []string{"", "^"}[r.IntN(2)]
		for range 1 + r.IntN(4) {
			expression += atoms[r.IntN(len(atoms))] + repeats[r.IntN(len(repeats))]
			if r.IntN(8) == 0 {
				expression += "|"
			}
		}
		expression += []string{"", "$"}[r.IntN(2)]
		p, err := pattern.Compile(expression, time.Second)
		if err != nil {
			t.Fatalf("Compile(%q): %v", expression, err)
		}
		oracle := regexp2.MustCompile(strings.ReplaceAll(expression, "$", `\z`), regexp2.ECMAScript)
		for range 10 {
			text := ""
			for range r.IntN(6) {
				text += letters[r.IntN(len(letters))]
			}
			want, err := oracle.MatchString(text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Match([]byte(text))
			if got != want || err != nil {
				t.Fatalf("%q on %q = %v, %v, want %v", expression, text, got, err, want)
			}
			if got {
				matched++
			}
		}
	}
	if matched < 5000 {
		t.Errorf("%d matches, want at least 5000", matched)
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, c := range [][2]string{
		{`^https?://`, "https://hooks.example.com/maax/reply?t=9f2c"},
		{`^[a-z]+/[a-zA-Z0-9.+-]+$`, "application/json"},
		{`^\+?[0-9]{6,15}$`, "+48123456789"},
	} {
		b.Run(c[0], func(b *testing.B) {
			p, err := pattern.Compile(c[0], time.Second)
			if err != nil {
				b.Fatal(err)
			}
			text := []byte(c[1])
			for b.Loop() {
				_, _ = p.Match(text)
			}
		})
	}
}
