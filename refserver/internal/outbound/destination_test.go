package outbound

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestCircuitOpensAndCloses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ds := newDestinations(PerDestination{Failures: 3, OpenFor: 30 * time.Second, InFlight: 8})
		attempt := func(h health) Attempt {
			release, deferral := ds.acquire("a")
			if release != nil {
				release(h)
			}
			return deferral
		}
		attempt(healthDown)
		attempt(healthDown)
		attempt(healthUp) // ends the row
		attempt(healthDown)
		attempt(healthDown)
		attempt(healthUnknown) // tells nothing
		if got := attempt(healthDown); got.Outcome != "" {
			t.Fatalf("third failure in a row: got %+v, want granted", got)
		}
		time.Sleep(10 * time.Second)
		if got := attempt(healthUp); got.Outcome != OutcomeDeferred || got.RetryAfter != 20*time.Second {
			t.Errorf("open circuit: got %+v, want deferred for 20s", got)
		}
		if release, _ := ds.acquire("b"); release == nil {
			t.Error("another destination: got deferred")
		}
		time.Sleep(21 * time.Second)
		release, _ := ds.acquire("a")
		if release == nil {
			t.Fatal("probe: got deferred")
		}
		if got := attempt(healthUp); got.Outcome != OutcomeDeferred || got.RetryAfter != busyFor {
			t.Errorf("beside the probe: got %+v, want deferred for %v", got, busyFor)
		}
		release(healthDown)
		if got := attempt(healthUp); got.Outcome != OutcomeDeferred || got.RetryAfter != 30*time.Second {
			t.Errorf("after a failed probe: got %+v, want deferred for 30s", got)
		}
		time.Sleep(31 * time.Second)
		attempt(healthUp)
		for range 5 {
			if got := attempt(healthUp); got.Outcome != "" {
				t.Errorf("closed again: got %+v, want granted", got)
			}
		}
	})
}

func TestCircuitOverSockets(t *testing.T) {
	t.Parallel()
	var status atomic.Int64
	status.Store(404)
	r := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) })
	c := newClient(t, Config{AllowPrivate: true, PerDestination: &PerDestination{}})
	for range 10 { // a receiver that says no is up
		if got := c.Post(t.Context(), Request{URL: r.URL}); got.Outcome != OutcomeRetry {
			t.Fatalf("status 404: got %+v, want retry", got)
		}
	}
	status.Store(500)
	for range 5 {
		if got := c.Post(t.Context(), Request{URL: r.URL}); got.Outcome != OutcomeRetry {
			t.Fatalf("status 500: got %+v, want retry", got)
		}
	}
	before := r.requests.Load()
	got := c.Post(t.Context(), Request{URL: r.URL + "/other"})
	if got.Outcome != OutcomeDeferred || got.RetryAfter <= 0 || got.RetryAfter > 30*time.Second {
		t.Errorf("after 5 failures: got %+v, want deferred", got)
	}
	if r.requests.Load() != before {
		t.Error("a deferred attempt reached the receiver")
	}
}

func TestCallerEndingIsNoFailure(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	r := newReceiver(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" {
			arrived <- struct{}{}
			<-r.Context().Done()
		}
	})
	c := newClient(t, Config{AllowPrivate: true, PerDestination: &PerDestination{Failures: 1}})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	c.Post(ctx, Request{URL: r.URL + "/hang"})
	if got := c.Post(t.Context(), Request{URL: r.URL}); got.Outcome != OutcomeDelivered {
		t.Errorf("got %+v, want delivered", got)
	}
}

func TestInFlight(t *testing.T) {
	t.Parallel()
	arrived, goOn := make(chan struct{}), make(chan struct{})
	r := newReceiver(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-goOn
	})
	c := newClient(t, Config{AllowPrivate: true, PerDestination: &PerDestination{InFlight: 2}})
	var running sync.WaitGroup
	for range 2 {
		running.Go(func() {
			if got := c.Post(t.Context(), Request{URL: r.URL}); got.Outcome != OutcomeDelivered {
				t.Errorf("running: got %+v, want delivered", got)
			}
		})
		<-arrived
	}
	if got := c.Post(t.Context(), Request{URL: r.URL}); got.Outcome != OutcomeDeferred || got.RetryAfter != busyFor || got.Reason == "" {
		t.Errorf("third at once: got %+v, want deferred", got)
	}
	close(goOn)
	running.Wait()
	go func() { <-arrived }()
	if got := c.Post(t.Context(), Request{URL: r.URL}); got.Outcome != OutcomeDelivered {
		t.Errorf("afterwards: got %+v, want delivered", got)
	}
}

func TestDestinationsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ds := newDestinations(PerDestination{Failures: 1, OpenFor: time.Hour, InFlight: 1})
		running, _ := ds.acquire("running")
		for i := range maxDestinations + 50 {
			time.Sleep(time.Millisecond)
			release, _ := ds.acquire(fmt.Sprint(i))
			release(healthUp)
		}
		if got := len(ds.states); got > maxDestinations {
			t.Errorf("got %d destinations, want at most %d", got, maxDestinations)
		}
		if again, _ := ds.acquire("running"); again != nil {
			t.Error("a destination with a running attempt was forgotten")
		}
		running(healthUp)
	})
}
