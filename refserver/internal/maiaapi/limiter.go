package maiaapi

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// Limiter counts the requests of each account in windows that begin with the
// minute and the hour of the clock. It counts in memory: a restart forgets, and
// each of several nodes counts for itself.
type Limiter struct {
	perMinute int
	perHour   int
	clock     Clock

	mu       sync.Mutex
	accounts map[int64]*usage
}

// NewLimiter allows so many requests; 0 is no limit.
func NewLimiter(perMinute, perHour int, clock Clock) *Limiter {
	return &Limiter{perMinute: perMinute, perHour: perHour, clock: clock, accounts: map[int64]*usage{}}
}

// usage is what an account has used of its current windows.
type usage struct{ minute, hour window }

// window counts the requests since its begin.
type window struct {
	begin time.Time
	used  int
}

// allowance is what an account has left after a request.
type allowance struct {
	allowed   bool
	limit     int
	remaining int
	reset     time.Time
}

// maxAccounts is the number of accounts from which on those without a request
// in the current hour are forgotten, which changes nothing for them.
const maxAccounts = 4096

// take counts a request, unless a window is exhausted, and reports the window
// with the least left.
func (l *Limiter) take(accountID int64) allowance {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.accounts[accountID]
	if u == nil {
		if len(l.accounts) >= maxAccounts {
			l.forget(now)
		}
		u = &usage{}
		l.accounts[accountID] = u
	}
	minute := u.minute.allowance(now, time.Minute, l.perMinute)
	hour := u.hour.allowance(now, time.Hour, l.perHour)
	if minute.allowed && hour.allowed {
		u.minute.used++
		u.hour.used++
		minute.remaining--
		hour.remaining--
	}
	if l.perMinute == 0 || l.perHour != 0 && hour.remaining < minute.remaining {
		return hour
	}
	return minute
}

// forget drops the accounts whose windows have ended.
func (l *Limiter) forget(now time.Time) {
	for id, u := range l.accounts {
		if !u.hour.begin.Equal(now.Truncate(time.Hour)) {
			delete(l.accounts, id)
		}
	}
}

// allowance begins a new window when the last one has ended and says what is
// left of it. Limit 0 is no limit.
func (w *window) allowance(now time.Time, length time.Duration, limit int) allowance {
	if begin := now.Truncate(length); !w.begin.Equal(begin) {
		*w = window{begin: begin}
	}
	return allowance{
		allowed: limit == 0 || w.used < limit,
		limit:   limit, remaining: max(limit-w.used, 0), reset: w.begin.Add(length),
	}
}

// write sets the headers; without a limit there are none.
func (a allowance) write(header http.Header) {
	if a.limit == 0 {
		return
	}
	header.Set("X-RateLimit-Limit", strconv.Itoa(a.limit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(a.remaining))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(a.reset.Unix(), 10))
}
