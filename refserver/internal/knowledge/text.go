package knowledge

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxHeadingRunes is how long a line may be that is taken for a heading.
const maxHeadingRunes = 90

// readText reads plain text. A paragraph of one short line is a heading when
// it asks, ends in a colon or is underlined; "Q:" and "A:" are dropped.
func readText(b *builder, data []byte) error {
	document, err := utf8Text(data)
	if err != nil {
		return err
	}
	for _, lines := range paragraphs(document) {
		title, rest := textHeading(lines)
		if title != "" {
			b.heading(2, title)
		}
		b.paragraph(strings.TrimPrefix(strings.Join(rest, "\n"), "A: "))
	}
	return b.full()
}

// textHeading splits a paragraph into its heading, which may be empty, and the
// lines below.
func textHeading(lines []string) (string, []string) {
	first := strings.TrimPrefix(lines[0], "Q: ")
	switch {
	case utf8.RuneCountInString(first) > maxHeadingRunes:
		return "", lines
	case len(lines) > 1 && underline(lines[1]):
		return first, lines[2:]
	case first != lines[0], strings.HasSuffix(first, "?"):
		return first, lines[1:]
	case len(lines) == 1 && strings.HasSuffix(first, ":"):
		return strings.TrimSuffix(first, ":"), nil
	case len(lines) == 1 && capitals(first):
		return first, nil
	}
	return "", lines
}

func underline(line string) bool {
	return len(line) >= 3 && (strings.Trim(line, "=") == "" || strings.Trim(line, "-") == "")
}

// capitals says whether a line has letters and none of them is lower case.
func capitals(line string) bool {
	return strings.ContainsFunc(line, unicode.IsUpper) && !strings.ContainsFunc(line, unicode.IsLower)
}

// paragraphs returns the lines between blank lines, without the blank space
// around them.
func paragraphs(document string) [][]string {
	var out [][]string
	var open []string
	for line := range strings.SplitSeq(document, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line != "":
			open = append(open, line)
		case open != nil:
			out = append(out, open)
			open = nil
		}
	}
	if open != nil {
		out = append(out, open)
	}
	return out
}

// utf8Text checks that data is text and returns it without a byte order mark
// and with plain line ends.
func utf8Text(data []byte) (string, error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return "", fmt.Errorf("byte %d is zero, which no text has: %w", i+1, ErrFormat)
	}
	if !utf8.Valid(data) {
		return "", fmt.Errorf("not UTF-8: save the file as UTF-8: %w", ErrFormat)
	}
	document := strings.TrimPrefix(string(data), "\ufeff")
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n\n").Replace(document), nil
}
