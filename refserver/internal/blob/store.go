package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// Store keeps blobs by key. Its methods may be called concurrently.
//
// A key is one or more segments of ASCII letters, digits, '-', '_' and '.',
// joined by '/'. A segment does not begin with a dot, and the whole has at most
// 512 bytes. No key may be the folder of another: "a" beside "a/b" works in a
// folder and in some S3-compatible stores only.
type Store interface {
	// Put stores the first info.Size bytes of r under key, replacing what was
	// there. Readers see the old blob or the new one, never a part. An r that
	// ends early is ErrSize, and nothing is stored. A blob whose Put returned
	// nil survives a crash.
	Put(ctx context.Context, key string, info Info, r io.Reader) error
	// Get returns a part of a blob and what is known about the whole of it.
	// The caller closes the reader. A part that begins behind the end is
	// ErrRange; one that reaches over it is cut.
	Get(ctx context.Context, key string, part Range) (io.ReadCloser, Info, error)
	// Stat returns what is known about a blob.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes a blob. One that does not exist is no error.
	Delete(ctx context.Context, key string) error
	// SignPut returns a URL that takes one blob by PUT until ttl is over. The
	// request must have exactly that Content-Type and Content-Length, else it
	// is answered with 403. It may be repeated. Since it may also never come,
	// Stat the blob before relying on it.
	SignPut(ctx context.Context, key, contentType string, size int64, ttl time.Duration) (string, error)
	// SignGet returns a URL that serves the blob by GET until ttl is over, as
	// an attachment: a browser stores it and does not show it. The blob need
	// not exist yet.
	SignGet(ctx context.Context, key string, ttl time.Duration) (string, error)
}

// Info describes a blob.
type Info struct {
	// ContentType is what was said when the blob was stored. Nobody has
	// compared it with the bytes.
	ContentType string
	// Size is in bytes.
	Size int64
}

// Range is a part of a blob. The zero value is the whole.
type Range struct {
	// Offset is the first byte, counted from 0.
	Offset int64
	// Length is the number of bytes; 0 for all up to the end.
	Length int64
}

// MaxTTL is how long a presigned URL can be valid: seven days, which is what S3
// allows.
const MaxTTL = 7 * 24 * time.Hour

var (
	// ErrNotFound says that there is no blob under the key.
	ErrNotFound = errors.New("no such blob")
	// ErrKey says that the key is not as Store wants it.
	ErrKey = errors.New("not a valid key: want segments of letters, digits, '-', '_' and '.' joined by '/'")
	// ErrSize says that a blob has not the size that was announced.
	ErrSize = errors.New("not of the announced size")
	// ErrRange says that a part begins behind the end of its blob.
	ErrRange = errors.New("range begins behind the end of the blob")
)

const (
	maxKeyBytes         = 512
	maxContentTypeBytes = 255
)

// checkKey returns ErrKey with the key for what Store does not take.
func checkKey(key string) error {
	if len(key) > maxKeyBytes {
		return fmt.Errorf("key of %d bytes, at most %d: %w", len(key), maxKeyBytes, ErrKey)
	}
	for segment := range strings.SplitSeq(key, "/") {
		if segment == "" || segment[0] == '.' || strings.ContainsFunc(segment, notOfKey) {
			return fmt.Errorf("key %q: %w", key, ErrKey)
		}
	}
	return nil
}

func notOfKey(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_', r == '.':
		return false
	}
	return true
}

func checkInfo(info Info) error {
	if info.Size < 0 {
		return fmt.Errorf("size %d: negative", info.Size)
	}
	if len(info.ContentType) > maxContentTypeBytes {
		return fmt.Errorf("content type of %d bytes, at most %d", len(info.ContentType), maxContentTypeBytes)
	}
	if strings.ContainsFunc(info.ContentType, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Errorf("content type %q: holds what a header cannot", info.ContentType)
	}
	if _, _, err := mime.ParseMediaType(info.ContentType); err != nil {
		return fmt.Errorf("content type %q: %w", info.ContentType, err)
	}
	return nil
}

func checkRange(part Range) error {
	if part.Offset < 0 || part.Length < 0 {
		return fmt.Errorf("range of %d bytes from %d: negative", part.Length, part.Offset)
	}
	return nil
}

func checkTTL(ttl time.Duration) error {
	if ttl < time.Second || ttl > MaxTTL {
		return fmt.Errorf("validity of %v: not from %v to %v", ttl, time.Second, MaxTTL)
	}
	return nil
}

// checkSign checks what both kinds of presigned URLs are made from.
func checkSign(method, key string, info Info, ttl time.Duration) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if method == http.MethodPut {
		if err := checkInfo(info); err != nil {
			return err
		}
	}
	return checkTTL(ttl)
}

// exactReader reads no more than remaining bytes and turns an early end into
// ErrSize.
type exactReader struct {
	r         io.Reader
	remaining int64
	// ended is set when r ended before remaining was 0.
	ended bool
}

// Read reads.
func (e *exactReader) Read(p []byte) (int, error) {
	if e.remaining == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > e.remaining {
		p = p[:e.remaining]
	}
	n, err := e.r.Read(p)
	e.remaining -= int64(n)
	if errors.Is(err, io.EOF) {
		if e.remaining > 0 {
			e.ended = true
			return n, fmt.Errorf("%d bytes missing: %w", e.remaining, ErrSize)
		}
		return n, io.EOF
	}
	return n, err
}
