package program_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract/internal/program"
)

var update = flag.Bool("update", false, "rewrite the list of known failures, without its reasons")

const suiteDir = "../../testdata/json-schema-test-suite"

// suiteGroup is one schema of the suite with its cases.
type suiteGroup struct {
	Description string          `json:"description"`
	Schema      json.RawMessage `json:"schema"`
	Tests       []struct {
		Description string          `json:"description"`
		Data        json.RawMessage `json:"data"`
		Valid       bool            `json:"valid"`
	} `json:"tests"`
}

// drafts are the parts of the suite with the dialect they stand for.
var drafts = map[string]program.Dialect{
	"draft4":       program.OpenAPI30,
	"draft2020-12": program.OpenAPI31,
}

// TestSuite runs the JSON Schema test suite. What fails must be listed with a
// reason in testdata/known-failing.txt, and what is listed must fail: "*" for
// a case stands for a schema that is refused, never silently accepted.
func TestSuite(t *testing.T) {
	t.Parallel()
	failing := map[string]string{}
	passed, total := map[string]int{}, 0
	for draft, dialect := range drafts {
		s := newSuiteResolver(t, draft)
		for _, path := range suiteFiles(t, draft) {
			name := strings.TrimPrefix(filepath.ToSlash(path), suiteDir+"/tests/")
			for _, g := range readGroups(t, path) {
				total += len(g.Tests)
				passed[draft] += runGroup(s, dialect, name, g, failing)
			}
		}
	}
	if total < 1000 {
		t.Fatalf("the suite has %d cases, want over 1000", total)
	}
	t.Logf("passed %v of %d", passed, total)
	compareKnown(t, failing)
}

// runGroup runs the cases of one schema and notes the ones that fail.
func runGroup(s *suiteResolver, dialect program.Dialect, file string, g suiteGroup, failing map[string]string) (passed int) {
	key := file + " | " + g.Description
	ref, exact, err := s.schema(g.Schema)
	var p *program.Program
	if err == nil {
		p, err = program.NewCompiler(program.Options{Dialect: dialect, Literal: exact.text}).Compile(ref)
	}
	if err != nil {
		failing[key+" | *"] = err.Error()
		return 0
	}
	for _, c := range g.Tests {
		accepted := p.Accept(c.Data, program.Request)
		findings, _ := p.Findings(c.Data, program.Request, 20)
		switch {
		case accepted != (len(findings) == 0):
			failing[key+" | "+c.Description] = fmt.Sprintf("the modes disagree: accept %v, %d findings", accepted, len(findings))
		case accepted != c.Valid:
			failing[key+" | "+c.Description] = fmt.Sprintf("accept = %v", accepted)
		default:
			passed++
		}
	}
	return passed
}

// compareKnown compares the failures with the list.
func compareKnown(t *testing.T, failing map[string]string) {
	t.Helper()
	const path = "testdata/known-failing.txt"
	known := map[string]string{}
	file, err := os.Open(path)
	if err != nil && !*update {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.SplitN(line, " | ", 4)
		if len(parts) != 4 || parts[3] == "" {
			t.Errorf("known-failing.txt: %q has no reason", line)
			continue
		}
		known[strings.Join(parts[:3], " | ")] = parts[3]
	}
	_ = file.Close()
	if *update {
		var out strings.Builder
		for _, key := range slices.Sorted(maps.Keys(failing)) {
			reason := known[key]
			if reason == "" {
				reason = failing[key]
			}
			fmt.Fprintf(&out, "%s | %s\n", key, reason)
		}
		if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, key := range slices.Sorted(maps.Keys(failing)) {
		if known[key] == "" {
			t.Errorf("%s: %s", key, failing[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if failing[key] == "" {
			t.Errorf("%s: listed as failing, but passes or does not exist", key)
		}
	}
}

func suiteFiles(t *testing.T, draft string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(filepath.Join(suiteDir, "tests", draft), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".json") {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readGroups(t *testing.T, path string) []suiteGroup {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var groups []suiteGroup
	if err := json.Unmarshal(data, &groups); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return groups
}
