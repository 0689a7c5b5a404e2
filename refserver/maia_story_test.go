package refserver_test

import (
	"testing"

	"github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// TestMAIAByTheClient is a conversation as an integration has it.
func TestMAIAByTheClient(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	client := srv.client()
	ctx := t.Context()
	message := maia.Message{Channel: "shop", Content: "hello", SessionID: "s", ExternalUserID: "u1", SessionName: "Ada"}
	receipt, err := client.Send(ctx, message)
	if err != nil || !receipt.NewSession || receipt.SessionID != "s" || receipt.MessageID == "" {
		t.Fatalf("send: got %+v, %v", receipt, err)
	}
	answer := srv.rec.wait(t, "shop", 1)[0].Body["messageId"].(string)
	reaction := maia.Reaction{SessionID: "s", ProviderMessageID: "wamid/1", Emoji: "👍"}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"link", func() error {
			return client.Link(ctx, maia.Link{SessionID: "s", MessageID: answer, ProviderMessageID: "wamid/1", MarkSent: true})
		}},
		{"report status", func() error {
			return client.ReportStatus(ctx, maia.StatusReport{SessionID: "s", ProviderMessageID: "wamid/1", Status: maia.StatusRead})
		}},
		{"add reaction", func() error { return client.AddReaction(ctx, reaction) }},
		{"remove reaction", func() error { return client.RemoveReaction(ctx, reaction) }},
		{"set reaction", func() error { return client.SetReaction(ctx, reaction) }},
		{"pause", func() error { return client.PauseAI(ctx, "s") }},
		{"resume", func() error { return client.ResumeAI(ctx, "s") }},
	} {
		if err := step.do(); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
	}
	if _, err := client.Echo(ctx, message); err != nil {
		t.Errorf("echo: %v", err)
	}
	moved := message
	moved.AgentID = agentB
	if _, err := client.Transfer(ctx, moved); err != nil {
		t.Errorf("transfer: %v", err)
	}
	got := srv.message("s", answer)
	if got.ProviderID != "wamid/1" || got.Status != domain.StatusRead {
		t.Errorf("answer: got %+v", got)
	}
	if place := srv.session("s").Session.Place(); place.AgentID != agentB || place.KanbanID != kanbanB {
		t.Errorf("session: got %+v", place)
	}
	if _, err := client.SearchTemplates(ctx, "channel-phone", map[string]string{"q": "x"}); err != nil {
		t.Errorf("templates: %v", err)
	}
}
