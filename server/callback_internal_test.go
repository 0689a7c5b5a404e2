package server

import (
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/parley-contracts/parley/api"
)

// TestTextCandidates holds the names that Callback looks for against the
// x-candidates of the callbacks contract: none of them may be missing there, and
// each of those must be known here.
func TestTextCandidates(t *testing.T) {
	t.Parallel()
	document, err := api.FS.ReadFile("callbacks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Candidates []string `yaml:"x-candidates"`
			} `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	notText := []string{"conversation_id", "incoming_message_id", "prospect_id", "prospect_info", "platform", "ai_id", "reason"}
	for operation, schema := range map[string]string{
		OperationMAAXAnswer:    "MaaxAnswer",
		OperationMAAXFollowUp:  "MaaxFollowUp",
		OperationMAAXEmergency: "MaaxEmergencyNotification",
	} {
		var want []string
		for _, name := range doc.Components.Schemas[schema].Candidates {
			if !slices.Contains(notText, name) {
				want = append(want, name)
			}
		}
		if got := textCandidates(operation); len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: candidates = %v, want those of the contract in its order: %v", operation, got, want)
		}
	}
	if got := textCandidates("other"); got != nil {
		t.Errorf("candidates of another operation = %v, want none", got)
	}
}
