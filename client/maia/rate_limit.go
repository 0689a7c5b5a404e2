package maia

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// RateLimit is what the headers of a response say about the account's rate
// limit. The documentation shows them on successes only, and does not say
// whether they speak of the minute's or the hour's limit.
type RateLimit struct {
	// Known says that the response told how many calls remain; without it
	// the other fields say nothing.
	Known bool
	// Limit is how many calls the window has, 0 when that is not told.
	Limit int64
	// Remaining is how many calls are left.
	Remaining int64
	// Reset is when the window ends; zero when that is not told.
	Reset time.Time
}

// Exhausted says that no call is left in the window.
func (l RateLimit) Exhausted() bool { return l.Known && l.Remaining == 0 }

// maxEpochSeconds is the last second of the year 9999, beyond which a time
// cannot be printed.
const maxEpochSeconds = 253402300799

// readRateLimit reads the headers; what is no number of digits counts as
// missing.
func readRateLimit(header http.Header) RateLimit {
	remaining, known := readCount(header, "X-RateLimit-Remaining")
	if !known {
		return RateLimit{}
	}
	limit := RateLimit{Known: true, Remaining: remaining}
	limit.Limit, _ = readCount(header, "X-RateLimit-Limit")
	if seconds, ok := readCount(header, "X-RateLimit-Reset"); ok && seconds <= maxEpochSeconds {
		limit.Reset = time.Unix(seconds, 0).UTC()
	}
	return limit
}

func readCount(header http.Header, name string) (int64, bool) {
	n, err := strconv.ParseUint(header.Get(name), 10, 63)
	return int64(n), err == nil
}

// remember keeps what responses say.
func remember(limit *atomic.Pointer[RateLimit]) func(http.Header) {
	return func(header http.Header) {
		if l := readRateLimit(header); l.Known {
			limit.Store(&l)
		}
	}
}

// limited recognises an exhausted rate limit. One page of the documentation
// answers it with 403, others with 429; a 403 means it when nothing remains.
func limited(now func() time.Time) func(string, int, http.Header) (time.Duration, bool) {
	return func(operation string, status int, header http.Header) (time.Duration, bool) {
		if operation == string(opPut) {
			return 0, false // the storage host has limits of its own
		}
		limit := readRateLimit(header)
		if status != http.StatusTooManyRequests && (status != http.StatusForbidden || !limit.Exhausted()) {
			return 0, false
		}
		if limit.Reset.IsZero() {
			return 0, true
		}
		return limit.Reset.Sub(now()), true
	}
}
