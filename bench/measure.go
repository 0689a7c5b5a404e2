package main

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// contestant does one case's work once and answers whether the verdict was the
// one that the case calls for.
type contestant struct {
	name string
	work func() bool
	// goal is how many times our own time it should at least take, 0 for none;
	// below one it bounds ours from above by another work of ours.
	goal float64
	// floor is what -gate insists on where the goal is not reached; the goal
	// when zero.
	floor float64
}

// benchCase is one piece of work with those who do it, ours first.
type benchCase struct {
	name  string
	size  int
	field []contestant
	// allocs is the most our own work should allocate; negative for no bound.
	allocs float64
	// allocsFloor is what -gate insists on where that is not reached.
	allocsFloor float64
}

// shortfall is a goal that was not reached, or, when it is a miss, a floor.
type shortfall struct {
	text string
	miss bool
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
		if !one.work() {
			return nil, fmt.Errorf("%s: %s gives another verdict than the case calls for", c.name, one.name)
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

// shortfalls says which goals the results do not reach.
func (c benchCase) shortfalls(results []result) (out []shortfall) {
	for i, r := range results {
		goal, floor := c.field[i].goal, c.field[i].insisted()
		if r.ratio < goal {
			out = append(out, shortfall{
				fmt.Sprintf("%s: %s takes %.2f times our time, the goal is %.2g, the floor %.2g", c.name, r.name, r.ratio, goal, floor), r.ratio < floor,
			})
		}
	}
	if allocs := results[0].allocs; c.allocs >= 0 && allocs > c.allocs+noise {
		floor := max(c.allocs, c.allocsFloor)
		out = append(out, shortfall{
			fmt.Sprintf("%s: %.0f allocations, the goal is %.0f, the floor %.0f", c.name, allocs, c.allocs, floor), allocs > floor+noise,
		})
	}
	return out
}

func (c contestant) insisted() float64 {
	if c.floor != 0 {
		return c.floor
	}
	return c.goal
}

// bound is the goal of a contestant, and the floor where it is another, as the
// table shows them.
func (c benchCase) bound(i int) string {
	one := c.field[i]
	switch {
	case i == 0 && c.allocs >= 0 && c.allocsFloor > c.allocs:
		return fmt.Sprintf("%.0f allocs (%.0f)", c.allocs, c.allocsFloor)
	case i == 0 && c.allocs >= 0:
		return fmt.Sprintf("%.0f allocs", c.allocs)
	case one.floor != 0:
		return fmt.Sprintf("%.2g (%.2g)", one.goal, one.floor)
	case one.goal != 0:
		return fmt.Sprintf("%.2g", one.goal)
	}
	return ""
}

// calibrate finds how often the work fits a slice. It tries several times: what
// a collection of garbage takes on the side makes work look dearer than it is,
// and too few repetitions are not measured but guessed.
func calibrate(work func() bool, slice time.Duration) (n int) {
	for range 3 {
		n = max(n, fitting(work, slice))
	}
	return n
}

func fitting(work func() bool, slice time.Duration) int {
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
	work() // what the collection took out of pools comes back
	runtime.ReadMemStats(&before)
	for range n {
		work()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(n), float64(after.TotalAlloc-before.TotalAlloc) / float64(n)
}
