package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// maxTokenBytes is the longest tag or text between two tags.
const maxTokenBytes = 1 << 20

// readHTML reads a page token by token, without a tree, so that nesting costs
// nothing. Menus, scripts and drawings are left out; a question in <dt> or
// <summary> is a heading.
func readHTML(b *builder, data []byte, contentType string) error {
	r := io.Reader(bytes.NewReader(data))
	if !utf8.Valid(data) { // else it would be guessed from the beginning alone
		var err error
		if r, err = charset.NewReader(r, contentType); err != nil {
			return fmt.Errorf("read its character set: %w", err)
		}
	}
	p := &page{builder: b}
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxTokenBytes)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p.finish(z.Err())
		case html.TextToken:
			p.text(string(z.Text()))
		case html.StartTagToken:
			name, _ := z.TagName()
			p.start(atom.Lookup(name))
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			if tag := atom.Lookup(name); tag != atom.Svg {
				p.start(tag) // only in drawings does the slash close
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(atom.Lookup(name))
		}
		if err := b.full(); err != nil {
			return err
		}
	}
}

// finish ends the page at the tokenizer's error.
func (p *page) finish(err error) error {
	p.close()
	switch {
	case errors.Is(err, html.ErrBufferExceeded):
		return fmt.Errorf("%w: more than %d bytes in one tag or between two", ErrTooLarge, maxTokenBytes)
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("read HTML: %w", err)
	case p.hidden != 0:
		return fmt.Errorf("<%s> is never closed, so the text behind it would be lost: close it", p.hidden)
	}
	return p.full()
}

// page is the state between tokens.
type page struct {
	*builder
	open strings.Builder
	// level is that of the heading that is open, 0 for none.
	level int
	// hidden is the element whose content is left out, and depth how often it
	// is open.
	hidden atom.Atom
	depth  int
	title  bool
	code   int
}

func (p *page) text(s string) {
	switch {
	case p.hidden != 0:
	case p.title:
		if t := oneLine(s); t != "" {
			p.builder.title = t
		}
	case p.code > 0:
		p.open.WriteString(s)
	default:
		if s != "" && strings.ContainsRune(" \t\r\n\f", rune(s[0])) {
			p.open.WriteByte(' ')
		}
		p.open.WriteString(oneLine(s))
		if s != "" && strings.ContainsRune(" \t\r\n\f", rune(s[len(s)-1])) {
			p.open.WriteByte(' ')
		}
	}
}

func (p *page) start(tag atom.Atom) {
	if p.hidden != 0 {
		if tag == p.hidden {
			p.depth++
		}
		return
	}
	switch level := headingLevel(tag); {
	case hides(tag):
		p.close()
		p.hidden, p.depth = tag, 1
	case level > 0:
		p.close()
		p.level = level
	case tag == atom.Title:
		p.title = true
	case tag == atom.Br:
		p.open.WriteByte('\n')
	case tag == atom.Pre:
		p.close()
		p.code++
	case tag == atom.Li:
		p.close()
		p.open.WriteString("- ")
	case tag == atom.Td || tag == atom.Th:
		if p.open.Len() > 0 {
			p.open.WriteString(" | ")
		}
	case breaks(tag):
		p.close()
	}
}

func (p *page) end(tag atom.Atom) {
	if p.hidden != 0 {
		if tag == p.hidden {
			if p.depth--; p.depth == 0 {
				p.hidden = 0
			}
		}
		return
	}
	switch {
	case tag == atom.Title:
		p.title = false
	case tag == atom.Pre:
		p.close()
		p.code = max(p.code-1, 0)
	case headingLevel(tag) > 0, tag == atom.Li, breaks(tag):
		p.close()
	}
}

// close ends the open heading or paragraph.
func (p *page) close() {
	raw := p.open.String()
	p.open.Reset()
	level := p.level
	p.level = 0
	if level > 0 {
		p.heading(level, raw)
		return
	}
	if p.code > 0 {
		p.paragraph(raw)
		return
	}
	var lines []string
	for line := range strings.SplitSeq(raw, "\n") {
		lines = append(lines, oneLine(line))
	}
	if text := strings.Join(lines, "\n"); strings.Trim(text, "-| \n") != "" {
		p.paragraph(text)
	}
}

func headingLevel(tag atom.Atom) int {
	switch tag {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6, atom.Dt, atom.Summary:
		return 6
	}
	return 0
}

// hides says whether an element's content is no knowledge.
func hides(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Nav, atom.Svg, atom.Select, atom.Iframe, atom.Object:
		return true
	}
	return false
}

// breaks says whether an element ends the paragraph before it.
func breaks(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Aside, atom.Body, atom.Head,
		atom.Ul, atom.Ol, atom.Dl, atom.Dd, atom.Table, atom.Tr, atom.Blockquote, atom.Hr, atom.Figure, atom.Figcaption,
		atom.Details, atom.Address, atom.Form:
		return true
	}
	return false
}
