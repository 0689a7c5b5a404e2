package refserver_test

import (
	"flag"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

// childDatabase makes the test binary a server on that database instead of
// running tests; see the test that kills it.
var childDatabase = flag.String("child-database", "", "serve this database until killed")

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	flag.Parse()
	if *childDatabase != "" {
		os.Exit(serveUntilKilled(*childDatabase, os.Stdout))
	}
	os.Exit(m.Run())
}

// running is a started server on loopback.
type running struct {
	*refserver.Server
	URL string
}

// start runs a server until the test ends. What the configuration leaves open
// is set for tests: no delay, a development account, quiet logs, loopback
// callbacks, short retries.
func start(t testing.TB, config refserver.Config) *running {
	t.Helper()
	if config.AnswerDelay == 0 {
		config.AnswerDelay = refserver.None
	}
	if config.Seed == nil {
		config.Seed = &refserver.Seed{}
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if config.Retries == nil {
		config.Retries = []time.Duration{0, 10 * time.Millisecond, 20 * time.Millisecond}
	}
	config.UnsafeAllowPrivate = true
	srv, err := refserver.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(srv)
	t.Cleanup(func() {
		ts.Close()
		if err := srv.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &running{Server: srv, URL: ts.URL}
}

// onEach runs a test on every database, with what to put into the
// configuration.
func onEach(t *testing.T, test func(t *testing.T, database string)) {
	t.Helper()
	for _, database := range storetest.Databases(t) {
		t.Run(database.Name, func(t *testing.T) {
			t.Parallel()
			if database.Name == "SQLite" {
				test(t, "") // a temporary one, without waiting for the disk
				return
			}
			test(t, database.Fresh(t))
		})
	}
}

// poll calls done until it reports true, or fails the test after a minute.
// Only background work whose end has no signal is waited for like this.
func poll(t testing.TB, what string, done func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("%s: not within a minute", what)
		}
	}
}
