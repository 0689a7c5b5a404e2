package refserver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/clock"
	"github.com/parley-contracts/parley/refserver/internal/outbound"
)

// NewVirtualClock returns a clock for Config.Clock that stands at start and
// moves by Server.Advance alone. It serves one Server.
func NewVirtualClock(start time.Time) Clock { return clock.Still(start) }

// NewRunningClock returns a clock for Config.Clock that runs as the system's
// does, and that Server.Advance moves ahead besides. It serves one Server.
func NewRunningClock() Clock { return clock.Running(time.Now) }

// ErrSystemClock is what Advance returns for a Server whose clock is not one of
// NewVirtualClock or NewRunningClock.
var ErrSystemClock = errors.New("the clock is the system's: give the server a virtual one")

// virtual is the clock if it can be moved.
func (s *Server) virtual() (*clock.Virtual, bool) {
	v, ok := s.config.Clock.(*clock.Virtual)
	return v, ok
}

func (s *Server) clockIsVirtual() bool {
	_, ok := s.virtual()
	return ok
}

// perDestination is the protection of receivers. It counts in the system's time,
// so with a virtual clock there is none: an open circuit would hold deliveries
// back for a time that never passes.
func (s *Server) perDestination() *outbound.PerDestination {
	if s.clockIsVirtual() {
		return nil
	}
	return &outbound.PerDestination{}
}

// Advance lets time pass: it moves the clock from one job that falls due to the
// next and waits for each with what it leads to, callbacks and their receivers
// included, until d has passed and nothing is due any more. A day takes as long
// as the work in it. Before Start and after Close it moves the clock only.
//
// It fails when the clock is not virtual, when d is negative, and when ctx ends,
// with the clock where it got to. Calls take turns.
func (s *Server) Advance(ctx context.Context, d time.Duration) error {
	v, ok := s.virtual()
	if !ok {
		return fmt.Errorf("advance: %w", ErrSystemClock)
	}
	if d < 0 {
		return fmt.Errorf("advance %v: time does not go back", d)
	}
	s.supervision.advancing.Lock()
	defer s.supervision.advancing.Unlock()
	target := v.Now().Add(d)
	if !s.queue.Started() {
		v.MoveTo(target)
		return nil
	}
	for {
		if err := s.queue.Settle(ctx); err != nil {
			return fmt.Errorf("advance: %w", err)
		}
		next, err := s.queue.NextDue(ctx)
		if err != nil {
			return fmt.Errorf("advance: %w", err)
		}
		if next.IsZero() || next.After(target) {
			break
		}
		v.MoveTo(next)
	}
	v.MoveTo(target)
	return nil
}

// Settle waits until nothing is due: what was accepted is answered and its
// callbacks are made, but for what waits for its time. It needs a started
// server, and fails when ctx ends.
func (s *Server) Settle(ctx context.Context) error {
	if !s.queue.Started() {
		return errNotStarted
	}
	return s.queue.Settle(ctx)
}
