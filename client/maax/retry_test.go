package maax

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestRetriesOnlyWhatIsSafe(t *testing.T) {
	t.Parallel()
	const good = `200 {"answer":"yes","messages_in_conversation":[],"incoming_message_id":1,"conversation_id":1}`
	for _, tc := range []struct {
		first string
		again bool
	}{
		{"429 {}", true},
		{"502 {}", true},
		{"503 {}", true},
		{"504 {}", true},
		{"400 {}", false},
		{"401 {}", false},
		{"408 {}", false},
		{"500 {}", false},
	} {
		for _, op := range []operation{opInitiate, opRetrieve, opCreate, opHistory, opSend, opHistoryV2} {
			v := newVendor(t, answers(tc.first, tc.first, good))
			waits := &clock{}
			c := newTestClient(t, v.URL, Config{Sleep: waits.sleep})
			err := one(t, c, op)
			want := 1
			if tc.again && op.safe() {
				want = 3
			}
			if got := len(v.seen()); got != want || (err == nil) != (want == 3) {
				t.Errorf("%s after %s: got %d calls, error %v, want %d calls", op, tc.first, got, err, want)
			}
			if got := len(waits.slept()); got != want-1 {
				t.Errorf("%s after %s: got %d waits, want %d", op, tc.first, got, want-1)
			}
		}
	}
}

func one(t *testing.T, c *Client, op operation) error {
	t.Helper()
	var err error
	switch op {
	case opInitiate:
		_, err = c.Initiate(t.Context(), message())
	case opRetrieve:
		_, _, err = c.RetrieveAnswer(t.Context(), 1, ServiceSupport)
	case opCreate:
		_, err = c.CreateConversation(t.Context(), Conversation{ProspectID: 1})
	case opHistory:
		_, err = c.History(t.Context(), 1, "")
	case opSend:
		_, err = c.Send(t.Context(), outgoing())
	case opHistoryV2:
		_, err = c.HistoryV2(t.Context(), 1)
	}
	return err
}

// TestRetriesAfterHangUp breaks connections before and within the response.
func TestRetriesAfterHangUp(t *testing.T) {
	t.Parallel()
	for name, breakOff := range map[string]http.HandlerFunc{
		"before the response": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"within the response": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"answer":"y`))
			panic(http.ErrAbortHandler)
		},
	} {
		for op, want := range map[operation]int64{opRetrieve: 3, opHistory: 3, opSend: 1, opInitiate: 1, opCreate: 1, opHistoryV2: 1} {
			var calls atomic.Int64
			v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				breakOff(w, r)
			})
			err := one(t, newTestClient(t, v.URL, Config{}), op)
			if e := asError(t, err); calls.Load() != want || !e.RequestSent {
				t.Errorf("%s, %s: got %d calls, %v, want %d calls", op, name, calls.Load(), err, want)
			}
		}
	}
}

// TestRetriesFailedDials lets the vendor appear while the client waits.
func TestRetriesFailedDials(t *testing.T) {
	t.Parallel()
	for _, op := range []operation{opInitiate, opRetrieve, opCreate, opHistory, opSend, opHistoryV2} {
		v := newVendor(t, answers(`200 {"answer":"yes","messages_in_conversation":[],"incoming_message_id":1,"conversation_id":1}`))
		var left atomic.Int64
		left.Store(2)
		c := newTestClient(t, v.URL, Config{Transport: newLateTransport(t, &left)})
		if err := one(t, c, op); err != nil || len(v.seen()) != 1 {
			t.Errorf("%s: got %v, %d calls, want one after two failed dials", op, err, len(v.seen()))
		}
		left.Store(3)
		if err := one(t, c, op); err == nil || asError(t, err).RequestSent || len(v.seen()) != 1 {
			t.Errorf("%s, three failed dials: got %v, want the error", op, err)
		}
	}
}

// newLateTransport really dials a closed port for as many tries as are left.
func newLateTransport(t *testing.T, left *atomic.Int64) *http.Transport {
	closed := strings.TrimPrefix(closedURL(t), "http://")
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if left.Add(-1) >= 0 {
				address = closed
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func TestRetryDelays(t *testing.T) {
	t.Parallel()
	waits := &clock{}
	c := newTestClient(t, closedURL(t), Config{Sleep: waits.sleep, MaxRetries: 4, RetryDelay: time.Second})
	_, err := c.Send(t.Context(), outgoing())
	asError(t, err)
	got := waits.slept()
	if len(got) != 4 {
		t.Fatalf("got %d waits, want 4", len(got))
	}
	for i, d := range got {
		middle := time.Second << i
		if d < middle*8/10 || d > middle*12/10 {
			t.Errorf("wait %d: got %v, want %v give or take a fifth", i, d, middle)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		value string
		want  time.Duration
		again bool
	}{
		{"20", 20 * time.Second, true},
		{"30", 30 * time.Second, true},
		{"31", 31 * time.Second, false},
		{"99999999999999999999", 24 * time.Hour, false},
		{"Sun, 01 Mar 2026 12:00:25 GMT", 25 * time.Second, true},
		{"Sun, 01 Mar 2026 13:00:00 GMT", time.Hour, false},
		{"Sun, 01 Mar 2020 13:00:00 GMT", 0, true},
		{"soon", 0, true},
		{"-1", 0, true},
	} {
		v := newVendor(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", tc.value)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		waits := &clock{}
		c := newTestClient(t, v.URL, Config{Sleep: waits.sleep, Now: func() time.Time { return now }})
		_, _, err := c.RetrieveAnswer(t.Context(), 1, ServiceSupport)
		if e := asError(t, err); e.RetryAfter != tc.want {
			t.Errorf("Retry-After %q: got %v, want %v", tc.value, e.RetryAfter, tc.want)
		}
		slept := waits.slept()
		if (len(slept) == 2) != tc.again || (len(slept) == 0) == tc.again {
			t.Errorf("Retry-After %q: got waits %v, want repeated %t", tc.value, slept, tc.again)
		}
		for _, d := range slept {
			if d < tc.want {
				t.Errorf("Retry-After %q: got a wait of %v, want at least that", tc.value, d)
			}
		}
	}
}

func TestNoRetries(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers("503 {}"))
	c := newTestClient(t, v.URL, Config{MaxRetries: -1})
	_, err := c.History(t.Context(), 1, "")
	if asError(t, err).Status != 503 || len(v.seen()) != 1 {
		t.Errorf("got %v after %d calls, want one call", err, len(v.seen()))
	}
}

func TestEndedWaitReturnsTheFailure(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers("503 {}"))
	waits := &clock{stopAfter: 1}
	_, err := newTestClient(t, v.URL, Config{Sleep: waits.sleep, MaxRetries: 9}).History(t.Context(), 1, "")
	if asError(t, err).Status != 503 || len(v.seen()) != 2 {
		t.Errorf("got %v after %d calls, want the failure after two", err, len(v.seen()))
	}
}
