package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

const (
	// postgresConns is the largest number of connections of one node, unless
	// the URL has pool_max_conns. The job queue listens on one of them.
	postgresConns = 16
	// minPostgresConns is what one node needs to start: one to listen, one to
	// hold other nodes off, and some to work.
	minPostgresConns = 4
	// postgresConnectTimeout bounds one connection, unless the URL has
	// connect_timeout.
	postgresConnectTimeout = 5 * time.Second
	// idleInTransaction ends the transactions of a node that stopped in the
	// middle of one: others wait for its locks.
	idleInTransaction = 20 * time.Second
	// closeTimeout bounds the wait for connections to be given back.
	closeTimeout = 5 * time.Second
)

// OpenPostgres connects to the PostgreSQL database that the URL names and
// applies the migrations, one node after the other. The tables are made in the
// first schema of the search_path, which the URL can set. Besides the parameters
// of libpq the URL may hold those of pgxpool; pool_max_conns is 16 by default.
//
// It fails when the database cannot be reached and when its schema is newer
// than this program. The caller closes the Store.
func OpenPostgres(ctx context.Context, databaseURL string) (_ *Store, err error) {
	config, err := postgresConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	e := &postgresEngine{}
	if e.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, fmt.Errorf("open database %s: %w", config.ConnConfig.Database, err)
	}
	s := &Store{Reader: Reader{q: gen.New(e.pool)}, engine: e}
	err = e.alone(ctx, func() error {
		db := stdlib.OpenDBFromPool(e.pool)
		s.version, err = migrate(ctx, goose.DialectPostgres, db)
		return errors.Join(err, db.Close())
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", config.ConnConfig.Database, err), e.close())
	}
	return s, nil
}

// postgresConfig reads the URL. pgx keeps the password out of its error.
func postgresConfig(databaseURL string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("open database: %w; want postgres://USER:PASSWORD@HOST:PORT/DATABASE", err)
	}
	if !hasParameter(databaseURL, "pool_max_conns") {
		config.MaxConns = postgresConns
	}
	if config.MaxConns < minPostgresConns {
		return nil, fmt.Errorf("open database: pool_max_conns=%d: want at least %d", config.MaxConns, minPostgresConns)
	}
	if !hasParameter(databaseURL, "connect_timeout") {
		config.ConnConfig.ConnectTimeout = postgresConnectTimeout
	}
	const parameter = "idle_in_transaction_session_timeout"
	if _, ok := config.ConnConfig.RuntimeParams[parameter]; !ok {
		config.ConnConfig.RuntimeParams[parameter] = fmt.Sprint(idleInTransaction.Milliseconds())
	}
	return config, nil
}

// postgresEngine is a database that several nodes may share.
type postgresEngine struct{ pool *pgxpool.Pool }

func (e *postgresEngine) write(ctx context.Context, fn func(*Tx) error) error {
	tx, err := e.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer rollback(ctx, tx)
	if err := fn(&Tx{Reader: Reader{q: gen.New(tx)}, Postgres: tx}); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// rollback ends a transaction that was not committed, also when its context
// has ended: pgx would close the connection instead. Its error would only repeat
// the cause of the first one.
func rollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	_ = tx.Rollback(ctx)
}

// aloneLock names the advisory lock of alone, beside the schema.
const aloneLock = 0x7061726c // "parl"

// alone holds an advisory lock of the database, for one schema of it. It ends
// with the connection, so that a killed node holds nobody up.
func (e *postgresEngine) alone(ctx context.Context, fn func() error) error {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	const key = "($1::int, hashtext(coalesce(current_schema(), '')))"
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock"+key, aloneLock); err != nil {
		return fmt.Errorf("wait for other nodes: %w", err)
	}
	err = fn()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if _, unlock := conn.Exec(ctx, "SELECT pg_advisory_unlock"+key, aloneLock); unlock != nil {
		// A connection that may hold the lock must not go back to the pool.
		return errors.Join(err, unlock, conn.Conn().Close(ctx))
	}
	return err
}

func (e *postgresEngine) schemaVersion(ctx context.Context) (version int64, err error) {
	err = e.pool.QueryRow(ctx, schemaVersion).Scan(&version)
	return version, err
}

func (e *postgresEngine) close() error {
	e.pool.Close()
	return nil
}

// postgresUnavailable reports whether err is one of the server's that pass, or
// of the connection to it.
func postgresUnavailable(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return passingState(e.Code)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, pgconn.ErrConnClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || endOfConnection(err)
}

// passingState reports whether an error of this SQLSTATE may pass.
func passingState(code string) bool {
	if len(code) != len("08000") {
		return false
	}
	switch code[:2] {
	case "08", // connection exception
		"40", // transaction rollback: a deadlock, say
		"53", // insufficient resources
		"57", // operator intervention: a shutdown, say
		"58": // system error
		return true
	}
	switch code {
	case "25006", // read-only transaction: a standby
		"25P03", // idle in transaction for too long
		"55P03": // lock not available
		return true
	}
	return false
}

// endOfConnection reports whether the server hung up.
func endOfConnection(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// hasParameter reports whether the URL sets a parameter.
func hasParameter(raw, name string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Query().Has(name)
}
