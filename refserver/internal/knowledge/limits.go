package knowledge

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// What is read of a file, at most. A file beyond is refused with ErrTooLarge
// and never cut.
const (
	// MaxFileBytes is the largest file.
	MaxFileBytes = 16 << 20
	// MaxTextBytes is the most text in one file.
	MaxTextBytes = 4 << 20
	// MaxEntries is the most entries from one file.
	MaxEntries = 20_000
	// MaxPages is the most pages of a PDF.
	MaxPages = 2_000
	// PDFTimeout bounds the reading of one PDF.
	PDFTimeout = 30 * time.Second
)

var (
	// ErrTooLarge says that a file is beyond one of the limits.
	ErrTooLarge = errors.New("too large")
	// ErrFormat says that a file is of no kind that can be read.
	ErrFormat = errors.New("format not supported: want text, Markdown, HTML or PDF")
	// ErrNoText says that a file holds no text.
	ErrNoText = errors.New("no text found")
)

// readAll reads at most limit bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit)
	}
	return data, nil
}
