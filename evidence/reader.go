package evidence

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// DefaultMaxLineBytes is the longest line a Reader takes unless told otherwise.
const DefaultMaxLineBytes = 16 << 20

// Reader reads a recording line by line. It is not safe for concurrent use.
type Reader struct {
	// MaxLineBytes is the longest line; 0 is DefaultMaxLineBytes. Set it
	// before the first Next.
	MaxLineBytes int

	name   string
	line   int
	buffer *bufio.Reader
	failed error
}

// NewReader reads from r, which the caller closes. The name stands in errors
// and is usually the file's.
func NewReader(name string, r io.Reader) *Reader {
	return &Reader{name: name, buffer: bufio.NewReaderSize(r, 64<<10)}
}

// Next returns the next exchange, io.EOF after the last. Empty lines are
// passed over. An error names the file and line and is final.
func (r *Reader) Next() (Exchange, error) {
	if r.failed != nil {
		return Exchange{}, r.failed
	}
	x, err := r.next()
	r.failed = err
	return x, err
}

func (r *Reader) next() (Exchange, error) {
	for {
		line, err := r.readLine()
		if err != nil {
			return Exchange{}, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var x Exchange
		if err := json.Unmarshal(line, &x); err != nil {
			return Exchange{}, fmt.Errorf("%s:%d: not an exchange: %s", r.name, r.line, describeJSON(err))
		}
		if x.Request.Method == "" {
			return Exchange{}, fmt.Errorf("%s:%d: not an exchange: request without a method", r.name, r.line)
		}
		return x, nil
	}
}

// readLine returns the next line; io.EOF when there is none. The bytes are
// valid until the next call.
func (r *Reader) readLine() ([]byte, error) {
	limit := r.MaxLineBytes
	if limit <= 0 {
		limit = DefaultMaxLineBytes
	}
	r.line++
	var long []byte
	for {
		part, err := r.buffer.ReadSlice('\n')
		if len(long)+len(part) > limit {
			return nil, fmt.Errorf("%s:%d: line is longer than %d bytes: raise the limit or split the recording", r.name, r.line, limit)
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && len(long)+len(part) > 0:
			if long == nil {
				return part, nil
			}
			return append(long, part...), nil
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, part...)
		case errors.Is(err, io.EOF):
			return nil, io.EOF
		default:
			return nil, fmt.Errorf("%s:%d: %w", r.name, r.line, err)
		}
	}
}

// describeJSON says what is wrong with a line without quoting it.
func describeJSON(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("broken JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("field %q is a %s", kind.Field, kind.Value)
	}
	return "a field cannot be read"
}
