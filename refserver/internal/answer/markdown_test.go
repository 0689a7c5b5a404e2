package answer

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMarkdown(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, input string
		want        []Entry
	}{
		{"two entries", "## A\none\n## B\ntwo\n", []Entry{{"A", "one"}, {"B", "two"}}},
		{"introduction left out", "# Title\nhello\n\n## A\none\n", []Entry{{"A", "one"}}},
		{"first level ends an entry", "## A\none\n# Part\nwords\n## B\ntwo", []Entry{{"A", "one"}, {"B", "two"}}},
		{"deeper headings belong to the entry", "## A\n### Deep\none", []Entry{{"A", "### Deep\none"}}},
		{"blank lines kept inside", "## A\n\none\n\ntwo\n\n", []Entry{{"A", "one\n\ntwo"}}},
		{"Windows line ends and byte order mark", "\ufeff## A\r\none\r\ntwo\r\n", []Entry{{"A", "one\ntwo"}}},
		{"closing marks", "## A ##\none\n## C#\ntwo", []Entry{{"A", "one"}, {"C#", "two"}}},
		{"indented heading", "   ## A\none", []Entry{{"A", "one"}}},
		{"heading inside a code block", "## A\n```sh\n## not a heading\n``\n````\n## B\ntwo", []Entry{{"A", "```sh\n## not a heading\n``\n````"}, {"B", "two"}}},
		{"tilde block", "## A\n~~~\n## no\n```\n~~~\n## B\ntwo", []Entry{{"A", "~~~\n## no\n```\n~~~"}, {"B", "two"}}},
		{"marks without a space", "## A\n##tag\n    ## code", []Entry{{"A", "##tag\n    ## code"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseMarkdown(strings.NewReader(tc.input))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("ParseMarkdown (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseMarkdownErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, input, want string }{
		{"empty", "", `knowledge base: no entry found: start each with a heading such as "## Opening hours"`},
		{"no entry", "# Title\ntext", `knowledge base: no entry found: start each with a heading such as "## Opening hours"`},
		{"empty heading", "## A\none\n##  \ntwo", "knowledge base: line 3: empty heading: name what the entry is about"},
		{"only marks", "## ##\none", "knowledge base: line 1: empty heading: name what the entry is about"},
		{"repeated heading", "## A\none\n## B\ntwo\n## A\nthree", `knowledge base: line 5: heading "A" repeats line 1: rename or merge the entries`},
		{"no text", "## A\n\n## B\ntwo", `knowledge base: line 1: entry "A" has no text: write one or remove the heading`},
		{"no text at the end", "## A\none\n## B\n", `knowledge base: line 3: entry "B" has no text: write one or remove the heading`},
		{"not UTF-8", "## A\none\n\xff", "knowledge base: line 3: not UTF-8: save the file as UTF-8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseMarkdown(strings.NewReader(tc.input))
			if err == nil || err.Error() != tc.want {
				t.Errorf("ParseMarkdown: got error %v, want %s", err, tc.want)
			}
		})
	}
}

func TestParseMarkdownLimit(t *testing.T) {
	t.Parallel()
	head := "## A\n"
	fits := head + strings.Repeat("x", MaxMarkdownBytes-len(head))
	if _, err := ParseMarkdown(strings.NewReader(fits)); err != nil {
		t.Errorf("document of the limit: got %v, want no error", err)
	}
	if _, err := ParseMarkdown(strings.NewReader(fits + "x")); !errors.Is(err, ErrTooLarge) {
		t.Errorf("document over the limit: got %v, want ErrTooLarge", err)
	}
	want := errors.New("disk on fire")
	if _, err := ParseMarkdown(failingReader{want}); !errors.Is(err, want) {
		t.Errorf("failing reader: got %v, want %v", err, want)
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

func FuzzParseMarkdown(f *testing.F) {
	f.Add("# T\n## A\none\n```\n## x\n```\n## B ##\ntwo")
	f.Fuzz(func(t *testing.T, input string) {
		entries, err := ParseMarkdown(strings.NewReader(input))
		if (err == nil) != (len(entries) > 0) {
			t.Fatalf("got %d entries and error %v", len(entries), err)
		}
		for _, e := range entries {
			if strings.TrimSpace(e.Title) == "" || strings.TrimSpace(e.Text) == "" {
				t.Errorf("got an empty entry %+v", e)
			}
		}
	})
}
