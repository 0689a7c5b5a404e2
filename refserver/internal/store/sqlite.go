package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// readers is the number of connections that only read.
const readers = 4

// OpenSQLite opens the database file at path, creating it when there is none,
// takes the exclusive lock beside it and applies the migrations. An empty path
// makes a database in a temporary folder that Close removes; it skips fsync,
// which a database that does not outlive the process has no use for.
//
// It fails when another process holds the lock, when the file is not a
// database, and when its schema is newer than this program. The caller closes
// the Store.
func OpenSQLite(ctx context.Context, path string) (*Store, error) {
	return openSQLite(ctx, path, nil)
}

// openSQLite begins a temporary database as a copy of image, unless that is nil.
func openSQLite(ctx context.Context, path string, image []byte) (_ *Store, err error) {
	e := &sqliteEngine{}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.close())
		}
	}()
	synchronous := "FULL"
	if path == "" {
		if e.tempDir, err = os.MkdirTemp("", "refserver-*"); err != nil {
			return nil, fmt.Errorf("make a folder for the database: %w", err)
		}
		path, synchronous = filepath.Join(e.tempDir, "refserver.db"), "OFF"
		if err = os.WriteFile(path, image, 0o600); err != nil {
			return nil, fmt.Errorf("copy a database: %w", err)
		}
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if e.lock, err = acquireLock(path + ".lock"); err != nil {
		return nil, err
	}
	if e.writer, err = sql.Open("sqlite", sqliteDSN(path, synchronous, false)); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	e.writer.SetMaxOpenConns(1)
	e.statements = newStatements(e.writer)
	version, err := migrate(ctx, goose.DialectSQLite3, e.writer)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if e.reader, err = sql.Open("sqlite", sqliteDSN(path, synchronous, true)); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	e.reader.SetMaxOpenConns(readers)
	e.reader.SetMaxIdleConns(readers)
	return &Store{
		Reader: Reader{q: gen.New(sqliteAdapter{newStatements(e.reader), nil})},
		engine: e, version: version,
	}, nil
}

// sqliteEngine is a database file that this process has to itself.
type sqliteEngine struct {
	writer *sql.DB
	reader *sql.DB
	lock   *os.File
	// statements are those of the writer.
	statements *statements
	// tempDir is removed by close when not empty.
	tempDir string
}

func (e *sqliteEngine) write(ctx context.Context, fn func(*Tx) error) error {
	if err := e.statements.prepareMissing(ctx); err != nil {
		return err
	}
	tx, err := e.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	// After a commit this does nothing. Its error would only repeat the cause
	// of the first one.
	defer func() { _ = tx.Rollback() }()
	if err := fn(&Tx{Reader: Reader{q: gen.New(sqliteAdapter{e.statements, tx})}, SQLite: tx}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// alone needs no more than the lock on the file, which is held all the time.
func (e *sqliteEngine) alone(_ context.Context, fn func() error) error { return fn() }

func (e *sqliteEngine) schemaVersion(ctx context.Context) (version int64, err error) {
	err = e.reader.QueryRowContext(ctx, schemaVersion).Scan(&version)
	return version, err
}

func (e *sqliteEngine) close() error {
	var errs []error
	for _, db := range []*sql.DB{e.reader, e.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if e.lock != nil {
		errs = append(errs, e.lock.Close())
	}
	if e.tempDir != "" {
		errs = append(errs, os.RemoveAll(e.tempDir))
	}
	return errors.Join(errs...)
}

// sqliteDSN names the database and how each connection to it is set up. FULL
// is the default of synchronous: NORMAL survives a killed process but may lose
// the last commits when power fails, and gains little here.
func sqliteDSN(path, synchronous string, readOnly bool) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	query := url.Values{"_pragma": {
		"busy_timeout(10000)",
		"journal_mode(WAL)",
		"synchronous(" + synchronous + ")",
		"foreign_keys(1)",
	}}
	if readOnly {
		query.Add("_pragma", "query_only(1)")
	} else {
		query.Set("_txlock", "immediate")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}
