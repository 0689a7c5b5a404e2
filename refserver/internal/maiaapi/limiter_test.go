package maiaapi

import (
	"sync"
	"testing"
	"time"
)

type stoppedClock time.Time

func (c *stoppedClock) Now() time.Time { return time.Time(*c) }

func TestLimiterForgetsAccountsOfEarlierHours(t *testing.T) {
	t.Parallel()
	clock := stoppedClock(time.Date(2026, 1, 1, 5, 59, 0, 0, time.UTC))
	l := NewLimiter(1, 1, &clock)
	for id := range int64(maxAccounts) {
		l.take(id)
	}
	clock = stoppedClock(time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC))
	if got := l.take(-1); !got.allowed || len(l.accounts) != 1 {
		t.Errorf("first request of the hour: got %+v with %d accounts kept, want 1", got, len(l.accounts))
	}
	for id := range int64(maxAccounts + 5) {
		l.take(id)
	}
	if got := l.take(0); got.allowed || len(l.accounts) < maxAccounts {
		t.Errorf("second request of the hour: got %+v with %d accounts kept, want it refused", got, len(l.accounts))
	}
}

func TestLimiterCountsConcurrentRequests(t *testing.T) {
	t.Parallel()
	clock := stoppedClock(time.Date(2026, 1, 1, 5, 59, 0, 0, time.UTC))
	l := NewLimiter(50, 0, &clock)
	var mu sync.Mutex
	allowed := 0
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if l.take(1).allowed {
				mu.Lock()
				defer mu.Unlock()
				allowed++
			}
		})
	}
	wg.Wait()
	if allowed != 50 {
		t.Errorf("allowed: got %d, want 50", allowed)
	}
}
