package job

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/parley-contracts/parley/refserver/internal/store"
)

// postgresEngine is the queue on a database that several nodes share: River's
// client, and the node's lease that has others take over its jobs when it dies.
type postgresEngine struct {
	*riverEngine[pgx.Tx]
	node *node
}

// newPostgresEngine brings River's tables up to date, one node after the other,
// and makes the client.
func newPostgresEngine(ctx context.Context, s *store.Store, config *river.Config) (engine, error) {
	driver := riverpgxv5.New(s.Postgres())
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: config.Logger})
	if err != nil {
		return nil, fmt.Errorf("read the queue's migrations: %w", err)
	}
	err = s.Alone(ctx, func() error {
		_, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("migrate the queue: %w", err)
	}
	// The id is new at every start: a process that took the id of the one
	// before it would keep the lease of that one's jobs alive.
	config.ID = rand.Text()
	client, err := river.NewClient(driver, config)
	if err != nil {
		return nil, fmt.Errorf("make the queue's client: %w", err)
	}
	return &postgresEngine{
		riverEngine: &riverEngine[pgx.Tx]{
			client:     client,
			driverTx:   func(tx *store.Tx) pgx.Tx { return tx.Postgres },
			completeTx: river.JobCompleteTx[*riverpgxv5.Driver, pgx.Tx, anyArgs],
			makeAvailable: func(ctx context.Context, tx pgx.Tx, jobID int64) error {
				_, err := tx.Exec(ctx, "UPDATE river_job SET state = 'available' WHERE id = $1 AND state IN ('scheduled', 'retryable')", jobID)
				return err
			},
		},
		node: &node{id: config.ID, pool: s.Postgres(), logger: config.Logger},
	}, nil
}

// start takes the lease before the first job can run under it.
func (e *postgresEngine) start(ctx context.Context) error {
	if err := e.node.start(ctx); err != nil {
		return err
	}
	if err := e.riverEngine.start(ctx); err != nil {
		return errors.Join(err, e.node.stop(ctx))
	}
	return nil
}

// stop gives the lease back last: while jobs run, nobody else may take them.
func (e *postgresEngine) stop(ctx context.Context) error {
	return errors.Join(e.riverEngine.stop(ctx), e.node.stop(ctx))
}
