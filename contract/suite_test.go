package contract_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/parley-contracts/parley/contract"
)

var updateSuite = flag.Bool("update-suite", false, "rewrite the list of known failures; what is new gets the outcome as its reason")

const (
	suiteDir  = "testdata/json-schema-test-suite"
	suiteList = "testdata/known-failing.txt"
)

// suiteDialects are the parts of the suite with the version of OpenAPI whose
// schemas they stand for.
var suiteDialects = map[string]string{"draft4": "3.0.3", "draft2020-12": "3.1.0"}

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

// suiteTally counts the cases and holds the ones that failed, with how.
type suiteTally struct {
	sync.Mutex
	total, passed, refused map[string]int
	failing                map[string]string
}

// TestSuite runs the JSON Schema test suite: each schema becomes that of a
// request's and a response's body in a document of its own, each value such a
// body. What fails must be listed with a reason in testdata/known-failing.txt,
// and what is listed must fail. "*" for a case stands for a document that is
// refused when it is loaded.
func TestSuite(t *testing.T) {
	t.Parallel()
	tally := &suiteTally{total: map[string]int{}, passed: map[string]int{}, refused: map[string]int{}, failing: map[string]string{}}
	t.Run("drafts", func(t *testing.T) {
		for draft := range suiteDialects {
			t.Run(draft, func(t *testing.T) {
				t.Parallel()
				remotes := suiteRemotes(t)
				for _, path := range suiteFiles(t, draft) {
					file := strings.TrimPrefix(filepath.ToSlash(path), suiteDir+"/tests/")
					for _, g := range suiteGroups(t, path) {
						tally.run(draft, file, g, remotes)
					}
				}
			})
		}
	})
	for draft, total := range tally.total {
		t.Logf("%s: %d of %d cases pass in requests and responses, %d are of documents that are refused, %d get another verdict",
			draft, tally.passed[draft], total, tally.refused[draft], total-tally.passed[draft]-tally.refused[draft])
	}
	if tally.total["draft4"] < 900 || tally.total["draft2020-12"] < 1700 {
		t.Errorf("the suite has %v cases, want more: is it complete?", tally.total)
	}
	compareWithList(t, tally.failing)
}

// run runs the cases of one schema, in both directions.
func (s *suiteTally) run(draft, file string, g suiteGroup, remotes map[string]any) {
	key := file + " | " + g.Description + " | "
	failed := map[string]string{}
	c, err := suiteContract(draft, g.Schema, remotes)
	for _, one := range g.Tests {
		if err != nil {
			failed["*"] = "refused: " + err.Error()
			break
		}
		if outcome := suiteVerdict(c, one.Data, one.Valid); outcome != "" {
			failed[one.Description] = outcome
		}
	}
	s.Lock()
	defer s.Unlock()
	s.total[draft] += len(g.Tests)
	if err == nil {
		s.passed[draft] += len(g.Tests) - len(failed)
	} else {
		s.refused[draft] += len(g.Tests)
	}
	for name, outcome := range failed {
		s.failing[key+name] = outcome
	}
}

func suiteContract(draft string, schema json.RawMessage, remotes map[string]any) (*contract.Contract, error) {
	text, err := suiteDocument(draft, schema, remotes)
	if err != nil {
		return nil, err
	}
	fsys := fstest.MapFS{"suite.json": {Data: text}}
	return contract.Load(fsys, "suite.json", contract.Config{Undeclared: contract.SeverityOff})
}

// suiteVerdict is empty when both directions judge a body as the suite does.
func suiteVerdict(c *contract.Contract, body []byte, valid bool) string {
	header := http.Header{"Content-Type": {"application/json"}}
	in := c.CheckRequest(&contract.Request{Method: http.MethodPost, Target: "/case", Header: header, Body: body})
	out := c.CheckResponse(in.Operation, &contract.Response{Status: http.StatusOK, Header: header, Body: body})
	var wrong []string
	if disagreement, _ := c.Modes("case", "application/json", body); disagreement != "" {
		wrong = append(wrong, "the modes disagree: "+disagreement)
	}
	for _, r := range []struct {
		name   string
		result contract.Result
	}{{"request", in}, {"response", out}} {
		if accepted := len(r.result.Findings) == 0; accepted != valid || r.result.Account != contract.AccountValidated {
			wrong = append(wrong, fmt.Sprintf("%s %s with %d findings", r.name, r.result.Account, len(r.result.Findings)))
		}
	}
	return strings.Join(wrong, ", ")
}

// compareWithList compares the failures with the list.
func compareWithList(t *testing.T, failing map[string]string) {
	t.Helper()
	listed, comments := readList(t)
	if *updateSuite {
		writeList(t, failing, listed, comments)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(failing)) {
		if listed[key] == "" {
			t.Errorf("%s: %s", key, failing[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(listed)) {
		if failing[key] == "" {
			t.Errorf("%s: listed as failing, but passes or does not exist", key)
		}
	}
}

// readList reads the reasons by case, and the comments above them.
func readList(t *testing.T) (listed map[string]string, comments []string) {
	t.Helper()
	listed = map[string]string{}
	file, err := os.Open(suiteList)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			comments = append(comments, line)
			continue
		}
		parts := strings.SplitN(line, " | ", 4)
		if len(parts) != 4 || parts[3] == "" {
			t.Errorf("%s: %q has no reason", suiteList, line)
			continue
		}
		key := strings.Join(parts[:3], " | ")
		if listed[key] != "" {
			t.Errorf("%s: %s is listed twice", suiteList, key)
		}
		listed[key] = parts[3]
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return listed, comments
}

func writeList(t *testing.T, failing, listed map[string]string, comments []string) {
	t.Helper()
	var out strings.Builder
	for _, line := range comments {
		fmt.Fprintln(&out, line)
	}
	for _, key := range slices.Sorted(maps.Keys(failing)) {
		reason := listed[key]
		if reason == "" {
			reason = failing[key]
		}
		fmt.Fprintf(&out, "%s | %s\n", key, reason)
	}
	if err := os.WriteFile(suiteList, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
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

func suiteGroups(t *testing.T, path string) []suiteGroup {
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
