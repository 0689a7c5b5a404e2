package clock_test

import (
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/clock"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestStillMovesOnlyWhenMoved(t *testing.T) {
	t.Parallel()
	c := clock.Still(start)
	for _, step := range []struct {
		to, want time.Time
	}{
		{start, start},
		{start.Add(time.Hour), start.Add(time.Hour)},
		{start, start.Add(time.Hour)}, // never back
		{start.Add(2 * time.Hour).In(time.FixedZone("east", 3600)), start.Add(2 * time.Hour)},
	} {
		c.MoveTo(step.to)
		if got := c.Now(); !got.Equal(step.want) || got.Location() != time.UTC {
			t.Errorf("moved to %v: got %v, want %v", step.to, got, step.want)
		}
	}
}

func TestRunningGoesOnFromWhereItWasMoved(t *testing.T) {
	t.Parallel()
	system := start
	c := clock.Running(func() time.Time { return system })
	system = system.Add(time.Second)
	if got, want := c.Now(), start.Add(time.Second); !got.Equal(want) {
		t.Errorf("after a second: got %v, want %v", got, want)
	}
	c.MoveTo(start.Add(time.Hour))
	system = system.Add(time.Minute)
	if got, want := c.Now(), start.Add(time.Hour+time.Minute); !got.Equal(want) {
		t.Errorf("a minute after the move: got %v, want %v", got, want)
	}
	c.MoveTo(start)
	if got, want := c.Now(), start.Add(time.Hour+time.Minute); !got.Equal(want) {
		t.Errorf("moved back: got %v, want %v", got, want)
	}
}
