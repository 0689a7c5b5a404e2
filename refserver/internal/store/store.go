package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// writeTimeout bounds one transaction with its wait for the connection.
const writeTimeout = 15 * time.Second

// Store is an open database. Its methods may be called concurrently; the reads
// of the embedded Reader see what was committed before them.
type Store struct {
	Reader
	writer *sql.DB
	reader *sql.DB
	lock   *os.File
	// statements are those of the writer.
	statements *statements
	// tempDir is removed by Close when not empty.
	tempDir string
	// version is the schema version that the program was built for.
	version int64
	// writeFailed is set while the last transaction failed for a reason of the
	// database's, and makes Ready write a probe.
	writeFailed atomic.Bool
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

// SQLite returns the connection that writes, for the job queue's driver. The
// Store keeps owning it.
func (s *Store) SQLite() *sql.DB { return s.writer }

// Write runs fn in one transaction: either all it did is kept or none. An error
// of fn rolls back and is returned with its tree intact. Write gives up after 15
// seconds, waiting for the connection included.
//
// fn must not wait for anything outside the database: everybody else's writing
// waits for it.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	defer func() { s.noteWrite(err) }()
	if err := s.statements.prepareMissing(ctx); err != nil {
		return err
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	// After a commit this does nothing. Its error would only repeat the cause
	// of the first one.
	defer func() { _ = tx.Rollback() }()
	if err := fn(&Tx{Reader: Reader{q: gen.New(sqliteAdapter{s.statements, tx})}, SQLite: tx}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
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

// Close closes the connections, releases the lock and removes a temporary
// database. Everything that uses the Store must have ended.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	if s.tempDir != "" {
		errs = append(errs, os.RemoveAll(s.tempDir))
	}
	return errors.Join(errs...)
}

func millis(t time.Time) int64      { return t.UnixMilli() }
func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
