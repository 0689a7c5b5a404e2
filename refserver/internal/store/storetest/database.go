package storetest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Database is one kind of database.
type Database struct {
	Name  string
	fresh func(testing.TB) string
}

// Databases returns those that tests run on: SQLite, and PostgreSQL when the
// variable TEST_DATABASE_URL names one. On a build machine, where CI is "true",
// a missing PostgreSQL fails the test.
func Databases(tb testing.TB) []Database {
	tb.Helper()
	databases := []Database{{"SQLite", func(tb testing.TB) string {
		return filepath.Join(tb.TempDir(), "test.db")
	}}}
	server := os.Getenv("TEST_DATABASE_URL")
	switch {
	case server != "":
		return append(databases, Database{"PostgreSQL", func(tb testing.TB) string { return newSchema(tb, server) }})
	case os.Getenv("CI") == "true":
		tb.Fatal("TEST_DATABASE_URL is not set: start PostgreSQL with .ci/services")
	}
	tb.Log("on SQLite alone: TEST_DATABASE_URL is not set")
	return databases
}

// Fresh returns an empty database as store.Open wants it; it ends with the test.
func (d Database) Fresh(tb testing.TB) string {
	tb.Helper()
	return d.fresh(tb)
}

// setupTimeout bounds making and removing a schema.
const setupTimeout = time.Minute

// newSchema makes a schema of the test's own and returns a URL that leads into
// it.
func newSchema(tb testing.TB, server string) string {
	tb.Helper()
	schema := pgx.Identifier{"test_" + strings.ToLower(rand.Text())}
	run := func(statement string) {
		tb.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), setupTimeout)
		defer cancel()
		conn, err := pgx.Connect(ctx, server)
		if err != nil {
			tb.Fatal(err)
		}
		defer conn.Close(ctx) //nolint:errcheck // the statement's result is what counts
		if _, err := conn.Exec(ctx, statement); err != nil {
			tb.Fatal(err)
		}
	}
	run("CREATE SCHEMA " + schema.Sanitize())
	tb.Cleanup(func() { run("DROP SCHEMA " + schema.Sanitize() + " CASCADE") })
	u, err := url.Parse(server)
	if err != nil {
		tb.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", schema[0])
	u.RawQuery = query.Encode()
	return u.String()
}

// Open opens a database until the test ends.
func Open(tb testing.TB, database string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), database)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil && !strings.Contains(err.Error(), os.ErrClosed.Error()) {
			tb.Errorf("close: %v", err)
		}
	})
	return s
}

// Exec runs a statement that the store has no method for.
func Exec(tb testing.TB, s *store.Store, statement string, args ...any) {
	tb.Helper()
	var err error
	if pool := s.Postgres(); pool != nil {
		_, err = pool.Exec(tb.Context(), statement, args...)
	} else {
		_, err = s.SQLite().ExecContext(tb.Context(), statement, args...)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// Scan reads one row that the store has no method for.
func Scan(tb testing.TB, s *store.Store, query string, dest ...any) error {
	tb.Helper()
	if pool := s.Postgres(); pool != nil {
		return pool.QueryRow(tb.Context(), query).Scan(dest...)
	}
	return s.SQLite().QueryRowContext(tb.Context(), query).Scan(dest...)
}
