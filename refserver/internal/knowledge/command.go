package knowledge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// maxCommandBytes bounds what a reading process may answer: lines as JSON take
// more room than their text.
const maxCommandBytes = 8 * MaxTextBytes

// commandAnswer is what a reading process writes. Its error is one of this
// package's own texts, and says which of its errors it is.
type commandAnswer struct {
	Lines    []Line `json:"lines,omitempty"`
	Error    string `json:"error,omitempty"`
	TooLarge bool   `json:"too_large,omitempty"`
	NoText   bool   `json:"no_text,omitempty"`
}

// readError is an error that came from a reading process.
type readError struct {
	text string
	is   error
}

func (e *readError) Error() string { return e.text }
func (e *readError) Unwrap() error { return e.is }

func (a commandAnswer) err() error {
	switch {
	case a.Error == "":
		return nil
	case a.TooLarge:
		return &readError{a.Error, ErrTooLarge}
	case a.NoText:
		return &readError{a.Error, ErrNoText}
	}
	return &readError{text: a.Error}
}

// Command returns a reader of PDFs for Parser that runs argv once per file: the
// process gets the file on its standard input and calls ServePDF. A file that
// exhausts memory or the stack ends that process and no other; it is killed
// when it takes longer than PDFTimeout.
func Command(argv ...string) func(context.Context, []byte) ([]Line, error) {
	return func(ctx context.Context, data []byte) ([]Line, error) {
		if len(argv) == 0 {
			return nil, errors.New("read PDF: no command given")
		}
		ctx, cancel := context.WithTimeout(ctx, PDFTimeout)
		defer cancel()
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // this program itself, with arguments of its own
		out := &cappedBuffer{left: maxCommandBytes}
		cmd.Stdin, cmd.Stdout = bytes.NewReader(data), out
		cmd.WaitDelay = time.Second
		err := cmd.Run()
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("read PDF: %w", ctx.Err())
		case err != nil:
			// What it said of a crash quotes memory, so it is not passed on.
			return nil, fmt.Errorf("read PDF: the process that read it failed: %w: the file is malformed or too large", err)
		}
		var answer commandAnswer
		if err := json.Unmarshal(out.kept.Bytes(), &answer); err != nil {
			return nil, errors.New("read PDF: the process that read it answered something else than lines")
		}
		return answer.Lines, answer.err()
	}
}

// cappedBuffer refuses what goes beyond left bytes. The buffer is not embedded:
// its ReadFrom would go round the limit.
type cappedBuffer struct {
	kept bytes.Buffer
	left int
}

// Write writes all or nothing.
func (b *cappedBuffer) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, ErrTooLarge
	}
	return b.kept.Write(p)
}
