package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// defaultMaxBodyBytes is the body limit where none is set, the same as the
// contract's.
const defaultMaxBodyBytes = 1 << 20

// readBody reads at most limit bytes of the request's body. over says that
// there was more: body is then the beginning of it and what follows is still to
// be read from the request.
func readBody(r *http.Request, limit int) (body []byte, over bool, err error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, false, nil
	}
	var buf bytes.Buffer
	if n := r.ContentLength; n > 0 && n <= int64(limit) {
		// MinRead more, or the buffer would double to find the end.
		buf.Grow(int(n) + bytes.MinRead)
	}
	_, err = buf.ReadFrom(io.LimitReader(r.Body, int64(limit)+1))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return buf.Bytes(), true, nil
	}
	return buf.Bytes(), buf.Len() > limit, err
}

// checkedBody gives a body that was read for its check to the handler, byte for
// byte.
type checkedBody struct {
	bytes.Reader
	raw    []byte
	isJSON bool
}

func newCheckedBody(raw []byte, contentType string) *checkedBody {
	b := &checkedBody{raw: raw, isJSON: isJSON(contentType)}
	b.Reset(raw)
	return b
}

// Close does nothing: net/http closes the body it made.
func (b *checkedBody) Close() error { return nil }

// ValidatedValue is the decoded body, which generated handlers bind instead of
// decoding the bytes. Binding matches member names exactly, as the contract
// does, where encoding/json would let "AI_ID" set ai_id.
func (b *checkedBody) ValidatedValue() any {
	if !b.isJSON {
		return unbindable{}
	}
	d := json.NewDecoder(bytes.NewReader(b.raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return unbindable{}
	}
	return v
}

// unbindable is a value that binds to nothing, which makes generated handlers
// decode the bytes and report what is wrong with them.
type unbindable struct{}

var errUnbindable = errors.New("the body has no value")

// MarshalJSON fails.
func (unbindable) MarshalJSON() ([]byte, error) { return nil, errUnbindable }

// isJSON reports whether the media type is JSON or built on it.
func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (t == "application/json" || strings.HasSuffix(t, "+json"))
}

// restoredBody is a body of which the beginning was read.
type restoredBody struct {
	io.Reader
	io.Closer
}

// restore puts the beginning of a body that is too large to be checked in
// front of the rest of it.
func restore(read []byte, rest io.ReadCloser) io.ReadCloser {
	return restoredBody{Reader: io.MultiReader(bytes.NewReader(read), rest), Closer: rest}
}
