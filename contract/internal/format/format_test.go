package format_test

import (
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract/internal/format"
)

func TestValid(t *testing.T) {
	t.Parallel()
	for name, cases := range map[string]struct{ good, bad []string }{
		"date": {
			[]string{"2026-11-22", "2024-02-29"},
			[]string{"", "2026-1-2", "2025-02-29", "2026-11-22T", "22-11-2026", "２026-11-22"},
		},
		"date-time": {
			[]string{"2026-11-22T10:00:00Z", "2026-11-22t10:00:00.123456789z", "1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00", "2026-11-22T10:00:00+05:30"},
			[]string{"", "2026-11-22", "2026-11-22 10:00:00Z", "2026-11-22T10:00:00", "2026-11-22T24:00:00Z", "2026-11-22T10:00:60Z", "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00+0530", "2026-13-22T10:00:00Z", "2026-11-22T10:00:00+24:00"},
		},
		"email": {
			[]string{"a@b.example", "first.last+tag@sub.example.com", `"odd name"@example.com`, "a@[192.0.2.1]", "a@[IPv6:::1]", "user@localhost", "grün@bücher.example"},
			[]string{"", "notmail", "@b.example", "a@", "a b@example.com", "a..b@example.com", ".a@example.com", "a@-b.example", "a@b..example", "a@b c", "a@[300.1.1.1]", `"a"b"@example.com`, strings.Repeat("a", 65) + "@b.example"},
		},
		"ipv4": {[]string{"192.0.2.1"}, []string{"", "1.2.3", "256.1.1.1", "::1", "01.2.3.4"}},
		"ipv6": {[]string{"::1", "2001:db8::1", "::ffff:192.0.2.1"}, []string{"", "1.2.3.4", "fe80::1%eth0", ":::"}},
		"uri": {
			[]string{"https://hooks.example.com/reply?t=9f2c#x", "http://[::1]:8080/", "mailto:a@b.example", "urn:isbn:1", "ftp://u:p@h/", "file:///etc/x", "https://h:/", "custom+x://y"},
			[]string{"", "/relative", "https:// bad host", "https://", "http:example.com", "https://a b/", "https://a/%zz", "https://h:99999/", "https://h:x/", "1x://h", "https://[::1", "https://a\x00b", "https://é.example", "https://h/#a#b", "https:///path", "https://:80/", "x:"},
		},
		"uuid":    {[]string{"123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"}, []string{"", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g", "{123e4567-e89b-12d3-a456-42661417400}"}},
		"made-up": {[]string{"", "anything"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range cases.good {
				if !format.Valid(name, s) {
					t.Errorf("Valid(%q, %q) = false, want true", name, s)
				}
			}
			for _, s := range cases.bad {
				if format.Valid(name, s) {
					t.Errorf("Valid(%q, %q) = true, want false", name, s)
				}
			}
		})
	}
}

func TestNamesAreKnown(t *testing.T) {
	t.Parallel()
	for _, name := range format.Names() {
		if !format.Known(name) {
			t.Errorf("Known(%q) = false, want true", name)
		}
	}
	if format.Known("made-up") {
		t.Error(`Known("made-up") = true, want false`)
	}
}

func FuzzValid(f *testing.F) {
	f.Add("a@b.example")
	f.Add("https://h:80/p?q#f")
	f.Add("2026-11-22T10:00:00+05:30")
	f.Fuzz(func(_ *testing.T, text string) {
		for _, name := range format.Names() {
			format.Valid(name, text)
		}
	})
}
