package chat

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// seen is what passed on the wire in one attempt; the client library hides
// some of it.
type seen struct {
	status     int
	retryAfter time.Duration
	// tooLarge is set when the response went beyond the limit, lost when the
	// connection ended within it.
	tooLarge, lost bool
}

type seenKey struct{}

// watcher is a http.RoundTripper that notes what it sees in the context's seen
// and bounds responses.
type watcher struct {
	next  http.RoundTripper
	limit int64
	now   func() time.Time
}

// RoundTrip sends the request.
func (w *watcher) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(r)
	note, ok := r.Context().Value(seenKey{}).(*seen)
	if err != nil || !ok {
		return response, err
	}
	note.status = response.StatusCode
	note.retryAfter = retryAfter(response.Header.Get("Retry-After"), w.now())
	response.Body = &boundedBody{ReadCloser: response.Body, left: w.limit, note: note}
	return response, nil
}

func withSeen(ctx context.Context, s *seen) context.Context {
	return context.WithValue(ctx, seenKey{}, s)
}

// boundedBody ends with errTooLarge behind left bytes.
type boundedBody struct {
	io.ReadCloser
	left int64
	note *seen
}

// Read reads.
func (b *boundedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		b.note.tooLarge = true
		return 0, errTooLarge
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.note.lost = true
	}
	return n, err
}

// retryAfter reads the field, a number of seconds or a date; 0 when it is
// missing, past or unreadable.
func retryAfter(field string, now time.Time) time.Duration {
	field = strings.TrimSpace(field)
	if seconds, err := strconv.ParseInt(field, 10, 32); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if date, err := http.ParseTime(field); err == nil {
		return max(date.Sub(now), 0)
	}
	return 0
}
