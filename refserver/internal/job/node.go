package job

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// beat is how often a node renews its lease and looks for dead nodes.
	beat = 2 * time.Second
	// lease is how long a node counts as alive after a beat. It bears three
	// beats that fail. Together with beat it bounds how long the jobs of a
	// killed node wait: 10 seconds.
	lease = 8 * time.Second
	// beatTimeout bounds one beat, waiting for its connection included.
	beatTimeout = beat
)

// node keeps the lease of this process in the table nodes and takes over what
// nodes left whose lease has ended. All times are the database's, so that the
// clocks of the nodes need not agree.
//
// A node that is alive but could not renew its lease, because it was suspended,
// say, loses its jobs too, and goes on with them when it wakes up. That is no
// harm: what a job leads to is written only if nobody has written it before,
// and an attempt that is made twice carries the same delivery id.
type node struct {
	id     string
	pool   *pgxpool.Pool
	logger *slog.Logger

	// conns holds the one connection for beats: they must not wait while the
	// work fills the pool.
	conns  *pgxpool.Pool
	cancel context.CancelFunc
	done   chan struct{}

	// renewed is when the last beat succeeded, zero before the first. Only one
	// goroutine beats.
	renewed time.Time
	// holdOff is until when this node takes nothing over; see beat.
	holdOff time.Time
}

// start takes the lease and keeps it until stop.
func (n *node) start(ctx context.Context) error {
	config := n.pool.Config()
	config.MaxConns, config.MinConns, config.MinIdleConns = 1, 0, 0
	conns, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect the node: %w", err)
	}
	n.conns = conns
	if err := n.beat(ctx); err != nil {
		conns.Close()
		return fmt.Errorf("take the lease of the node: %w", err)
	}
	ctx, n.cancel = context.WithCancel(ctx)
	n.done = make(chan struct{})
	go n.run(ctx)
	return nil
}

func (n *node) run(ctx context.Context) {
	defer close(n.done)
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := n.beat(ctx); err != nil && ctx.Err() == nil {
			n.logger.LogAttrs(ctx, slog.LevelWarn, "lease not renewed", slog.String("node", n.id), slog.String("error", err.Error()))
		}
	}
}

// stop gives the lease back, so that nobody waits for it to end.
func (n *node) stop(ctx context.Context) error {
	n.cancel()
	<-n.done
	defer n.conns.Close()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), beatTimeout)
	defer cancel()
	if _, err := n.conns.Exec(ctx, "DELETE FROM nodes WHERE id = $1", n.id); err != nil {
		return fmt.Errorf("give back the lease of the node: %w", err)
	}
	return nil
}

// beat renews the lease and takes over what the dead left. A node whose own
// lease had ended, as after an outage of the database, first gives the others
// time to renew theirs: they are cut off, not dead.
func (n *node) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	const renew = `INSERT INTO nodes (id, started_at, seen_at) VALUES ($1, clock_timestamp(), clock_timestamp())
		ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()`
	if _, err := n.conns.Exec(ctx, renew, n.id); err != nil {
		return err
	}
	now := time.Now()
	if !n.renewed.IsZero() && now.Sub(n.renewed) > lease {
		n.holdOff = now.Add(2 * beat)
	}
	n.renewed = now
	if now.Before(n.holdOff) {
		return nil
	}
	jobs, led, err := n.takeOver(ctx)
	if err == nil && (jobs > 0 || led) {
		n.logger.LogAttrs(ctx, slog.LevelWarn, "took over from a dead node",
			slog.String("node", n.id), slog.Int64("jobs", jobs), slog.Bool("led", led))
	}
	return err
}

// The statements of takeOver. A job belongs to the node that took it last. A row
// that another node is changing at the moment is left to it.
const (
	forgetTheDead = `DELETE FROM nodes WHERE seen_at < clock_timestamp() - make_interval(secs => $1)`

	releaseJobs = `UPDATE river_job SET state = 'available' WHERE id IN (
		SELECT id FROM river_job WHERE state = 'running'
			AND NOT EXISTS (SELECT FROM nodes WHERE nodes.id = river_job.attempted_by[array_upper(river_job.attempted_by, 1)])
		FOR UPDATE SKIP LOCKED)`

	endLeadership = `DELETE FROM river_leader WHERE leader_id NOT IN (SELECT id FROM nodes)`

	// tellFollowers has them elect a new leader at once, as the notification of
	// a leader that resigns does. Scheduled jobs and retries wait for one.
	tellFollowers = `SELECT pg_notify(concat(current_schema(), '.river_leadership'), '{"action": "resigned", "leader_id": "dead"}')`
)

// takeOver makes the jobs of dead nodes available and ends their leadership. It
// reports how many there were and whether a dead node led.
func (n *node) takeOver(ctx context.Context) (jobs int64, led bool, err error) {
	err = pgx.BeginFunc(ctx, n.conns, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, forgetTheDead, lease.Seconds()); err != nil {
			return err
		}
		released, err := tx.Exec(ctx, releaseJobs)
		if err != nil {
			return err
		}
		ended, err := tx.Exec(ctx, endLeadership)
		if err != nil {
			return err
		}
		jobs, led = released.RowsAffected(), ended.RowsAffected() > 0
		if led {
			_, err = tx.Exec(ctx, tellFollowers)
		}
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("take over from dead nodes: %w", err)
	}
	return jobs, led, nil
}
