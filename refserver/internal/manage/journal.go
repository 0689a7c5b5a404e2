package manage

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

const (
	// journalQueue is how many exchanges may wait to be written.
	journalQueue = 4096
	// journalBatch is how many are written in one transaction.
	journalBatch = 256
	// journalDelay is how long an exchange waits for others to share its
	// transaction: one of its own each would slow down those who accept messages.
	journalDelay = 50 * time.Millisecond
)

// Journal writes down what the vendors' operations received, behind their
// backs: it never holds a response up, and counts what it could not write.
type Journal struct {
	store  *store.Store
	clock  Clock
	logger *slog.Logger
	keep   int

	entries chan domain.Exchange
	flushes chan chan error
	closing chan struct{}
	done    chan struct{}
	dropped atomic.Int64
}

// NewJournal starts a journal that keeps so many exchanges. Close it before the
// store.
func NewJournal(s *store.Store, clock Clock, logger *slog.Logger, keep int) *Journal {
	j := &Journal{
		store: s, clock: clock, logger: logger, keep: keep,
		entries: make(chan domain.Exchange, journalQueue), flushes: make(chan chan error),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	go j.run()
	return j
}

// Dropped counts the exchanges that were not written since the start.
func (j *Journal) Dropped() int64 { return j.dropped.Load() }

// add takes an exchange, unless too many wait.
func (j *Journal) add(e domain.Exchange) {
	select {
	case j.entries <- e:
	default:
		j.dropped.Add(1)
	}
}

// errJournalClosed is what Flush returns after Close.
var errJournalClosed = errors.New("the journal is closed")

// Flush writes what waits, so that the next read sees it.
func (j *Journal) Flush(ctx context.Context) error {
	reply := make(chan error, 1)
	select {
	case j.flushes <- reply:
	case <-j.done:
		return errJournalClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-reply:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close writes what waits and ends the journal. Nothing may be added after it
// or at the same time. A second call panics.
func (j *Journal) Close() {
	close(j.closing)
	<-j.done
}

func (j *Journal) run() {
	defer close(j.done)
	for {
		select {
		case first := <-j.entries:
			j.gather(first)
		case reply := <-j.flushes:
			reply <- j.writeAll(nil)
		case <-j.closing:
			// Its failure was logged and counted.
			_ = j.writeAll(nil)
			return
		}
	}
}

// gather waits a little for others to write with the first.
func (j *Journal) gather(first domain.Exchange) {
	batch := append(make([]domain.Exchange, 0, journalBatch), first)
	timer := time.NewTimer(journalDelay)
	defer timer.Stop()
	for len(batch) < journalBatch {
		select {
		case e := <-j.entries:
			batch = append(batch, e)
			continue
		case reply := <-j.flushes:
			reply <- j.writeAll(batch)
			return
		case <-timer.C:
		case <-j.closing:
		}
		break
	}
	_ = j.write(batch) // was logged and counted
}

// writeAll writes the batch and what waits.
func (j *Journal) writeAll(batch []domain.Exchange) error {
	var errs []error
	for {
		for len(batch) < journalBatch {
			select {
			case e := <-j.entries:
				batch = append(batch, e)
				continue
			default:
			}
			break
		}
		if len(batch) == 0 {
			return errors.Join(errs...)
		}
		errs = append(errs, j.write(batch))
		batch = batch[:0]
	}
}

func (j *Journal) write(batch []domain.Exchange) error {
	// The store bounds the time of a transaction; the requests are over.
	ctx := context.Background()
	err := j.store.Write(ctx, func(tx *store.Tx) error { return tx.InsertExchanges(ctx, batch, j.keep) })
	if err != nil {
		j.dropped.Add(int64(len(batch)))
		j.logger.ErrorContext(ctx, "journal not written", slog.Int("exchanges", len(batch)), slog.String("error", err.Error()))
	}
	return err
}
