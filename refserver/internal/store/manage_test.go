package store_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// SQLite's driver numbers parameters by their first appearance, PostgreSQL's by
// their name: the queries serve both only where the two agree. A LIMIT beside a
// UNION is one place where they do not.
func TestParametersAppearInTheirOrder(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("gen/*.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	query := regexp.MustCompile("(?s)`-- name: (\\w+) :(.*?)`")
	parameter := regexp.MustCompile(`\$(\d+)`)
	seen := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range query.FindAllStringSubmatch(string(text), -1) {
			seen++
			next := 1
			for _, p := range parameter.FindAllStringSubmatch(q[2], -1) {
				n, err := strconv.Atoi(p[1])
				if err != nil || n > next {
					t.Errorf("%s: $%s appears before $%d", q[1], p[1], next)
					break
				}
				if n == next {
					next++
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("found %d queries: the test looks in the wrong place", seen)
	}
}
