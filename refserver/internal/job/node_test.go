package job

import (
	"log/slog"
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

// TestNodeCutOffHoldsOff: a node that could not renew its own lease must not
// take the others, who could not either, for dead.
func TestNodeCutOffHoldsOff(t *testing.T) {
	t.Parallel()
	for _, database := range storetest.Databases(t) {
		s := storetest.Open(t, database.Fresh(t))
		if s.Postgres() == nil {
			continue // has no leases
		}
		logger := slog.New(slog.DiscardHandler)
		if _, err := New(t.Context(), Config{Store: s, Clock: systemClock{}, Logger: logger, Workers: 1}); err != nil {
			t.Fatal(err)
		}
		storetest.Exec(t, s, `INSERT INTO river_job (kind, args, state, max_attempts, attempt, attempted_at, attempted_by)
			VALUES ('any', '{}', 'running', 5, 1, now(), '{other}')`)
		n := &node{id: "this", pool: s.Postgres(), conns: s.Postgres(), logger: logger}
		n.renewed = time.Now().Add(-2 * lease)
		for _, want := range []string{"running", "available"} {
			if err := n.beat(t.Context()); err != nil {
				t.Fatal(err)
			}
			var state string
			if err := storetest.Scan(t, s, "SELECT state FROM river_job", &state); err != nil {
				t.Fatal(err)
			}
			if state != want {
				t.Errorf("job of another node: got %s, want %s", state, want)
			}
			n.holdOff = time.Now() // as if the others had had their time
		}
	}
}

// TestLeaseOutlivesBeats: the constants promise what the comments say.
func TestLeaseOutlivesBeats(t *testing.T) {
	t.Parallel()
	if lease < 4*beat || lease+beat > 10*time.Second {
		t.Errorf("lease %v with a beat of %v: want three failed beats borne and a takeover within 10 s", lease, beat)
	}
}
