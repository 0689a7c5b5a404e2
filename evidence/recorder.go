package evidence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
)

// Keeper stores redacted exchanges. A recorder calls it from one goroutine.
type Keeper interface {
	// Keep stores one exchange. An error is counted and logged; the recorder
	// goes on with the next exchange.
	Keep(x Exchange) error
	// Flush makes what was kept visible to readers. The recorder calls it
	// whenever it has nothing more to do, and last of all at its end.
	Flush() error
}

// RecorderConfig configures a Recorder.
type RecorderConfig struct {
	// Keepers store the exchanges, each one every exchange. At least one.
	Keepers []Keeper
	// Redactor is applied before any keeper sees an exchange.
	Redactor Redactor
	// QueueLength is how many exchanges may wait. Default 1024.
	QueueLength int
	// QueueBytes is how many bytes of bodies may wait. Default 64 MiB.
	QueueBytes int64
	// IDs names exchanges that come without an ID. Default NewIDs(nil, nil).
	IDs *IDs
	// Logger hears of keepers' errors. Default none.
	Logger *slog.Logger
}

// RecorderStats counts what became of the exchanges given to a recorder:
// Offered is Recorded + Failed + Dropped once it is closed.
type RecorderStats struct {
	// Offered is how many exchanges were given to the recorder.
	Offered int64
	// Recorded is how many every keeper took.
	Recorded int64
	// Failed is how many a keeper gave an error for.
	Failed int64
	// Dropped is how many found the queue full, or came after the end.
	Dropped int64
}

// Recorder hands exchanges to its keepers without ever holding the caller: an
// exchange that finds the queue full is dropped and counted. It is safe for
// concurrent use. Close it to keep what still waits.
type Recorder struct {
	config RecorderConfig
	queue  chan Exchange
	done   chan struct{}
	closer sync.Once

	mu     sync.RWMutex // held for reading while an exchange is offered
	closed bool

	flushErr error // of the last flush that did not work; owned by run until done

	waiting                            atomic.Int64
	offered, recorded, failed, dropped atomic.Int64
}

// NewRecorder starts a recorder. It fails without a keeper.
func NewRecorder(config RecorderConfig) (*Recorder, error) {
	if len(config.Keepers) == 0 {
		return nil, errors.New("recorder without keepers: give at least one, such as NewLines")
	}
	if config.QueueLength <= 0 {
		config.QueueLength = 1024
	}
	if config.QueueBytes <= 0 {
		config.QueueBytes = 64 << 20
	}
	if config.IDs == nil {
		config.IDs = NewIDs(nil, nil)
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	r := &Recorder{
		config: config,
		queue:  make(chan Exchange, config.QueueLength),
		done:   make(chan struct{}),
	}
	go r.run()
	return r, nil
}

// Exchange offers an exchange. It returns at once.
func (r *Recorder) Exchange(x Exchange) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	r.offered.Add(1)
	if x.ID == "" {
		x.ID = r.config.IDs.Next()
	}
	size := bodyBytes(&x)
	if r.closed || r.waiting.Add(size) > r.config.QueueBytes {
		if !r.closed {
			r.waiting.Add(-size)
		}
		r.dropped.Add(1)
		return
	}
	select {
	case r.queue <- x:
	default:
		r.waiting.Add(-size)
		r.dropped.Add(1)
	}
}

// Stats returns the counts so far.
func (r *Recorder) Stats() RecorderStats {
	return RecorderStats{
		Offered: r.offered.Load(), Recorded: r.recorded.Load(),
		Failed: r.failed.Load(), Dropped: r.dropped.Load(),
	}
}

// Close keeps what waits, flushes the keepers and returns the final counts.
// When ctx ends first, what still waits is counted as dropped and the error
// says so; a keeper that hangs is then left to itself. The error also says
// that exchanges were dropped or failed before, or that a flush did not work. Further calls return the same
// counts. Keepers are not closed.
func (r *Recorder) Close(ctx context.Context) (RecorderStats, error) {
	r.closer.Do(func() {
		r.mu.Lock()
		r.closed = true
		r.mu.Unlock()
		close(r.queue)
	})
	var err error
	select {
	case <-r.done:
		err = r.flushErr
	case <-ctx.Done():
		r.abandon()
		err = fmt.Errorf("close recorder: %w", context.Cause(ctx))
	}
	stats := r.Stats()
	if lost := stats.Dropped + stats.Failed; lost > 0 {
		err = errors.Join(err, fmt.Errorf("recording is incomplete: %d of %d exchanges were dropped, %d failed",
			stats.Dropped, stats.Offered, stats.Failed))
	}
	return stats, err
}

// abandon empties the queue, counting what it held.
func (r *Recorder) abandon() {
	for range r.queue {
		r.dropped.Add(1)
	}
}

// run keeps exchanges until the queue is closed and empty.
func (r *Recorder) run() {
	defer close(r.done)
	for {
		select {
		case x, open := <-r.queue:
			if !open {
				r.flush()
				return
			}
			r.keep(x)
		default:
			r.flush()
			x, open := <-r.queue
			if !open {
				return
			}
			r.keep(x)
		}
	}
}

// keep redacts one exchange and gives it to every keeper.
func (r *Recorder) keep(x Exchange) {
	defer r.waiting.Add(-bodyBytes(&x))
	redacted := r.config.Redactor.Redact(x)
	var errs []error
	for _, k := range r.config.Keepers {
		if err := k.Keep(redacted); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		r.failed.Add(1)
		r.config.Logger.Error("keep exchange", "exchange", x.ID, "error", err)
		return
	}
	r.recorded.Add(1)
}

// flush flushes every keeper.
func (r *Recorder) flush() {
	for _, k := range r.config.Keepers {
		if err := k.Flush(); err != nil {
			r.flushErr = err
			r.config.Logger.Error("flush recording", "error", err)
		}
	}
}

// bodyBytes is what an exchange's bodies weigh while it waits.
func bodyBytes(x *Exchange) int64 {
	n := int64(len(x.Request.Body))
	if x.Response != nil {
		n += int64(len(x.Response.Body))
	}
	return n
}
