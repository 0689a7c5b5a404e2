package domain_test

import (
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

func TestScheduleNext(t *testing.T) {
	t.Parallel()
	s := domain.Schedule{0, 30 * time.Second, 2 * time.Minute}
	for _, tc := range []struct {
		name       string
		done       int
		outcome    domain.AttemptOutcome
		retryAfter time.Duration
		spread     float64
		state      domain.DeliveryState
		wait       time.Duration
	}{
		{"delivered", 1, domain.AttemptDelivered, 0, 0.5, domain.Delivered, 0},
		{"delivered at last", 3, domain.AttemptDelivered, 0, 0.5, domain.Delivered, 0},
		{"refused", 1, domain.AttemptRefused, 0, 0.5, domain.Refused, 0},
		{"retry", 1, domain.AttemptRetry, 0, 0.5, domain.Pending, 30 * time.Second},
		{"retry, least", 1, domain.AttemptRetry, 0, 0, domain.Pending, 24 * time.Second},
		{"retry, most", 1, domain.AttemptRetry, 0, 1, domain.Pending, 36 * time.Second},
		{"retry, second", 2, domain.AttemptRetry, 0, 0.5, domain.Pending, 2 * time.Minute},
		{"retry after", 1, domain.AttemptRetry, time.Minute, 0.5, domain.Pending, time.Minute},
		{"retry after less", 1, domain.AttemptRetry, time.Second, 0.5, domain.Pending, 30 * time.Second},
		{"retry after a day", 1, domain.AttemptRetry, 24 * time.Hour, 0.5, domain.Pending, time.Hour},
		{"exhausted", 3, domain.AttemptRetry, time.Minute, 0.5, domain.Exhausted, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			state, wait := s.Next(tc.done, tc.outcome, tc.retryAfter, 0.2, tc.spread)
			if state != tc.state || wait != tc.wait {
				t.Errorf("got %s after %v, want %s after %v", state, wait, tc.state, tc.wait)
			}
		})
	}
}
