package outbound

import (
	"errors"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"
)

// maxDestinations bounds what is remembered of destinations, whose names come
// from outside. Beyond it the one unused for longest is forgotten, which
// closes its circuit.
const maxDestinations = 4096

// busyFor is when to come back to a destination that is saturated or being
// probed: about the time that one attempt takes.
const busyFor = time.Second

// health is what an attempt told about its destination.
type health int

const (
	healthUnknown health = iota // ended by the caller, or nothing sent
	healthUp
	healthDown
)

var errDown = errors.New("destination is down")

// destinations keeps the state of each destination.
type destinations struct {
	limits PerDestination

	mu     sync.Mutex
	states map[string]*destination
}

// destination is guarded by the mutex of destinations, the hook of the breaker
// included, since the breaker is only called with it held.
type destination struct {
	breaker   *gobreaker.TwoStepCircuitBreaker[struct{}]
	openUntil time.Time
	inFlight  int
	lastUsed  time.Time
}

func newDestinations(limits PerDestination) *destinations {
	return &destinations{limits: limits, states: make(map[string]*destination)}
}

// acquire asks for one attempt. When it is granted, release must be called
// with what the attempt told; otherwise the deferral says why and for how long.
func (ds *destinations) acquire(key string) (release func(health), deferral Attempt) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	now := time.Now()
	d := ds.get(key)
	d.lastUsed = now
	if d.inFlight >= ds.limits.InFlight {
		return nil, Attempt{Outcome: OutcomeDeferred, Reason: "enough attempts to the destination are running", RetryAfter: busyFor}
	}
	done, err := d.breaker.Allow()
	if err != nil {
		wait := max(d.openUntil.Sub(now), 0)
		if errors.Is(err, gobreaker.ErrTooManyRequests) || wait == 0 {
			wait = busyFor
		}
		return nil, Attempt{Outcome: OutcomeDeferred, Reason: "circuit open after failures in a row", RetryAfter: wait}
	}
	d.inFlight++
	return func(h health) {
		ds.mu.Lock()
		defer ds.mu.Unlock()
		d.inFlight--
		d.lastUsed = time.Now()
		switch h {
		case healthUp:
			done(nil)
		case healthDown:
			done(errDown)
		default:
			done(errUnknown)
		}
	}, Attempt{}
}

var errUnknown = errors.New("nothing learnt about the destination")

func (ds *destinations) get(key string) *destination {
	if d, ok := ds.states[key]; ok {
		return d
	}
	if len(ds.states) >= maxDestinations {
		ds.forgetOldest()
	}
	d := &destination{}
	d.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     ds.limits.OpenFor,
		ReadyToTrip: func(c gobreaker.Counts) bool { return int64(c.ConsecutiveFailures) >= int64(ds.limits.Failures) },
		IsExcluded:  func(err error) bool { return errors.Is(err, errUnknown) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				d.openUntil = time.Now().Add(ds.limits.OpenFor)
			}
		},
	})
	ds.states[key] = d
	return d
}

// forgetOldest drops the destination that is unused for longest. One with a
// running attempt stays, so the bound may be passed by as many as are running.
func (ds *destinations) forgetOldest() {
	oldest := ""
	for key, d := range ds.states {
		if d.inFlight == 0 && (oldest == "" || d.lastUsed.Before(ds.states[oldest].lastUsed)) {
			oldest = key
		}
	}
	delete(ds.states, oldest)
}
