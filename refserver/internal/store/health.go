package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// Ready reports whether the database can be used: it answers, its schema is
// the program's and, when the last write failed, a small write succeeds again.
// While all is well it writes nothing.
func (s *Store) Ready(ctx context.Context, now time.Time) error {
	version, err := s.engine.schemaVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if version != s.version {
		return fmt.Errorf("schema version is %d, want %d", version, s.version)
	}
	if !s.writeFailed.Load() {
		return nil
	}
	return s.Write(ctx, func(tx *Tx) error {
		// The filler takes room that the row does not have yet and gives it
		// back: a change in place would succeed on a disk that is full.
		for _, filler := range []string{strings.Repeat(".", probeBytes), ""} {
			err := tx.q.WriteProbe(ctx, gen.WriteProbeParams{WrittenMs: millis(now), Filler: filler})
			if err != nil {
				return fmt.Errorf("write a probe: %w", err)
			}
		}
		return nil
	})
}

// probeBytes is a few database pages.
const probeBytes = 32 << 10

// Unavailable reports whether err says that the database cannot do its work
// now, such as a full disk, a lock held too long, a lost connection or a
// deadline: the same call may succeed later. A broken constraint is not of this kind; it is a fault of
// the program.
func Unavailable(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.Is(err, driver.ErrBadConn) {
		return true
	}
	return sqliteUnavailable(err) || postgresUnavailable(err)
}

func sqliteUnavailable(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff { // the primary code, without its extension
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL:
		return true
	}
	return false
}
