package manage

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/parley-contracts/parley/server"
)

// defaultPage is the size of a page that nobody asked for.
const defaultPage = 50

// pageSize is the number of items wanted.
func pageSize(limit *int) int {
	if limit == nil {
		return defaultPage
	}
	return *limit
}

// idCursor is the place after, or for the journal before, an id.
func idCursor(id int64) *string {
	return new(base64.RawURLEncoding.EncodeToString(strconv.AppendInt(nil, id, 10)))
}

// readIDCursor is 0 for none.
func readIDCursor(cursor *string) (int64, error) {
	if cursor == nil {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil {
		return 0, errCursor()
	}
	id, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || id < 1 {
		return 0, errCursor()
	}
	return id, nil
}

func errCursor() error {
	return server.BadRequest("cursor is not one that a page before has returned")
}

// cut splits what was read, one more than the page has room for, into the page
// and whether another follows.
func cut[T any](items []T, size int) ([]T, bool) {
	if len(items) > size {
		return items[:size], true
	}
	return items, false
}

// optional is nil for the zero value.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// optionalTime is nil for the zero time.
func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// value is the zero value for nil.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
