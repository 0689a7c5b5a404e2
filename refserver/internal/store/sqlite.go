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
func OpenSQLite(ctx context.Context, path string) (_ *Store, err error) {
	s := &Store{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	synchronous := "FULL"
	if path == "" {
		if s.tempDir, err = os.MkdirTemp("", "refserver-*"); err != nil {
			return nil, fmt.Errorf("make a folder for the database: %w", err)
		}
		path, synchronous = filepath.Join(s.tempDir, "refserver.db"), "OFF"
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if s.lock, err = acquireLock(path + ".lock"); err != nil {
		return nil, err
	}
	if s.writer, err = sql.Open("sqlite", sqliteDSN(path, synchronous, false)); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	s.writer.SetMaxOpenConns(1)
	s.statements = newStatements(s.writer)
	if s.version, err = migrateSQLite(ctx, s.writer); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if s.reader, err = sql.Open("sqlite", sqliteDSN(path, synchronous, true)); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	s.Reader = Reader{q: gen.New(sqliteAdapter{newStatements(s.reader), nil})}
	return s, nil
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
