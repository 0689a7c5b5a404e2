package refserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/refserver/internal/job"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// doublePollInterval is how often a double looks for jobs: often enough that
// nobody waits, seldom enough that many doubles rest.
const doublePollInterval = 10 * time.Millisecond

// doubleStart is the time at which a test double begins.
var doubleStart = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// TB is the part of testing.TB that Double needs.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Double is NewDouble for a test: it fails the test when the server cannot be
// made, and closes it when the test ends.
//
//	srv := refserver.Double(t, refserver.Config{})
//	ts := httptest.NewServer(srv)
//	defer ts.Close()
func Double(tb TB, config Config) *Server {
	tb.Helper()
	srv, err := NewDouble(config)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	tb.Cleanup(func() {
		if err := srv.Close(); err != nil {
			tb.Errorf("close reference server: %v", err)
		}
	})
	return srv
}

// NewDouble is New and Start for tests. What the configuration leaves open is
// set so that nothing waits and nothing varies: a clock that stands at noon of
// the first of January 2026 UTC until Server.Advance, a development account, no
// delay of answers, follow-ups after 15 minutes, retries without jitter,
// callbacks to private addresses allowed, no log. Doubles do not know each
// other: a test may have several, and tests may run in parallel. Close it.
//
// A request that was accepted is dealt with when Server.Settle returns.
//
// Where Gin is in its debug mode, in which it prints every route, it is put into
// release mode, for the whole process.
func NewDouble(config Config) (*Server, error) {
	if gin.IsDebugging() {
		gin.SetMode(gin.ReleaseMode)
	}
	wait := loadAhead()
	defer wait()
	image, err := emptyDatabase()
	if err != nil {
		return nil, fmt.Errorf("refserver: prepare a database: %w", err)
	}
	config.image, config.pollInterval = image, doublePollInterval
	srv, err := New(config.forDouble())
	if err != nil {
		return nil, err
	}
	if err := srv.Start(context.Background()); err != nil {
		return nil, errors.Join(err, srv.Close())
	}
	return srv, nil
}

func (c Config) forDouble() Config {
	if c.Clock == nil {
		c.Clock = NewVirtualClock(doubleStart)
	}
	if c.Seed == nil {
		c.Seed = &Seed{}
	}
	if c.AnswerDelay == 0 {
		c.AnswerDelay = None
	}
	switch c.FollowUpDelay {
	case 0:
		c.FollowUpDelay = 15 * time.Minute
	case None:
		c.FollowUpDelay = 0
	}
	if c.RetryJitter == 0 {
		c.RetryJitter = -1
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.UnsafeAllowPrivate = true
	return c
}

// emptyDatabase is a database with all tables and nothing in them, made once in
// a process: the migrations take most of the time of a start.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), openTimeout)
	defer cancel()
	s, err := store.OpenSQLite(ctx, "")
	if err != nil {
		return nil, err
	}
	_, err = job.New(ctx, job.Config{
		Store: s, Clock: systemClock{}, Random: io.LimitReader(nil, 0), Logger: slog.New(slog.DiscardHandler),
		AnswerTimeout: time.Minute, Workers: 1,
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	image, err := s.Image(ctx)
	return image, errors.Join(err, s.Close())
})
