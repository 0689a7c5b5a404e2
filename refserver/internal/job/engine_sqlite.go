package job

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/parley-contracts/parley/refserver/internal/store"
)

// newSQLiteEngine brings River's tables up to date, takes over what a dead
// process left and makes the client. River shares the connection that writes: a
// second one would lose the fight for SQLite's lock.
func newSQLiteEngine(ctx context.Context, s *store.Store, config *river.Config) (engine, error) {
	driver := riversqlite.New(s.SQLite())
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: config.Logger})
	if err != nil {
		return nil, fmt.Errorf("read the queue's migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("migrate the queue: %w", err)
	}
	if err := takeOver(ctx, s); err != nil {
		return nil, err
	}
	client, err := river.NewClient(driver, config)
	if err != nil {
		return nil, fmt.Errorf("make the queue's client: %w", err)
	}
	return &riverEngine[*sql.Tx]{
		client:     client,
		driverTx:   func(tx *store.Tx) *sql.Tx { return tx.SQLite },
		completeTx: river.JobCompleteTx[*riversqlite.Driver, *sql.Tx, anyArgs],
		makeAvailable: func(ctx context.Context, tx *sql.Tx, jobID int64) error {
			_, err := tx.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE id = $1 AND state IN ('scheduled', 'retryable')", jobID)
			return err
		},
	}, nil
}

// takeOver makes the running jobs of a dead process available and ends its
// leadership. Only the lock file makes this right: its holder knows that no
// other process is alive. Without it jobs would wait for River's rescuer and
// scheduled ones for the dead leader's term to end, about 20 seconds.
func takeOver(ctx context.Context, s *store.Store) error {
	err := s.Write(ctx, func(tx *store.Tx) error {
		for _, statement := range []string{
			"UPDATE river_job SET state = 'available' WHERE state = 'running'",
			"DELETE FROM river_leader",
		} {
			if _, err := tx.SQLite.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take over the jobs of the last process: %w", err)
	}
	return nil
}
