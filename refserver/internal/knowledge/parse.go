package knowledge

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"path/filepath"
	"strings"

	"github.com/parley-contracts/parley/refserver/internal/answer"
)

// kind is what a file holds.
type kind string

const (
	text     kind = "text"
	markdown kind = "Markdown"
	markup   kind = "HTML"
	portable kind = "PDF"
)

// Parser reads files. The zero value reads all kinds but PDFs.
type Parser struct {
	// PDF reads the lines of a PDF: Command for files of strangers, ReadPDF
	// for one's own. Nil refuses PDFs with ErrFormat.
	PDF func(ctx context.Context, data []byte) ([]Line, error)
}

// Parse reads a file that can be trusted, PDFs in this process, see ReadPDF.
func Parse(name, contentType string, r io.Reader) ([]answer.Entry, error) {
	return Parser{PDF: ReadPDF}.Parse(context.Background(), name, contentType, r)
}

// Parse reads the file called name. Its kind is told by the content type, else
// by the name's extension, else by its first bytes; a content type that says
// nothing, such as application/octet-stream, counts as none. The errors name
// the file and are ErrFormat, ErrTooLarge, ErrNoText, or of the reader and the
// format.
func (p Parser) Parse(ctx context.Context, name, contentType string, r io.Reader) ([]answer.Entry, error) {
	entries, err := p.parse(ctx, name, contentType, r)
	if err != nil {
		return nil, fmt.Errorf("knowledge base: %s: %w", name, err)
	}
	return entries, nil
}

func (p Parser) parse(ctx context.Context, name, contentType string, r io.Reader) ([]answer.Entry, error) {
	data, err := readAll(r, MaxFileBytes)
	if err != nil {
		return nil, err
	}
	b := &builder{}
	if name != "" {
		b.title = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	switch kindOf(name, contentType, data) {
	case text:
		err = readText(b, data)
	case markdown:
		err = readMarkdown(b, data)
	case markup:
		err = readHTML(b, data, contentType)
	case portable:
		err = p.readPDF(ctx, b, data)
	default:
		err = ErrFormat
	}
	if err != nil {
		return nil, err
	}
	return b.entries()
}

// kindOf is empty for a file that is of no known kind.
func kindOf(name, contentType string, data []byte) kind {
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return portable // whatever it is called: no other kind begins so
	}
	if mediaType, _, err := mime.ParseMediaType(contentType); err == nil {
		switch mediaType {
		case "text/plain":
			if k := kindOfName(name); k == markdown {
				return markdown // often sent as plain text
			}
			return text
		case "text/markdown", "text/x-markdown":
			return markdown
		case "text/html", "application/xhtml+xml":
			return markup
		case "application/octet-stream", "binary/octet-stream":
		default:
			return "" // application/pdf too, without a PDF's first bytes
		}
	}
	if k := kindOfName(name); k != "" {
		return k
	}
	if filepath.Ext(name) != "" {
		return ""
	}
	start := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 512)], " \t\r\n\ufeff"))
	if bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html")) {
		return markup
	}
	return text
}

func kindOfName(name string) kind {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt", ".text":
		return text
	case ".md", ".markdown":
		return markdown
	case ".html", ".htm", ".xhtml":
		return markup
	}
	return ""
}
