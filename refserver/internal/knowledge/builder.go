package knowledge

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parley-contracts/parley/refserver/internal/answer"
)

// Entries are cut to what one reads as an answer: a part is closed when the
// next paragraph would take it over maxPartRunes, and one with fewer than
// minPartRunes takes the paragraph all the same.
const (
	maxPartRunes = 1200
	minPartRunes = 200
)

// builder collects the headings and paragraphs of a file.
type builder struct {
	// title is the file's, for text before the first heading.
	title    string
	headings [7]string // by level, 1 to 6
	sections []section
	bytes    int
}

// section is a heading with the paragraphs below it.
type section struct {
	title      string
	paragraphs []string
}

// heading starts a section. A heading of level 3 or more carries the one above
// it, since "Prices" alone says little.
func (b *builder) heading(level int, title string) {
	title = oneLine(title)
	if title == "" {
		return
	}
	level = min(max(level, 1), 6)
	b.headings[level] = title
	for deeper := level + 1; deeper < len(b.headings); deeper++ {
		b.headings[deeper] = ""
	}
	for above := level - 1; above >= 2; above-- {
		if b.headings[above] != "" {
			title = b.headings[above] + ": " + title
			break
		}
	}
	b.sections = append(b.sections, section{title: title})
	b.bytes += len(title)
}

// paragraph adds text to the open section.
func (b *builder) paragraph(text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if len(b.sections) == 0 {
		b.sections = append(b.sections, section{title: b.title})
	}
	s := &b.sections[len(b.sections)-1]
	s.paragraphs = append(s.paragraphs, text)
	b.bytes += len(text)
}

// full reports whether there is more text than is allowed.
func (b *builder) full() error {
	if b.bytes > MaxTextBytes {
		return fmt.Errorf("%w: more than %d bytes of text: split the file", ErrTooLarge, MaxTextBytes)
	}
	return nil
}

// entries cuts the sections into entries. A section without text is a heading
// for the ones below it and makes none.
func (b *builder) entries() ([]answer.Entry, error) {
	if err := b.full(); err != nil {
		return nil, err
	}
	var entries []answer.Entry
	for _, s := range b.sections {
		for i, part := range parts(s.paragraphs) {
			title := s.title
			if i > 0 {
				title = fmt.Sprintf("%s (%d)", s.title, i+1)
			}
			entries = append(entries, answer.Entry{Title: title, Text: part})
		}
	}
	switch {
	case len(entries) == 0:
		return nil, ErrNoText
	case len(entries) > MaxEntries:
		return nil, fmt.Errorf("%w: %d entries, at most %d: split the file", ErrTooLarge, len(entries), MaxEntries)
	}
	return entries, nil
}

// parts joins paragraphs up to the length of a part and cuts those that are
// longer themselves.
func parts(paragraphs []string) []string {
	var out []string
	var open strings.Builder
	runes := 0
	for _, paragraph := range paragraphs {
		for _, piece := range pieces(paragraph) {
			length := utf8.RuneCountInString(piece)
			if runes >= minPartRunes && runes+length > maxPartRunes {
				out = append(out, open.String())
				open.Reset()
				runes = 0
			}
			if runes > 0 {
				open.WriteString("\n\n")
			}
			open.WriteString(piece)
			runes += length
		}
	}
	if runes > 0 {
		out = append(out, open.String())
	}
	return out
}

// pieces cuts a paragraph that is too long: behind a sentence, else between
// words, else anywhere.
func pieces(paragraph string) []string {
	var out []string
	for {
		cut := cutAt(paragraph)
		if piece := strings.TrimSpace(paragraph[:cut]); piece != "" {
			out = append(out, piece)
		}
		if cut == len(paragraph) {
			return out
		}
		paragraph = paragraph[cut:]
	}
}

// cutAt is the byte behind which a paragraph is cut, its length when it is
// short enough.
func cutAt(paragraph string) int {
	runes, word, sentence := 0, 0, 0
	before := ' '
	for i, r := range paragraph {
		if runes == maxPartRunes {
			switch {
			case sentence > 0:
				return sentence
			case word > 0:
				return word
			}
			return i
		}
		if unicode.IsSpace(r) && runes >= minPartRunes {
			word = i
			if before == '.' || before == '!' || before == '?' {
				sentence = i
			}
		}
		before = r
		runes++
	}
	return len(paragraph)
}

// oneLine is text with every run of white space as one space.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
