package knowledge

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/ledongthuc/pdf"
)

// Line is one line of text on a page of a PDF.
type Line struct {
	Page int    `json:"page"`
	Text string `json:"text"`
	// Size of the letters, in units of the page.
	Size float64 `json:"size"`
	// Apart says that there is more space above the line than between the
	// lines of a paragraph.
	Apart bool `json:"apart,omitempty"`
}

// Bounds of the work on one PDF, beside time and text.
const (
	maxReadBytes  = 512 << 20 // of the file, counting repetitions
	maxOperators  = 20_000_000
	maxTreeDepth  = 32
	maxFormDepth  = 6
	maxBadLetters = 0.2 // share of letters that the fonts do not tell
)

// ReadPDF returns the lines of a PDF in the order they are drawn. It bounds
// time, pages, text and the bytes read, and turns the panics of the library
// into errors. It cannot bound what the library allocates: a file made to do
// harm can end the process, so read files of strangers in another one, see
// Command.
//
// The errors are ErrTooLarge, ErrNoText for pages without any text, such as
// scans, that of ctx, or say what is malformed or not supported.
func ReadPDF(ctx context.Context, data []byte) (lines []Line, err error) {
	ctx, cancel := context.WithTimeout(ctx, PDFTimeout)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			lines, err = nil, fmt.Errorf("read PDF: %w", recovered(ctx, r))
		}
	}()
	r, err := pdf.NewReader(&budgetReader{ctx: ctx, r: bytes.NewReader(data), left: maxReadBytes}, int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("read PDF: %w", err)
	}
	w := &pdfWalk{ctx: ctx, fonts: make(map[string]*pdfFont)}
	root := r.Trailer().Key("Root").Key("Pages")
	w.pages(root, pdf.Value{}, 0)
	return w.lines()
}

// stop is thrown through the library to end its work.
type stop struct{ err error }

// recovered is the error that a panic stands for.
func recovered(ctx context.Context, r any) error {
	if s, ok := r.(stop); ok {
		return s.err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err, ok := r.(error); ok {
		return fmt.Errorf("malformed: %w", err)
	}
	return fmt.Errorf("malformed: %v", r)
}

// pdfWalk goes through the pages of a PDF.
type pdfWalk struct {
	ctx       context.Context //nolint:containedctx // one parse, one context
	fonts     map[string]*pdfFont
	page      int
	operators int
	bytes     int
	out       []Line
	// letters counts what was shown, bad what no font could tell of it.
	letters, bad int
}

// pages walks the page tree. Resources are inherited.
func (w *pdfWalk) pages(node, resources pdf.Value, depth int) {
	if depth > maxTreeDepth {
		panic(stop{fmt.Errorf("page tree deeper than %d: %w", maxTreeDepth, ErrTooLarge)})
	}
	w.check()
	if own := node.Key("Resources"); !own.IsNull() {
		resources = own
	}
	if kids := node.Key("Kids"); kids.Kind() == pdf.Array {
		for i := range kids.Len() {
			w.pages(kids.Index(i), resources, depth+1)
		}
		return
	}
	if node.Key("Type").Name() != "Page" {
		return
	}
	if w.page++; w.page > MaxPages {
		panic(stop{fmt.Errorf("%w: more than %d pages", ErrTooLarge, MaxPages)})
	}
	if contents := node.Key("Contents"); contents.Kind() == pdf.Stream || contents.Kind() == pdf.Array {
		p := newPDFPage(w)
		p.draw(contents, resources, 0)
		p.endLine()
	}
}

// check stops when the time is over.
func (w *pdfWalk) check() {
	if w.ctx.Err() != nil {
		panic(stop{w.ctx.Err()})
	}
}

// operator counts one step of drawing.
func (w *pdfWalk) operator() {
	if w.operators++; w.operators > maxOperators {
		panic(stop{fmt.Errorf("%w: more than %d drawing operators", ErrTooLarge, maxOperators)})
	}
	if w.operators%1024 == 0 {
		w.check()
	}
}

func (w *pdfWalk) add(line Line) {
	if w.bytes += len(line.Text); w.bytes > MaxTextBytes {
		panic(stop{fmt.Errorf("%w: more than %d bytes of text", ErrTooLarge, MaxTextBytes)})
	}
	w.out = append(w.out, line)
}

func (w *pdfWalk) lines() ([]Line, error) {
	switch {
	case w.letters == 0:
		return nil, fmt.Errorf("read PDF: %d pages: %w: a scan must be recognised first", w.page, ErrNoText)
	case float64(w.bad) > maxBadLetters*float64(w.letters):
		return nil, fmt.Errorf("read PDF: its fonts do not tell the letters of %d out of %d characters: save the text in another format: %w", w.bad, w.letters, ErrNoText)
	}
	return w.out, nil
}

// readPDF makes headings and paragraphs of the lines: letters clearly larger
// than most are a heading.
func (p Parser) readPDF(ctx context.Context, b *builder, data []byte) error {
	if p.PDF == nil {
		return fmt.Errorf("a PDF, which is not read here: %w", ErrFormat)
	}
	lines, err := p.PDF(ctx, data)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return ErrNoText
	}
	body := usualSize(lines)
	var open, title []string
	closeAll := func() {
		b.heading(2, strings.Join(title, " "))
		b.paragraph(strings.Join(open, " "))
		open, title = nil, nil
	}
	for i, line := range lines {
		large := line.Size > 1.15*body && len(line.Text) <= 4*maxHeadingRunes
		switch {
		case large && len(open) > 0, !large && len(title) > 0:
			closeAll()
		case line.Apart || i > 0 && line.Page != lines[i-1].Page && endsSentence(lines[i-1].Text):
			closeAll()
		}
		if large {
			title = append(title, line.Text)
		} else {
			open = joinLine(open, line.Text)
		}
		if err := b.full(); err != nil {
			return err
		}
	}
	closeAll()
	return b.full()
}

// joinLine adds a line, mending a word that was hyphenated at the line's end.
func joinLine(lines []string, line string) []string {
	if n := len(lines); n > 0 {
		last := []rune(lines[n-1])
		next := []rune(line)
		if len(last) > 1 && last[len(last)-1] == '-' && unicode.IsLower(last[len(last)-2]) && unicode.IsLower(next[0]) {
			lines[n-1] = string(last[:len(last)-1]) + line
			return lines
		}
	}
	return append(lines, line)
}

func endsSentence(text string) bool {
	return text != "" && strings.ContainsRune(".!?:", rune(text[len(text)-1]))
}

// usualSize is the size that most letters have.
func usualSize(lines []Line) float64 {
	letters := make(map[float64]int)
	for _, line := range lines {
		letters[line.Size] += len(line.Text)
	}
	sizes := make([]float64, 0, len(letters))
	for size := range letters {
		sizes = append(sizes, size)
	}
	slices.Sort(sizes) // equal counts: the smaller, whatever the map's order
	best := 0.0
	for _, size := range sizes {
		if letters[size] > letters[best] {
			best = size
		}
	}
	return best
}

// budgetReader reads a file until the time or the number of bytes is used up,
// which ends the loops of the library that follow references in a circle.
type budgetReader struct {
	ctx  context.Context //nolint:containedctx // one parse, one context
	r    *bytes.Reader
	left int64
}

// ReadAt reads.
func (b *budgetReader) ReadAt(p []byte, offset int64) (int, error) {
	if b.ctx.Err() != nil {
		panic(stop{b.ctx.Err()})
	}
	if b.left -= int64(len(p)) + 1; b.left < 0 {
		panic(stop{fmt.Errorf("%w: reads more than %d bytes in all", ErrTooLarge, maxReadBytes)})
	}
	return b.r.ReadAt(p, offset)
}
