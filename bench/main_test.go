package main

import (
	"strings"
	"testing"
)

// TestRun holds that every case can be measured: each contestant answers as
// the case says it must. What is measured is not looked at.
func TestRun(t *testing.T) {
	t.Parallel()
	var out, talk strings.Builder
	if code := run([]string{"-rounds", "1", "-slice", "1us"}, &out, &talk); code != 0 {
		t.Fatalf("run = %d, want 0: %s", code, talk.String())
	}
	for _, s := range specs {
		if name := s.body + "/" + s.schema; !strings.Contains(out.String(), name) {
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
