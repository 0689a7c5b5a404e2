package maia

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"
)

var testNow = time.Unix(1704067200, 0)

func fixedNow() time.Time { return testNow }

// limits answers with a status and the headers of the rate limit.
func limits(status int, header map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func TestRateLimitIsExposed(t *testing.T) {
	t.Parallel()
	reset := time.Unix(1704067260, 0).UTC()
	for name, tc := range map[string]struct {
		header map[string]string
		want   RateLimit
	}{
		"all":             {map[string]string{"X-RateLimit-Limit": "120", "X-RateLimit-Remaining": "118", "X-RateLimit-Reset": "1704067260"}, RateLimit{true, 120, 118, reset}},
		"remaining alone": {map[string]string{"X-RateLimit-Remaining": "0"}, RateLimit{Known: true}},
		"none":            {nil, RateLimit{}},
		"no remaining":    {map[string]string{"X-RateLimit-Limit": "120"}, RateLimit{}},
		"negative":        {map[string]string{"X-RateLimit-Remaining": "-1"}, RateLimit{}},
		"no numbers":      {map[string]string{"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "soon"}, RateLimit{Known: true, Remaining: 5}},
		"far away":        {map[string]string{"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "9223372036854775807"}, RateLimit{Known: true, Remaining: 5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, newVendor(t, limits(202, tc.header, good)).URL, Config{})
			if c.RateLimit().Known {
				t.Error("known before the first call")
			}
			if _, err := c.Send(t.Context(), message()); err != nil {
				t.Fatal(err)
			}
			if got := c.RateLimit(); got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if got, want := c.RateLimit().Exhausted(), name == "remaining alone"; got != want {
				t.Errorf("exhausted: got %t, want %t", got, want)
			}
		})
	}
}

func TestRateLimited(t *testing.T) {
	t.Parallel()
	in := func(seconds int64) string { return strconv.FormatInt(testNow.Unix()+seconds, 10) }
	for _, tc := range []struct {
		name    string
		status  int
		header  map[string]string
		limited bool
		wait    time.Duration
		calls   int // of an operation that may be repeated twice
	}{
		{"429", 429, nil, true, 0, 3},
		{"429 with a reset", 429, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(20)}, true, 20 * time.Second, 3},
		{"Retry-After beats the reset", 429, map[string]string{"Retry-After": "7", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(3000)}, true, 7 * time.Second, 3},
		{"reset too far", 429, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(31)}, true, 31 * time.Second, 1},
		{"reset past", 429, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(-5)}, true, 0, 3},
		{"reset in milliseconds", 429, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(0) + "000"}, true, 0, 3},
		{"reset beyond a day", 429, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(200_000)}, true, 24 * time.Hour, 1},
		{"403 with none remaining", 403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(20)}, true, 20 * time.Second, 3},
		{"403 with some remaining", 403, map[string]string{"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": in(20)}, false, 0, 1},
		{"403", 403, nil, false, 0, 1},
		{"400 with none remaining", 400, map[string]string{"X-RateLimit-Remaining": "0"}, false, 0, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for op, run := range operations {
				v := newVendor(t, limits(tc.status, tc.header, `{"error":"Forbidden","message":"no"}`))
				waits := &clock{}
				c := newTestClient(t, v.URL, Config{Now: fixedNow, Sleep: waits.sleep})
				err := run(t.Context(), c)
				e := asError(t, err)
				if errors.Is(err, ErrRateLimited) != tc.limited || e.Temporary() != tc.limited || e.RetryAfter != tc.wait || e.Status != tc.status || !e.Wire() || e.Message != "no" {
					t.Errorf("%s: got %+v, limited %t", op, *e, errors.Is(err, ErrRateLimited))
				}
				if _, known := tc.header["X-RateLimit-Remaining"]; e.RateLimit.Known != known || c.RateLimit() != e.RateLimit {
					t.Errorf("%s: got %+v and %+v", op, e.RateLimit, c.RateLimit())
				}
				want := 1
				if op.safe() {
					want = tc.calls
				}
				if got := len(v.seen()); got != want || len(waits.slept()) != want-1 {
					t.Errorf("%s: got %d calls, %d waits, want %d calls", op, got, len(waits.slept()), want)
				}
				for _, d := range waits.slept() {
					if d < tc.wait {
						t.Errorf("%s: got a wait of %v, want at least %v", op, d, tc.wait)
					}
				}
			}
		})
	}
}
