package refserver_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/answer"
)

// TestBuiltInKnowledge asks every question of the built-in knowledge base as
// it stands there.
func TestBuiltInKnowledge(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("seed/knowledge.md")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := answer.ParseMarkdown(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 25 {
		t.Errorf("entries: got %d, want 25 or more", len(entries))
	}
	retriever := answer.NewRetriever(entries, answer.Config{})
	for _, e := range entries {
		if got, ok := retriever.Answer(e.Title); !ok || got.Title != e.Title {
			t.Errorf("%q: got %q, sure %v", e.Title, got.Title, ok)
		}
	}
}

func TestOwnKnowledge(t *testing.T) {
	t.Parallel()
	srv := start(t, refserver.Config{Knowledge: []byte("## Where is the moon?\n\nAbove.\n")})
	client := srv.v1(t, srv.DevelopmentKey())
	got := fetch(t, client, send(t, client, support("Where is the moon", "ada@example.com")), common.ServiceTypeCustomerSupportAutomation)
	if got != "Above." {
		t.Errorf("known: got %q, want the entry's text", got)
	}
	got = fetch(t, client, send(t, client, support("How do I reset my password?", "ada@example.com")), common.ServiceTypeCustomerSupportAutomation)
	if !strings.Contains(got, "A colleague will come back to you") {
		t.Errorf("unknown: got %q, want the hand-over", got)
	}
}
