package evidence

import (
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

func TestIDsAreOrderedAndUnique(t *testing.T) {
	t.Parallel()
	now := start
	step := 0
	// The clock stands, moves on, and steps back.
	clock := func() time.Time {
		step++
		return now.Add(time.Duration(step%7-3) * time.Millisecond)
	}
	ids := NewIDs(clock, nil)
	var got []string
	for range 5000 {
		got = append(got, ids.Next())
	}
	if !slices.IsSorted(got) {
		t.Error("IDs are not in the order they were made in")
	}
	if n := len(slices.Compact(got)); n != 5000 {
		t.Errorf("%d different IDs, want 5000", n)
	}
	for _, id := range got {
		if len(id) != 26 || strings.Trim(id, crockford) != "" {
			t.Fatalf("ID is %q, want 26 letters of the alphabet", id)
		}
	}
}

func TestIDsFollowTheClockAndTheRandomness(t *testing.T) {
	t.Parallel()
	make2 := func() [2]string {
		now := start
		ids := NewIDs(func() time.Time { now = now.Add(time.Second); return now }, strings.NewReader(strings.Repeat("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a", 2)))
		return [2]string{ids.Next(), ids.Next()}
	}
	if got, again := make2(), make2(); got != again {
		t.Errorf("same clock and randomness gave %v and %v", got, again)
	}
	const randomness = "041061050R3GG28A" // the ten bytes, five bits a letter
	if got := make2(); got[0][10:] != randomness || got[1][10:] != randomness || got[0] >= got[1] {
		t.Errorf("got %v, want rising times in front of %s", got, randomness)
	}
}

func TestIDsSurviveBadRandomness(t *testing.T) {
	t.Parallel()
	for _, random := range []io.Reader{iotest.ErrReader(errors.New("none left")), strings.NewReader("short")} {
		now := start
		ids := NewIDs(func() time.Time { now = now.Add(time.Millisecond); return now }, random)
		if a, b := ids.Next(), ids.Next(); a >= b {
			t.Errorf("got %s and %s, want them rising", a, b)
		}
	}
}

func TestIDsFromManyGoroutines(t *testing.T) {
	t.Parallel()
	ids := NewIDs(nil, nil)
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				id := ids.Next()
				mu.Lock()
				if seen[id] {
					t.Errorf("%s came twice", id)
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}
