package answer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxMarkdownBytes is the largest knowledge base that ParseMarkdown reads.
const MaxMarkdownBytes = 4 << 20

// ErrTooLarge says that a document is longer than its reader accepts.
var ErrTooLarge = errors.New("document too large")

// ParseMarkdown reads a knowledge base: each heading of the second level
// starts an entry, and the text up to the next heading of the first or second
// level belongs to it, deeper headings and fenced code included. Text outside
// entries, such as the document's title and introduction, is no knowledge and
// left out.
//
// It fails with the line number on an empty or repeated heading, an entry
// without text and bytes that are not UTF-8, without one on a document that
// has no entry, and with ErrTooLarge beyond MaxMarkdownBytes.
func ParseMarkdown(r io.Reader) ([]Entry, error) {
	document, err := readDocument(r, MaxMarkdownBytes)
	if err != nil {
		return nil, fmt.Errorf("knowledge base: %w", err)
	}
	p := markdownParser{seen: make(map[string]int)}
	for number, line := range strings.Split(document, "\n") {
		if err := p.line(number+1, strings.TrimSuffix(line, "\r")); err != nil {
			return nil, fmt.Errorf("knowledge base: %w", err)
		}
	}
	if err := p.finish(); err != nil {
		return nil, fmt.Errorf("knowledge base: %w", err)
	}
	if len(p.entries) == 0 {
		return nil, errors.New(`knowledge base: no entry found: start each with a heading such as "## Opening hours"`)
	}
	return p.entries, nil
}

// markdownParser collects entries line by line.
type markdownParser struct {
	entries []Entry
	seen    map[string]int // heading to the line it stands on
	open    bool           // an entry is being read
	title   string
	start   int // line of the open entry's heading
	body    []string
	fence   string // the marker that closes the open code block
}

func (p *markdownParser) line(number int, line string) error {
	if p.fence != "" {
		if ClosesFence(line, p.fence) {
			p.fence = ""
		}
		p.keep(line)
		return nil
	}
	if marker := OpensFence(line); marker != "" {
		p.fence = marker
		p.keep(line)
		return nil
	}
	level, title := Heading(line)
	if level != 1 && level != 2 {
		p.keep(line)
		return nil
	}
	if err := p.finish(); err != nil {
		return err
	}
	if level == 1 {
		return nil
	}
	if title == "" {
		return fmt.Errorf("line %d: empty heading: name what the entry is about", number)
	}
	if first, ok := p.seen[title]; ok {
		return fmt.Errorf("line %d: heading %q repeats line %d: rename or merge the entries", number, title, first)
	}
	p.seen[title] = number
	p.open, p.title, p.start = true, title, number
	return nil
}

func (p *markdownParser) keep(line string) {
	if p.open {
		p.body = append(p.body, line)
	}
}

// finish closes the open entry, if any.
func (p *markdownParser) finish() error {
	if !p.open {
		return nil
	}
	text := strings.TrimSpace(strings.Join(p.body, "\n"))
	if text == "" {
		return fmt.Errorf("line %d: entry %q has no text: write one or remove the heading", p.start, p.title)
	}
	p.entries = append(p.entries, Entry{Title: p.title, Text: text})
	p.open, p.body = false, nil
	return nil
}

// Heading returns the level and text of an ATX heading, level 0 for any other
// line.
func Heading(line string) (level int, title string) {
	text, ok := unindent(line)
	if !ok {
		return 0, ""
	}
	rest := strings.TrimLeft(text, "#")
	level = len(text) - len(rest)
	if level == 0 || level > 6 {
		return 0, ""
	}
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return 0, ""
	}
	title = strings.TrimSpace(rest)
	// Closing marks are decoration, unless they touch the last word: "C#".
	if open := strings.TrimRight(title, "#"); open == "" || strings.HasSuffix(open, " ") || strings.HasSuffix(open, "\t") {
		title = strings.TrimSpace(open)
	}
	return level, title
}

// OpensFence returns the marker of a code block that the line starts, or "".
func OpensFence(line string) string {
	text, ok := unindent(line)
	if !ok {
		return ""
	}
	for _, mark := range []string{"`", "~"} {
		rest := strings.TrimLeft(text, mark)
		length := len(text) - len(rest)
		if length >= 3 && (mark == "~" || !strings.Contains(rest, mark)) {
			return text[:length]
		}
	}
	return ""
}

// ClosesFence says whether the line ends the code block that marker started.
func ClosesFence(line, marker string) bool {
	text, ok := unindent(line)
	if !ok {
		return false
	}
	text = strings.TrimRight(text, " \t")
	return len(text) >= len(marker) && strings.Trim(text, marker[:1]) == ""
}

// unindent removes up to three spaces; a deeper indent makes a line code.
func unindent(line string) (string, bool) {
	text := strings.TrimLeft(line, " ")
	return text, len(line)-len(text) <= 3
}

// readDocument reads UTF-8 text of at most limit bytes, without a byte order
// mark.
func readDocument(r io.Reader, limit int64) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return "", err
	}
	if int64(len(data)) > limit {
		return "", fmt.Errorf("%w: more than %d bytes: split it", ErrTooLarge, limit)
	}
	if !utf8.Valid(data) {
		return "", fmt.Errorf("line %d: not UTF-8: save the file as UTF-8", invalidLine(data))
	}
	return string(bytes.TrimPrefix(data, []byte("\ufeff"))), nil
}

// invalidLine returns the number of the first line that is not UTF-8.
func invalidLine(data []byte) int {
	number := 1
	for line := range bytes.Lines(data) {
		if !utf8.Valid(line) {
			break
		}
		number++
	}
	return number
}
