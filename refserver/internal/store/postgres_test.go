package store_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

// postgres returns an empty database, false when the tests run without
// PostgreSQL.
func postgres(t *testing.T) (string, bool) {
	t.Helper()
	for _, database := range storetest.Databases(t) {
		if database.Name == "PostgreSQL" {
			return database.Fresh(t), true
		}
	}
	return "", false
}

// TestNodesStartTogether is several nodes on a database without tables.
func TestNodesStartTogether(t *testing.T) {
	t.Parallel()
	database, ok := postgres(t)
	if !ok {
		return
	}
	const nodes = 4
	var wg sync.WaitGroup
	errs := make([]error, nodes)
	for i := range nodes {
		wg.Go(func() {
			s, err := store.Open(t.Context(), database)
			if err == nil {
				err = errors.Join(s.Ready(t.Context(), epoch), s.Close())
			}
			errs[i] = err
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func TestAloneTakesTurns(t *testing.T) {
	t.Parallel()
	database, ok := postgres(t)
	if !ok {
		return
	}
	other, _ := postgres(t)
	elsewhere := storetest.Open(t, other)
	const nodes = 4
	var inside, most atomic.Int32
	var wg sync.WaitGroup
	for i := range nodes {
		s := storetest.Open(t, database)
		wg.Go(func() {
			err := s.Alone(t.Context(), func() error {
				most.Store(max(most.Load(), inside.Add(1)))
				defer inside.Add(-1)
				if i == 0 {
					// Another schema's turn does not wait for ours.
					return elsewhere.Alone(t.Context(), func() error { return s.Ready(t.Context(), epoch) })
				}
				return s.Ready(t.Context(), epoch)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := most.Load(); got != 1 {
		t.Errorf("at once: got %d, want 1", got)
	}
	s := storetest.Open(t, database)
	broken := errors.New("broken")
	for range 2 {
		if err := s.Alone(t.Context(), func() error { return broken }); !errors.Is(err, broken) {
			t.Errorf("error inside: got %v, want %v", err, broken)
		}
	}
}

func TestOpenPostgresRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ url, want string }{
		"no URL":          {"postgres://[", "want postgres://"},
		"nobody there":    {"postgres://user:hunter2@127.0.0.1:1/db?connect_timeout=1", "database db"},
		"few connections": {"postgresql://127.0.0.1/db?pool_max_conns=2", "at least 4"},
	} {
		_, err := store.Open(t.Context(), tc.url)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, tc.want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error holds the password: %v", name, err)
		}
	}
}

func TestPostgresUnavailable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err  error
		want bool
	}{
		"shutdown":          {&pgconn.PgError{Code: "57P01"}, true},
		"crash":             {&pgconn.PgError{Code: "57P02"}, true},
		"starting":          {&pgconn.PgError{Code: "57P03"}, true},
		"disk full":         {&pgconn.PgError{Code: "53100"}, true},
		"deadlock":          {&pgconn.PgError{Code: "40P01"}, true},
		"standby":           {&pgconn.PgError{Code: "25006"}, true},
		"lost connection":   {fmt.Errorf("receive: %w", io.ErrUnexpectedEOF), true},
		"closed connection": {pgconn.ErrConnClosed, true},
		"no connection":     {&pgconn.ConnectError{}, true},
		"unique":            {&pgconn.PgError{Code: "23505"}, false},
		"syntax":            {&pgconn.PgError{Code: "42601"}, false},
		"odd code":          {&pgconn.PgError{Code: "5"}, false},
		"no rows":           {pgx.ErrNoRows, false},
		"something else":    {errors.New("other"), false},
	} {
		if got := store.Unavailable(tc.err); got != tc.want {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
}
