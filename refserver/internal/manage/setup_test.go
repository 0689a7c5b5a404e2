package manage_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/refserver"
)

// development is the id of the seeded account: the first one.
const development = 1

func TestSalesAIs(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{})
		ctx := t.Context()
		delay := 90.0
		content := management.NewSalesAI{ID: new(int64(12)), Name: "Mara", Product: new("the course"), Strategy: &management.Strategy{FollowUpDelaySeconds: &delay}}
		for _, want := range []int{http.StatusCreated, http.StatusConflict} {
			created := must(d.CreateSalesAIWithResponse(ctx, development, content))(t)
			wantStatus(t, created.HTTPResponse, created.Body, want)
		}
		next := must(d.CreateSalesAIWithResponse(ctx, development, management.NewSalesAI{Name: "Nia"}))(t)
		wantStatus(t, next.HTTPResponse, next.Body, http.StatusCreated)
		if next.JSON201.ID != 13 || next.JSON201.Strategy.FollowUpDelaySeconds != nil {
			t.Errorf("got %s, want the id 13 and no delay", next.Body)
		}
		replaced := must(d.ReplaceSalesAIWithResponse(ctx, development, 12, management.SalesAIContent{Name: "Maria"}))(t)
		wantStatus(t, replaced.HTTPResponse, replaced.Body, http.StatusOK)
		if got := *replaced.JSON200; got.Name != "Maria" || got.Product != "" || got.Strategy.FollowUpDelaySeconds != nil {
			t.Errorf("got %s, want nothing but the name", replaced.Body)
		}
		deleted := must(d.DeleteSalesAIWithResponse(ctx, development, 12))(t)
		wantStatus(t, deleted.HTTPResponse, deleted.Body, http.StatusNoContent)
		gone := must(d.GetSalesAIWithResponse(ctx, development, 12))(t)
		wantStatus(t, gone.HTTPResponse, gone.Body, http.StatusNotFound)
		list := must(d.ListSalesAIsWithResponse(ctx, development, nil))(t)
		wantStatus(t, list.HTTPResponse, list.Body, http.StatusOK)
		if len(list.JSON200.Items) != 1 || list.JSON200.Items[0].ID != 13 {
			t.Errorf("list: got %s, want the AI 13 alone", list.Body)
		}
	})
}

// The delay of the Sales AI decides when its prospects are followed up.
func TestStrategyDecidesWhenToFollowUp(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{FollowUpDelay: refserver.None})
		ctx := t.Context()
		r := newReceiver(t)
		delay := 90.0
		created := must(d.CreateSalesAIWithResponse(ctx, development, management.NewSalesAI{
			ID: new(int64(12)), Name: "Mara", Strategy: &management.Strategy{FollowUpDelaySeconds: &delay},
		}))(t)
		wantStatus(t, created.HTTPResponse, created.Body, http.StatusCreated)
		d.ask(t, d.DevelopmentKey(), r.URL, "Which courses do you offer?")
		for _, step := range []struct {
			seconds float64
			want    []string
		}{{89, []string{"/answer"}}, {1, []string{"/answer", "/follow-up"}}} {
			advanced := must(d.AdvanceClockWithResponse(ctx, management.ClockAdvance{Seconds: step.seconds}))(t)
			wantStatus(t, advanced.HTTPResponse, advanced.Body, http.StatusOK)
			var got []string
			for _, a := range r.arrivals() {
				got = append(got, a.Path)
			}
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("after %v s more (-want +got):\n%s", step.seconds, diff)
			}
		}
	})
}

func TestAnswersComeFromTheAccountsKnowledge(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{})
		ctx := t.Context()
		ai := must(d.CreateSalesAIWithResponse(ctx, development, management.NewSalesAI{ID: new(int64(12)), Name: "Mara"}))(t)
		wantStatus(t, ai.HTTPResponse, ai.Body, http.StatusCreated)
		r := newReceiver(t)
		ask := func(want string) {
			t.Helper()
			d.ask(t, d.DevelopmentKey(), r.URL, "How heavy is the zeppelin?")
			all := r.arrivals()
			if len(all) == 0 || !strings.Contains(all[len(all)-1].Body, want) {
				t.Errorf("got answers %+v, want %q in the last", all, want)
			}
		}
		ask("A colleague")
		entry := must(d.CreateKnowledgeEntryWithResponse(ctx, development, management.KnowledgeContent{
			Title: "How heavy is the zeppelin?", Text: "It weighs nine tons.", AIID: new(int64(12)),
		}))(t)
		wantStatus(t, entry.HTTPResponse, entry.Body, http.StatusCreated)
		ask("nine tons")
		replaced := must(d.ReplaceKnowledgeEntryWithResponse(ctx, development, entry.JSON201.ID, management.KnowledgeContent{
			Title: "How heavy is the zeppelin?", Text: "It weighs ten tons.",
		}))(t)
		wantStatus(t, replaced.HTTPResponse, replaced.Body, http.StatusOK)
		ask("ten tons")
		deleted := must(d.DeleteKnowledgeEntryWithResponse(ctx, development, entry.JSON201.ID))(t)
		wantStatus(t, deleted.HTTPResponse, deleted.Body, http.StatusNoContent)
		ask("A colleague")

		upload := management.Upload{Name: "zeppelin.md", Text: "## How heavy is the zeppelin?\n\nEleven tons.\n\n## Is it red?\n\nIt is.\n"}
		for i, want := range []management.UploadResult{{Name: "zeppelin.md", Entries: 2}, {Name: "zeppelin.md", Entries: 2, Replaced: 2}} {
			uploaded := must(d.UploadKnowledgeWithResponse(ctx, development, upload))(t)
			wantStatus(t, uploaded.HTTPResponse, uploaded.Body, http.StatusCreated)
			if diff := cmp.Diff(want, *uploaded.JSON201); diff != "" {
				t.Errorf("upload %d (-want +got):\n%s", i+1, diff)
			}
		}
		ask("Eleven tons")
		list := must(d.ListKnowledgeWithResponse(ctx, development, nil))(t)
		wantStatus(t, list.HTTPResponse, list.Body, http.StatusOK)
		if len(list.JSON200.Items) != 2 || *list.JSON200.Items[0].Source != "zeppelin.md" {
			t.Errorf("got %s, want the two entries of the upload", list.Body)
		}
	})
}

func TestMaiaSetupKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{})
		ctx := t.Context()
		account := must(d.CreateAccountWithResponse(ctx, management.NewAccount{Name: "Acme"}))(t)
		wantStatus(t, account.HTTPResponse, account.Body, http.StatusCreated)
		id := account.JSON201.ID
		setup := management.MaiaSetup{
			Agents:   []management.MaiaAgent{{ID: "agent-1", Name: "Mara"}},
			Kanbans:  []management.MaiaKanban{{ID: "kanban-1", Name: "Leads", Statuses: []management.MaiaKanbanStatus{{Value: "new"}}}},
			Channels: []management.MaiaChannel{{ID: "channel-1", Identifier: "api-1", Type: management.MaiaChannelTypeAPI, DefaultAgentID: "agent-1"}},
			Webhooks: []management.MaiaWebhook{{ID: "hook-1", URL: "http://127.0.0.1:9/hook", EventTypes: []management.MaiaWebhookEventTypes{"ai_pause"}}},
		}
		first := must(d.ReplaceMaiaSetupWithResponse(ctx, id, setup))(t)
		wantStatus(t, first.HTTPResponse, first.Body, http.StatusOK)
		secret := first.JSON200.Webhooks[0].Secret
		if secret == nil || *secret == "" || first.JSON200.Channels[0].WebhookSecret == nil {
			t.Fatalf("first: got %s, want secrets", first.Body)
		}
		second := must(d.ReplaceMaiaSetupWithResponse(ctx, id, setup))(t)
		wantStatus(t, second.HTTPResponse, second.Body, http.StatusOK)
		if got := second.JSON200.Webhooks[0].Secret; got == nil || *got != *secret {
			t.Error("second: got another secret, want the one before")
		}
		read := must(d.GetMaiaSetupWithResponse(ctx, id))(t)
		wantStatus(t, read.HTTPResponse, read.Body, http.StatusOK)
		if strings.Contains(string(read.Body), *secret) || len(read.JSON200.Kanbans) != 1 || read.JSON200.Kanbans[0].CreatedAt == nil {
			t.Errorf("read: got %s, want the setup without secrets", read.Body)
		}
		setup.Channels[0].DefaultAgentID = "nobody"
		broken := must(d.ReplaceMaiaSetupWithResponse(ctx, id, setup))(t)
		wantStatus(t, broken.HTTPResponse, broken.Body, http.StatusBadRequest)

		made := must(d.ReplaceMaiaTokenWithResponse(ctx, id))(t)
		wantStatus(t, made.HTTPResponse, made.Body, http.StatusCreated)
		if _, err := d.Dashboard(ctx, made.JSON201.Token); err != nil {
			t.Errorf("new token: %v", err)
		}
		revoked := must(d.RevokeMaiaTokenWithResponse(ctx, id))(t)
		wantStatus(t, revoked.HTTPResponse, revoked.Body, http.StatusNoContent)
		if _, err := d.Dashboard(ctx, made.JSON201.Token); err == nil {
			t.Error("revoked token: opens the account")
		}
	})
}
