package main

import (
	"os"
	"strings"
	"testing"
)

// TestMain lets the program start itself anew, as reportStart does.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == childArgument {
		os.Exit(start(os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// TestRun holds that every case can be measured: each contestant gives the
// verdict that the case calls for. What is measured is not looked at.
func TestRun(t *testing.T) {
	t.Parallel()
	var out, talk strings.Builder
	if code := run([]string{"-rounds", "1", "-slice", "1us"}, &out, &talk); code != 0 {
		t.Fatalf("run = %d, want 0: %s", code, talk.String())
	}
	for _, name := range []string{"V2 POST", "array 1 MB", "recursion", "response", "refused: anyOf", "routing", "proxy, whole", "process start"} {
		if !strings.Contains(out.String(), name) {
			t.Errorf("%s was not measured", name)
		}
	}
	if code := run([]string{"-data", "nowhere"}, &out, &talk); code != 3 {
		t.Errorf("run without data = %d, want 3", code)
	}
	if code := run([]string{"-nonsense"}, &out, &talk); code != 2 {
		t.Errorf("run with a wrong flag = %d, want 2", code)
	}
}

// TestShortfalls holds that a goal that is not reached is said, that it is a
// miss below the floor only, and that one that is reached is not said.
func TestShortfalls(t *testing.T) {
	t.Parallel()
	c := benchCase{name: "c", allocs: 2, allocsFloor: 4, field: []contestant{{name: "ours"}, {name: "theirs", goal: 10, floor: 5}}}
	for _, tc := range []struct {
		name          string
		allocs, ratio float64
		said, missed  int
	}{
		{"both reached", 2, 10, 0, 0},
		{"ratio below the goal", 2, 9.9, 1, 0},
		{"ratio below the floor", 2, 4.9, 1, 1},
		{"allocations above the goal", 3, 10, 1, 0},
		{"allocations above the floor", 5, 4, 2, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := c.shortfalls([]result{{name: "ours", allocs: tc.allocs, ratio: 1}, {name: "theirs", ratio: tc.ratio}})
			missed := 0
			for _, one := range got {
				if one.miss {
					missed++
				}
			}
			if len(got) != tc.said || missed != tc.missed {
				t.Errorf("shortfalls = %v, want %d, of which %d misses", got, tc.said, tc.missed)
			}
		})
	}
}
