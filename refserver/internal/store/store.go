package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// writeTimeout bounds one transaction with its wait for the connection.
const writeTimeout = 15 * time.Second

// Store is an open database. Its methods may be called concurrently; the reads
// of the embedded Reader see what was committed before them.
type Store struct {
	Reader
	engine engine
	// version is the schema version that the program was built for.
	version int64
	// writeFailed is set while the last transaction failed for a reason of the
	// database's, and makes Ready write a probe.
	writeFailed atomic.Bool
}

// engine is one kind of database.
type engine interface {
	// write runs fn in a transaction.
	write(ctx context.Context, fn func(*Tx) error) error
	// alone runs fn while no other process runs one on this database.
	alone(ctx context.Context, fn func() error) error
	schemaVersion(ctx context.Context) (int64, error)
	close() error
}

// schemaVersion is the query of engine.schemaVersion.
const schemaVersion = "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied"

// Open opens a database: PostgreSQL when it is a URL with the scheme postgres
// or postgresql, else the SQLite file at that path. See OpenSQLite and
// OpenPostgres.
func Open(ctx context.Context, database string) (*Store, error) {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return OpenPostgres(ctx, database)
	}
	return OpenSQLite(ctx, database)
}

// Reader holds the queries that only read. Times are UTC with millisecond
// resolution. A query for one noun returns ErrNotFound when there is none.
type Reader struct{ q *gen.Queries }

// Tx is one open transaction: all reads and all writes. Its reads see its own
// writes. It is used by one goroutine, inside the function given to Write.
type Tx struct {
	Reader
	// SQLite is the driver's transaction when the engine is SQLite, else nil;
	// the job queue writes through it.
	SQLite *sql.Tx
	// Postgres is the driver's transaction when the engine is PostgreSQL.
	Postgres pgx.Tx
}

// ErrNotFound is returned by reads of one noun. pgx's own error wraps it.
var ErrNotFound = sql.ErrNoRows

// SQLite returns the connection that writes, for the job queue's driver; nil on
// PostgreSQL. The Store keeps owning it.
func (s *Store) SQLite() *sql.DB {
	if e, ok := s.engine.(*sqliteEngine); ok {
		return e.writer
	}
	return nil
}

// Postgres returns the pool, for the job queue's driver; nil on SQLite. The
// Store keeps owning it.
func (s *Store) Postgres() *pgxpool.Pool {
	if e, ok := s.engine.(*postgresEngine); ok {
		return e.pool
	}
	return nil
}

// Write runs fn in one transaction: either all it did is kept or none. An error
// of fn rolls back and is returned with its tree intact. Write gives up after 15
// seconds, waiting for a connection included. When the connection is lost during
// the commit, the error does not say whether it happened.
//
// fn must not wait for anything outside the database: others who write wait
// for it.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	defer func() { s.noteWrite(err) }()
	return s.engine.write(ctx, fn)
}

// Alone runs fn while no other process that opened the same database does so,
// which is how nodes that start together take turns. fn may use the Store.
func (s *Store) Alone(ctx context.Context, fn func() error) error {
	return s.engine.alone(ctx, fn)
}

// noteWrite remembers whether the database accepts writes. A rule broken by the
// caller says nothing about that, nor does a caller who went away.
func (s *Store) noteWrite(err error) {
	switch {
	case err == nil:
		s.writeFailed.Store(false)
	case domain.ErrorCode(err) == "" && Unavailable(err) && !errors.Is(err, context.Canceled):
		s.writeFailed.Store(true)
	}
}

// Close closes the connections, releases the lock of an SQLite file and removes
// a temporary one. Everything that uses the Store must have ended.
func (s *Store) Close() error { return s.engine.close() }

func millis(t time.Time) int64      { return t.UnixMilli() }
func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
