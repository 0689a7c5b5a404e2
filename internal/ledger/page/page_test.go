package page_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/internal/ledger/page"
)

// TestPagesAreCurrent compares every generated file with its source.
func TestPagesAreCurrent(t *testing.T) {
	t.Parallel()
	const root = "../../.."
	pages, err := page.All(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		got, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p.Name)))
		if err != nil {
			t.Errorf("%s: %v; run make generate", p.Name, err)
			continue
		}
		if diff := cmp.Diff(string(p.Text), string(got)); diff != "" {
			t.Errorf("%s is not what its source says; run make generate (-want +got):\n%s", p.Name, diff)
		}
		if p.Name != "docs/rules.md" {
			continue
		}
		for _, rule := range contract.Rules() {
			if !strings.Contains(string(got), "| `"+string(rule.Rule)+"` |") {
				t.Errorf("%s lacks the rule %s", p.Name, rule.Rule)
			}
		}
	}
}

// TestLinksToTheRegister follows every link of docs that names an entry.
func TestLinksToTheRegister(t *testing.T) {
	t.Parallel()
	const docs = "../../../docs"
	page, err := os.ReadFile(filepath.Join(docs, "register.md"))
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(docs, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`\[([A-Z]-\d\d)\]\(register\.md#(\S+?)\)`).FindAllSubmatch(text, -1) {
			links++
			id, anchor := string(match[1]), string(match[2])
			if !strings.Contains(string(page), "\n## "+id+"\n") || anchor != strings.ToLower(id) {
				t.Errorf("%s: the link to %s leads to register.md#%s, which is not its heading", filepath.Base(name), id, anchor)
			}
		}
	}
	if links == 0 {
		t.Error("got no links: the test looks for the wrong form")
	}
}
