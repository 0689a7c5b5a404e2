package clock

import (
	"sync"
	"time"
)

// Virtual is a clock that is moved. It may be used concurrently and never goes
// back.
type Virtual struct {
	mu  sync.Mutex
	now time.Time
	// since is the system's time at which now was right; zero for a clock that
	// stands still.
	since time.Time
	// system tells the system's time.
	system func() time.Time
}

// Still returns a clock that stands at start.
func Still(start time.Time) *Virtual { return &Virtual{now: start.UTC()} }

// Running returns a clock that runs on from now as system does, besides being
// moved.
func Running(system func() time.Time) *Virtual {
	now := system()
	return &Virtual{now: now.UTC().Round(0), since: now, system: system}
}

// Now is the clock's time, in UTC.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.locked()
}

func (v *Virtual) locked() time.Time {
	if v.system == nil {
		return v.now
	}
	return v.now.Add(v.system().Sub(v.since))
}

// MoveTo makes t the time, unless it is past already.
func (v *Virtual) MoveTo(t time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.system == nil {
		if t.After(v.now) {
			v.now = t.UTC()
		}
		return
	}
	system := v.system()
	if now := v.now.Add(system.Sub(v.since)); t.After(now) {
		v.now, v.since = t.UTC(), system
	}
}
