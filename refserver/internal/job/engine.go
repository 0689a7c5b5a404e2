package job

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/parley-contracts/parley/refserver/internal/store"
)

// engine is the queue on one kind of database.
type engine interface {
	// insert adds a job in tx that runs at the time given, or at once when
	// that is zero or past.
	insert(ctx context.Context, tx *store.Tx, args river.JobArgs, now, at time.Time) error
	// complete ends the running job in tx.
	complete(ctx context.Context, tx *store.Tx, row *rivertype.JobRow) error
	start(ctx context.Context) error
	// stop ends the work: it waits for running jobs until ctx is done and
	// cancels those that are left, which makes them available again.
	stop(ctx context.Context) error
	operable
}

// newEngine makes the queue on the store's kind of database.
func newEngine(ctx context.Context, s *store.Store, config *river.Config) (engine, error) {
	if s.Postgres() != nil {
		return newPostgresEngine(ctx, s, config)
	}
	return newSQLiteEngine(ctx, s, config)
}

// schedulerInterval is how often River looks for scheduled jobs that fall due.
// A job due sooner than that is made available at once with its time in the
// future, as River's own scheduler does for the interval ahead of it; else it
// could start up to an interval late.
const schedulerInterval = 5 * time.Second

// riverEngine is an engine over River with the transactions of driver type T.
type riverEngine[T any] struct {
	client *river.Client[T]
	// driverTx finds the driver's transaction.
	driverTx func(*store.Tx) T
	// completeTx is river.JobCompleteTx for the driver.
	completeTx func(context.Context, T, *river.Job[anyArgs]) (*river.Job[anyArgs], error)
	// makeAvailable moves a job that is scheduled or retryable ahead, its time
	// kept.
	makeAvailable func(ctx context.Context, tx T, jobID int64) error
}

// anyArgs stands in for the arguments where River wants a typed job.
type anyArgs struct{}

// Kind is never inserted.
func (anyArgs) Kind() string { return "any" }

func (e *riverEngine[T]) insert(ctx context.Context, tx *store.Tx, args river.JobArgs, now, at time.Time) error {
	var opts *river.InsertOpts
	later := at.After(now)
	if later {
		opts = &river.InsertOpts{ScheduledAt: at}
	}
	inserted, err := e.client.InsertTx(ctx, e.driverTx(tx), args, opts)
	if err == nil && later && at.Sub(now) <= schedulerInterval {
		err = e.makeAvailable(ctx, e.driverTx(tx), inserted.Job.ID)
	}
	if err != nil {
		return fmt.Errorf("insert job %s: %w", args.Kind(), err)
	}
	return nil
}

func (e *riverEngine[T]) complete(ctx context.Context, tx *store.Tx, row *rivertype.JobRow) error {
	if _, err := e.completeTx(ctx, e.driverTx(tx), &river.Job[anyArgs]{JobRow: row}); err != nil {
		return fmt.Errorf("complete job %d: %w", row.ID, err)
	}
	return nil
}

func (e *riverEngine[T]) start(ctx context.Context) error { return e.client.Start(ctx) }

func (e *riverEngine[T]) stop(ctx context.Context) error {
	if err := e.client.Stop(ctx); err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := e.client.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}

// stopTimeout bounds the wait for cancelled jobs to return.
const stopTimeout = 5 * time.Second
