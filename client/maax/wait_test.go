package maax

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/client/internal/wire"
)

// TestNotReady plays each way in which a vendor may say that there is no
// answer yet; the documentation names none.
func TestNotReady(t *testing.T) {
	t.Parallel()
	for _, response := range []string{`200 {"answer":null}`, `200 {"answer":""}`, `200 {}`, `202 {}`, "202 ", "204 ", `404 {"error":"no answer"}`, "404 <html>", "425 "} {
		v := newVendor(t, answers(response))
		answer, ready, err := newTestClient(t, v.URL, Config{}).RetrieveAnswer(t.Context(), 7, ServiceSupport)
		if answer != (Answer{MessageID: 7}) || ready || err != nil {
			t.Errorf("%s: got %v, %t, %v, want not ready", response, answer, ready, err)
		}
	}
	v := newVendor(t, answers("400 {}"))
	if _, _, err := newTestClient(t, v.URL, Config{}).RetrieveAnswer(t.Context(), 7, ServiceSupport); err == nil {
		t.Error("400: got no error")
	}
	c := newTestClient(t, v.URL, Config{NotReady: []int{400}})
	if _, ready, err := c.RetrieveAnswer(t.Context(), 7, ServiceSupport); ready || err != nil {
		t.Errorf("400 in NotReady: got %t, %v, want not ready", ready, err)
	}
}

func TestSendAndWait(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers(
		`200 {"incoming_message_id":48213}`,
		`200 {"answer":null}`, "404 ", "500 ", "202 ", `200 {"answer":null}`, `200 {"answer":null}`, `200 {"answer":"Choose Reset."}`,
	))
	waits := &clock{}
	answer, err := newTestClient(t, v.URL, Config{Sleep: waits.sleep}).SendAndWait(t.Context(), message())
	if answer != (Answer{48213, "Choose Reset."}) || err != nil {
		t.Errorf("got %v, %v", answer, err)
	}
	want := []time.Duration{
		30 * time.Second, 10 * time.Second, 15 * time.Second, 22500 * time.Millisecond, 33750 * time.Millisecond, 50625 * time.Millisecond, time.Minute,
	}
	if diff := cmp.Diff(want, waits.slept()); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	calls := v.seen()
	if len(calls) != 8 || calls[0].Method != http.MethodPost {
		t.Fatalf("got %d calls, want 8, the first a POST", len(calls))
	}
	for _, call := range calls[1:] {
		if call.URI != "/api/retrieve_answer/?service_type=customer_support_automation&incoming_message_id=48213" {
			t.Errorf("poll: got %s", call.URI)
		}
	}
}

func TestWaitIntervals(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers(`200 {"answer":null}`, `200 {"answer":null}`, `200 {"answer":null}`, `200 {"answer":"yes"}`))
	waits := &clock{}
	c := newTestClient(t, v.URL, Config{Sleep: waits.sleep, FirstPoll: -1, PollInterval: 2 * time.Second, MaxPollInterval: time.Second})
	if _, err := c.Wait(t.Context(), 1, ServiceSupport); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]time.Duration{0, 2 * time.Second, 2 * time.Second, 2 * time.Second}, waits.slept()); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
}

func TestWaitHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	var first = true
	v := newVendor(t, func(w http.ResponseWriter, _ *http.Request) {
		if first {
			first = false
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = w.Write([]byte(`{"answer":"yes"}`))
	})
	waits := &clock{}
	if _, err := newTestClient(t, v.URL, Config{Sleep: waits.sleep}).Wait(t.Context(), 1, ServiceSupport); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]time.Duration{30 * time.Second, 90 * time.Second}, waits.slept()); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
}

func TestWaitEnds(t *testing.T) {
	t.Parallel()
	t.Run("after the longest wait", func(t *testing.T) {
		t.Parallel()
		v := newVendor(t, answers(`200 {"incoming_message_id":7}`, `200 {"answer":null}`))
		waits := &clock{}
		c := newTestClient(t, v.URL, Config{Sleep: waits.sleep, MaxWait: time.Minute})
		answer, err := c.SendAndWait(t.Context(), message())
		if e := asError(t, err); !errors.Is(err, ErrNotReady) || !e.Temporary() || e.Wire() || answer.MessageID != 7 {
			t.Errorf("got %v, %v, want ErrNotReady and the message's id", answer, err)
		}
		// The last wait is cut so that the bound is used in full.
		want := []time.Duration{30 * time.Second, 10 * time.Second, 15 * time.Second, 5 * time.Second}
		if diff := cmp.Diff(want, waits.slept()); diff != "" {
			t.Errorf("waits (-want +got):\n%s", diff)
		}
	})
	t.Run("with the context", func(t *testing.T) {
		t.Parallel()
		v := newVendor(t, answers(`200 {"incoming_message_id":7}`, `503 {"error":"busy"}`))
		waits := &clock{stopAfter: 3}
		c := newTestClient(t, v.URL, Config{Sleep: waits.sleep, MaxRetries: -1, MaxWait: -1})
		answer, err := c.SendAndWait(t.Context(), message())
		asError(t, err)
		if !errors.Is(err, context.Canceled) || answer.MessageID != 7 || !strings.Contains(err.Error(), "status 503: busy") {
			t.Errorf("got %v, %v, want the context's error, the last failure and the message's id", answer, err)
		}
	})
	t.Run("on a final error", func(t *testing.T) {
		t.Parallel()
		v := newVendor(t, answers(`200 {"incoming_message_id":7}`, `403 {"error":"not yours"}`))
		answer, err := newTestClient(t, v.URL, Config{}).SendAndWait(t.Context(), message())
		if e := asError(t, err); e.Status != 403 || !e.Wire() || answer.MessageID != 7 || len(v.seen()) != 2 {
			t.Errorf("got %v, %v after %d calls, want the 403 at once", answer, err, len(v.seen()))
		}
	})
	t.Run("never sent", func(t *testing.T) {
		t.Parallel()
		v := newVendor(t, answers("401 {}"))
		answer, err := newTestClient(t, v.URL, Config{}).SendAndWait(t.Context(), message())
		if e := asError(t, err); e.Status != 401 || answer != (Answer{}) || len(v.seen()) != 1 {
			t.Errorf("got %v, %v, want the 401", answer, err)
		}
	})
	t.Run("on the system's clock", func(t *testing.T) {
		t.Parallel()
		v := newVendor(t, answers(`200 {"incoming_message_id":7}`, `200 {"answer":"yes"}`))
		ctx, cancel := context.WithCancel(t.Context())
		c := newTestClient(t, v.URL, Config{Sleep: func(ctx context.Context, d time.Duration) error {
			cancel()
			return wire.Sleep(ctx, d)
		}})
		if _, err := c.SendAndWait(ctx, message()); !errors.Is(err, context.Canceled) {
			t.Errorf("canceled while waiting: got %v", err)
		}
		quick := newTestClient(t, v.URL, Config{FirstPoll: time.Millisecond, Sleep: wire.Sleep})
		if answer, err := quick.Wait(t.Context(), 7, ServiceSupport); answer.Text != "yes" || err != nil {
			t.Errorf("got %v, %v", answer, err)
		}
	})
}
