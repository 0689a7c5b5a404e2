package evidence

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Lines writes exchanges as JSON lines. It is a Keeper and not safe for
// concurrent use; the writer stays the caller's to close, after a Flush.
type Lines struct {
	buffer  *bufio.Writer
	encoder *json.Encoder
}

// NewLines returns a keeper that writes to w.
func NewLines(w io.Writer) *Lines {
	buffer := bufio.NewWriterSize(w, 64<<10)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	return &Lines{buffer: buffer, encoder: encoder}
}

// Keep writes one line.
func (l *Lines) Keep(x Exchange) error {
	if err := l.encoder.Encode(x); err != nil {
		return fmt.Errorf("write exchange %s: %w", x.ID, err)
	}
	return nil
}

// Flush writes what is buffered.
func (l *Lines) Flush() error {
	if err := l.buffer.Flush(); err != nil {
		return fmt.Errorf("flush recording: %w", err)
	}
	return nil
}
