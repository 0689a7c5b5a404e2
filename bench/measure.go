package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// contestant does one case's work once and answers whether the message was
// accepted.
type contestant struct {
	name string
	work func() bool
}

// benchCase is one message with those who check it, ours first.
type benchCase struct {
	name   string
	size   int
	accept bool
	field  []contestant
	// floors are, by contestant, how many times slower than ours it must be.
	floors map[string]float64
	// allocs is the most our own work may allocate.
	allocs float64
}

// result is what was measured of one contestant, in microseconds.
type result struct {
	name           string
	p10, median    float64
	allocs, bytes  float64
	ratio          float64
	perRound       []float64
	perRoundRatios []float64
}

// measure runs the contestants of a case in turns.
func measure(c benchCase, rounds int, slice time.Duration) ([]result, error) {
	results := make([]result, len(c.field))
	counts := make([]int, len(c.field))
	for i, one := range c.field {
		if got := one.work(); got != c.accept {
			return nil, fmt.Errorf("%s: %s answers %v, want %v", c.name, one.name, got, c.accept)
		}
		results[i].name = one.name
		results[i].allocs, results[i].bytes = allocations(one.work)
		counts[i] = calibrate(one.work, slice)
	}
	for round := range rounds {
		for k := range c.field {
			i := (k + round) % len(c.field)
			results[i].perRound = append(results[i].perRound, timed(c.field[i].work, counts[i]))
		}
		for i := range results {
			results[i].perRoundRatios = append(results[i].perRoundRatios, results[i].perRound[round]/results[0].perRound[round])
		}
	}
	for i := range results {
		r := &results[i]
		slices.Sort(r.perRound)
		slices.Sort(r.perRoundRatios)
		r.p10, r.median = r.perRound[len(r.perRound)/10], r.perRound[len(r.perRound)/2]
		r.ratio = r.perRoundRatios[len(r.perRoundRatios)/2]
	}
	return results, nil
}

// noise is what the runtime itself may allocate while a piece of work is
// repeated.
const noise = 0.5

// missed says which floors the results do not meet, and how many.
func (c benchCase) missed(results []result, stderr io.Writer) (n int) {
	for _, r := range results {
		if floor := c.floors[r.name]; r.ratio < floor {
			fmt.Fprintf(stderr, "bench: %s: %s is %.1f times slower than ours, want at least %.1f\n", c.name, r.name, r.ratio, floor)
			n++
		}
	}
	if results[0].allocs > c.allocs+noise {
		fmt.Fprintf(stderr, "bench: %s: %.1f allocations, want at most %.0f\n", c.name, results[0].allocs, c.allocs)
		n++
	}
	return n
}

// calibrate finds how often the work fits a slice.
func calibrate(work func() bool, slice time.Duration) int {
	n := 1
	for {
		us := timed(work, n) * float64(n)
		if us >= float64(slice.Microseconds())/2 || n > 1<<24 {
			return max(1, int(float64(n)*float64(slice.Microseconds())/max(us, 1)))
		}
		n *= 2
	}
}

// timed is the CPU time of one piece of work, in microseconds, over n of them.
func timed(work func() bool, n int) float64 {
	start := cpu()
	for range n {
		work()
	}
	return float64((cpu() - start).Nanoseconds()) / 1000 / float64(n)
}

// cpu is the CPU time that the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// allocations counts the objects and bytes of one piece of work.
func allocations(work func() bool) (objects, bytes float64) {
	// Few repetitions of what takes long.
	n := 200
	if timed(work, 1) > 2000 {
		n = 5
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range n {
		work()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(n), float64(after.TotalAlloc-before.TotalAlloc) / float64(n)
}
