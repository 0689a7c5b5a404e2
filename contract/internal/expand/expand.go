package expand

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxCodings is the most codings that are undone of one message.
const MaxCodings = 4

// ErrTooLarge says that a message expands beyond the limit, at its end or
// between two codings.
var ErrTooLarge = errors.New("expands beyond the limit")

// UnknownError says that a message has a coding that cannot be undone.
type UnknownError struct {
	// Coding is the coding's name, empty where there are more than MaxCodings.
	Coding string
}

func (e *UnknownError) Error() string {
	if e.Coding == "" {
		return fmt.Sprintf("more than %d content codings", MaxCodings)
	}
	return "content coding " + e.Coding + " is not known"
}

// CorruptError says that a message is not what its coding says.
type CorruptError struct {
	// Coding is one of those that are known.
	Coding string
}

func (e *CorruptError) Error() string { return "not " + e.Coding }

// Codings are the codings that the values of a Content-Encoding header name,
// in the order in which they were applied, lower case. The identity is left
// out.
func Codings(values []string) []string {
	var codings []string
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			if name != "" && name != "identity" {
				codings = append(codings, name)
			}
		}
	}
	return codings
}

// NewReader undoes codings, the last one first. Neither the outcome nor
// anything between two codings may be longer than limit: reading then ends with
// ErrTooLarge. A message that is not what its coding says ends with a
// *CorruptError, and errors of body pass as they are. A coding that is not known
// is an *UnknownError at once. Nothing is read before the first Read.
func NewReader(body io.Reader, codings []string, limit int64) (io.Reader, error) {
	if len(codings) > MaxCodings {
		return nil, &UnknownError{}
	}
	var r io.Reader = &origin{from: body}
	for i := len(codings) - 1; i >= 0; i-- {
		switch codings[i] {
		case "gzip", "x-gzip":
			r = &layer{coding: "gzip", from: r, left: limit}
		case "deflate":
			r = &layer{coding: "deflate", from: r, left: limit}
		default:
			return nil, &UnknownError{Coding: codings[i]}
		}
	}
	return r, nil
}

// Bytes is NewReader for a body that is held as a whole. Without codings it
// returns the body itself, whatever its length.
func Bytes(body []byte, codings []string, limit int) ([]byte, error) {
	if len(codings) == 0 {
		return body, nil
	}
	r, err := NewReader(bytes.NewReader(body), codings, int64(limit))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// origin marks the errors of the body itself.
type origin struct{ from io.Reader }

// originError is an error of the body, not of a coding.
type originError struct{ err error }

func (e *originError) Error() string { return e.err.Error() }

func (e *originError) Unwrap() error { return e.err }

func (o *origin) Read(p []byte) (int, error) {
	n, err := o.from.Read(p)
	if err != nil && err != io.EOF {
		err = &originError{err}
	}
	return n, err
}

// layer undoes one coding.
type layer struct {
	coding string
	from   io.Reader
	left   int64
	// buffered is from, once it is read; expanded is what it stands for.
	buffered *bufio.Reader
	expanded io.Reader
	err      error
}

func (l *layer) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if l.expanded == nil {
		if l.err = l.explain(l.open()); l.err != nil {
			return 0, l.err
		}
	}
	n, err := l.expanded.Read(p)
	if int64(n) > l.left {
		l.err = ErrTooLarge
		return int(l.left), l.err
	}
	l.left -= int64(n)
	if err == io.EOF { //nolint:errorlint // a wrapped one is a foreign error
		err = l.ended()
	}
	l.err = l.explain(err)
	return n, l.err
}

// open begins to read: it is late so that a stream is not waited for before
// somebody reads it.
func (l *layer) open() (err error) {
	l.buffered = bufio.NewReader(l.from)
	var expanded io.Reader
	switch {
	case l.coding == "gzip":
		expanded, err = gzip.NewReader(l.buffered)
	case isZlib(l.buffered):
		expanded, err = zlib.NewReader(l.buffered)
	default:
		expanded = flate.NewReader(l.buffered)
	}
	if err == nil {
		l.expanded = expanded
	}
	return err
}

// isZlib reports whether a stream begins with a zlib header (RFC 1950): the
// method deflate and a checksum.
func isZlib(r *bufio.Reader) bool {
	head, err := r.Peek(2)
	return err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0
}

// ended says what the end of the expanded stream means: bytes after it are
// part of no coding.
func (l *layer) ended() error {
	switch _, err := l.buffered.Peek(1); err {
	case nil:
		return &CorruptError{Coding: l.coding}
	default:
		return err
	}
}

// explain leaves the end, limits and foreign errors as they are; all else is a
// fault of the coding.
func (l *layer) explain(err error) error {
	var foreign *originError
	var corrupt *CorruptError
	switch {
	case err == nil, errors.Is(err, ErrTooLarge), errors.As(err, &corrupt):
		return err
	case errors.As(err, &foreign):
		return foreign.err
	case err == io.EOF && l.expanded != nil: //nolint:errorlint // a wrapped one is a foreign error
		return err
	}
	return &CorruptError{Coding: l.coding}
}
