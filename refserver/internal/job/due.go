package job

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/parley-contracts/parley/refserver/internal/store"
)

// settleInterval is how often Settle looks. Nothing tells when the last of
// several jobs has ended, each of which may insert another.
const settleInterval = 2 * time.Millisecond

// duePage is how many jobs that fell due are moved on at a time.
const duePage = 100

// operable is the part of an engine that those use who watch over it.
type operable interface {
	// list returns the jobs in these states that are due first.
	list(ctx context.Context, limit int, states ...rivertype.JobState) ([]*rivertype.JobRow, error)
	// release makes a job available that waits for its time. One that the
	// scheduler was faster with, and that may have run since, stays as it is.
	release(ctx context.Context, tx *store.Tx, id int64) error
	// dashboard is River's pages about its jobs below a path.
	dashboard(prefix string, logger *slog.Logger) (Dashboard, error)
}

// unfinished are the states of jobs that wait or run.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStateRetryable, rivertype.JobStateScheduled, rivertype.JobStateRunning,
}

// Settle waits until no job runs and none is due, or until ctx ends. Between
// Start and Stop alone does it get anywhere.
func (q *Queue) Settle(ctx context.Context) error {
	tick := time.NewTicker(settleInterval)
	defer tick.Stop()
	for {
		next, err := q.NextDue(ctx)
		if err != nil || next.IsZero() || next.After(q.Clock.Now()) {
			return err
		}
		// A stopped clock does not fire the timers of the scheduler's.
		if err := q.makeDueAvailable(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for jobs: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// NextDue is the time of the job that is due first, those that run among them;
// zero when none waits or runs.
func (q *Queue) NextDue(ctx context.Context) (time.Time, error) {
	jobs, err := q.engine.list(ctx, 1, unfinished...)
	if err != nil || len(jobs) == 0 {
		return time.Time{}, err
	}
	return jobs[0].ScheduledAt, nil
}

// makeDueAvailable does what River's scheduler does every few seconds.
func (q *Queue) makeDueAvailable(ctx context.Context) error {
	for {
		jobs, err := q.engine.list(ctx, duePage, rivertype.JobStateScheduled, rivertype.JobStateRetryable)
		if err != nil {
			return err
		}
		now := q.Clock.Now()
		due := jobs[:0]
		for _, j := range jobs {
			if !j.ScheduledAt.After(now) {
				due = append(due, j)
			}
		}
		if len(due) == 0 {
			return nil
		}
		err = q.Store.Write(ctx, func(tx *store.Tx) error {
			for _, j := range due {
				if err := q.engine.release(ctx, tx, j.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

func (e *riverEngine[T]) list(ctx context.Context, limit int, states ...rivertype.JobState) ([]*rivertype.JobRow, error) {
	result, err := e.client.JobList(ctx, river.NewJobListParams().States(states...).
		OrderBy(river.JobListOrderByScheduledAt, river.SortOrderAsc).First(limit))
	if err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	return result.Jobs, nil
}

func (e *riverEngine[T]) release(ctx context.Context, tx *store.Tx, id int64) error {
	if err := e.makeAvailable(ctx, e.driverTx(tx), id); err != nil {
		return fmt.Errorf("make job %d available: %w", id, err)
	}
	return nil
}
