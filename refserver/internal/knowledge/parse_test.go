package knowledge

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver/internal/answer"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file, contentType, data string
		want                    [][2]string
	}{
		"Markdown": {"faq.md", "", "# Shop\n\nIntro.\n\n## Hours ##\n\nNine to five.\n\n### Sundays\n\nClosed.\n\nReturns\n-------\n- by post\n- in person\n", [][2]string{
			{"Shop", "Intro."}, {"Hours", "Nine to five."}, {"Hours: Sundays", "Closed."}, {"Returns", "- by post\n- in person"},
		}},
		"Markdown with code": {"faq.md", "text/plain; charset=utf-8", "## Run\n\n```\n## no heading\n\nmake\n```\n", [][2]string{
			{"Run", "```\n## no heading\n\nmake\n```"},
		}},
		"Markdown without headings": {"notes.md", "text/markdown", "One.\nTwo.\n", [][2]string{{"notes", "One.\nTwo."}}},
		"text": {"faq.txt", "", "Welcome.\r\n\r\nWhere are you?\r\nIn the hills.\r\n\r\nPARKING\r\n\r\nBehind the house.\r\n\r\nPets\r\n====\r\nWelcome.\r\n\r\nPrices:\r\n\r\nNone.", [][2]string{
			{"faq", "Welcome."}, {"Where are you?", "In the hills."}, {"PARKING", "Behind the house."}, {"Pets", "Welcome."}, {"Prices", "None."},
		}},
		"questions and answers": {"faq.txt", "", "Q: How much\nA: Ten euros.\n\nQ: Why?\n\nA: Because.", [][2]string{
			{"How much", "Ten euros."}, {"Why?", "Because."},
		}},
		"text without a name": {"", "text/plain", "Hello.", [][2]string{{"", "Hello."}}},
		"byte order mark":     {"a.txt", "", "\ufeffHello.", [][2]string{{"a", "Hello."}}},
		"HTML": {"faq.html", "", `<!DOCTYPE html><html><head><title>Our  shop</title><style>p{}</style><script>let a = "<h2>no</h2>"</script></head>
<body><nav><a>Home</a><nav>deeper</nav></nav><p>Wel<b>come</b> to the &lt;shop&gt;.</p><h2>Hours</h2><p>Nine to<br>five.</p><svg/><ul><li>Monday</li><li></li></ul>
<table><tr><td>a</td><td>b</td></tr></table><dl><dt>Why?</dt><dd>Because.</dd></dl><pre>x
  y</pre></body></html>`, [][2]string{
			{"Our shop", "Welcome to the <shop>."}, {"Hours", "Nine to\nfive.\n\n- Monday\n\na | b"}, {"Hours: Why?", "Because.\n\nx\n  y"},
		}},
		"HTML told by its beginning":     {"page", "", "\n<!doctype HTML><p>Hello.", [][2]string{{"page", "Hello."}}},
		"HTML in another character set":  {"page.html", "text/html; charset=iso-8859-1", "<p>Caf\xe9", [][2]string{{"page", "Café"}}},
		"content type before extension":  {"page.txt", "text/html", "<p>Hello.", [][2]string{{"page", "Hello."}}},
		"content type that says nothing": {"page.html", "application/octet-stream", "<p>Hello.", [][2]string{{"page", "Hello."}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tc.file, tc.contentType, strings.NewReader(tc.data))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, pairs(got)); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
		})
	}
}

// pairs are titles and texts.
func pairs(entries []answer.Entry) [][2]string {
	var out [][2]string
	for _, e := range entries {
		out = append(out, [2]string{e.Title, e.Text})
	}
	return out
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, tc := range map[string]struct {
		file, contentType string
		data              string
		is                error
		text              string
	}{
		"picture":          {"a.png", "image/png", "x", ErrFormat, "a.png: format not supported"},
		"unknown ending":   {"a.docx", "", "x", ErrFormat, "want text, Markdown, HTML or PDF"},
		"PDF that is none": {"a.pdf", "application/pdf", "x", ErrFormat, ""},
		"binary":           {"a.txt", "", "a\x00b", ErrFormat, "byte 2 is zero"},
		"not UTF-8":        {"a.txt", "", "a\xff", ErrFormat, "save the file as UTF-8"},
		"empty":            {"a.txt", "", " \n", ErrNoText, "a.txt: no text found"},
		"headings only":    {"a.md", "", "# A\n## B\n", ErrNoText, ""},
		"HTML without":     {"a.html", "", "<title>x</title><script>y</script>", ErrNoText, ""},
		"unclosed menu":    {"a.html", "", "<nav><p>all the text", nil, "<nav> is never closed"},
		"long tag":         {"a.html", "", "<p " + strings.Repeat("x", 2<<20), ErrTooLarge, ""},
		"large file":       {"a.txt", "", strings.Repeat("x", MaxFileBytes+1), ErrTooLarge, "more than 16777216 bytes"},
		"much text":        {"a.txt", "", strings.Repeat("x ", MaxTextBytes/2+1), ErrTooLarge, "split the file"},
		"many entries":     {"a.md", "", strings.Repeat("## a\nb\n", MaxEntries+1), ErrTooLarge, "20001 entries"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tc.file, tc.contentType, strings.NewReader(tc.data))
			if err == nil {
				t.Fatalf("got %d entries, want an error", len(got))
			}
			if tc.is != nil && !errors.Is(err, tc.is) || !strings.Contains(err.Error(), tc.text) {
				t.Errorf("got %v, want %v with %q", err, tc.is, tc.text)
			}
		})
	}
	if _, err := (Parser{}).Parse(t.Context(), "a.txt", "", strings.NewReader("%PDF-1.7")); !errors.Is(err, ErrFormat) {
		t.Errorf("PDF without a reader for it: got %v", err)
	}
	if _, err := Parse("a.txt", "", failing{broken}); !errors.Is(err, broken) {
		t.Errorf("reader's error: got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestLongTextIsCut: nothing is lost, and parts end where one would end them.
func TestLongTextIsCut(t *testing.T) {
	t.Parallel()
	sentence := "The lodge has a garden with old trees and a pond. "
	text := "## Garden\n\n" + strings.Repeat(sentence, 60) + "\n\n" + strings.Repeat("x", 3*maxPartRunes) + "\n\nEnd.\n"
	entries, err := Parse("a.md", "", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for i, e := range entries {
		all.WriteString(e.Text)
		if n := len([]rune(e.Text)); n > maxPartRunes+minPartRunes+2 {
			t.Errorf("part %d: got %d letters, want about %d at most", i+1, n, maxPartRunes)
		}
		if i < 2 && !strings.HasSuffix(e.Text, "pond.") {
			t.Errorf("part %d: ends in %q, want the end of a sentence", i+1, e.Text[len(e.Text)-10:])
		}
	}
	if entries[0].Title != "Garden" || entries[1].Title != "Garden (2)" {
		t.Errorf("titles: got %q, %q", entries[0].Title, entries[1].Title)
	}
	letters := func(s string) int { return len(strings.Join(strings.Fields(s), "")) }
	if got, want := letters(all.String()), letters(text)-letters("## Garden"); got != want {
		t.Errorf("letters: got %d, want %d", got, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"a.txt", "a.md", "a.html", "a"} {
		f.Add(name, []byte("# A\n\ntext <p>b</p> ```\n~~~"))
	}
	f.Add("a.pdf", samplePDF("(Hello) Tj", ""))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if bytes.Contains(data, []byte("%PDF-")) {
			return // its library may allocate at will: it has a process of its own
		}
		entries, err := Parse(name, "", bytes.NewReader(data))
		if (err == nil) != (len(entries) > 0) {
			t.Fatalf("got %d entries and error %v", len(entries), err)
		}
		for _, e := range entries {
			if strings.TrimSpace(e.Text) == "" {
				t.Fatalf("entry %q without text", e.Title)
			}
		}
	})
}
