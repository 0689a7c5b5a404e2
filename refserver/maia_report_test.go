package refserver_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// answered sends a message and returns the id of its answer, which is linked to
// provider unless that is empty.
func (s *maiaServer) answered(session, provider string) string {
	s.t.Helper()
	question := s.send(session, "hello", nil)["userMessage"].(m)["id"]
	var id string
	poll(s.t, "the answer", func() bool {
		messages := s.session(session).Messages
		for _, answer := range messages {
			for _, asked := range messages {
				if asked.PublicID == question && answer.ReplyTo != nil && *answer.ReplyTo == asked.ID {
					id = answer.PublicID
				}
			}
		}
		return id != ""
	})
	if provider != "" {
		s.want(http.StatusOK, "POST", "/sessions/"+session+"/messages/"+id+"/link", m{"providerMsgId": provider})
	}
	return id
}

// message reads a message of a session.
func (s *maiaServer) message(session, id string) domain.SessionMessage {
	s.t.Helper()
	for _, m := range s.session(session).Messages {
		if m.PublicID == id {
			return m
		}
	}
	s.t.Fatalf("session %s: no message %s", session, id)
	return domain.SessionMessage{}
}

// TestMAIAStatusLifecycle takes every arrow of domain.MessageStatus: each status
// can be reported in each state, and nothing leads back to pending.
func TestMAIAStatusLifecycle(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{MAIA: refserver.MAIAConfig{RequestsPerMinute: -1, RequestsPerHour: -1}}, nil)
	reported := []string{"sent", "delivered", "read", "failed"}
	for i, from := range append([]string{"pending"}, reported...) {
		for j, to := range append([]string{"pending"}, reported...) {
			t.Run(from+" to "+to, func(t *testing.T) {
				provider := fmt.Sprintf("wamid-%d-%d", i, j)
				id := srv.answered("s", provider)
				report := func(status string, want int) {
					t.Helper()
					srv.want(want, "POST", "/sessions/s/messages/status", m{"providerMsgId": provider, "status": status})
				}
				if from != "pending" {
					report(from, http.StatusOK)
				}
				if to == "pending" {
					report(to, http.StatusBadRequest)
					to = from
				} else {
					report(to, http.StatusOK)
				}
				if got := srv.message("s", id).Status; string(got) != to {
					t.Errorf("status: got %s, want %s", got, to)
				}
			})
		}
	}
}

func TestMAIALink(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	id := srv.answered("s", "")
	link := func(message, provider string, sent any, want int) m {
		t.Helper()
		body := m{"providerMsgId": provider}
		if sent != nil {
			body["setStatusToSent"] = sent
		}
		return srv.want(want, "POST", "/sessions/s/messages/"+message+"/link", body)
	}
	if got := link(id, "p1", nil, 200); got["success"] != true {
		t.Errorf("link: got %v", got)
	}
	if got := srv.message("s", id); got.ProviderID != "p1" || got.Status != domain.StatusPending {
		t.Errorf("linked: got %+v", got)
	}
	link(id, "p1", false, 200) // repeated
	link(id, "p1", true, 200)
	if got := srv.message("s", id).Status; got != domain.StatusSent {
		t.Errorf("linked as sent: got %s", got)
	}
	srv.want(200, "POST", "/sessions/s/messages/status", m{"providerMsgId": "p1", "status": "read"})
	link(id, "p2", true, 200)
	if got := srv.message("s", id); got.ProviderID != "p2" || got.Status != domain.StatusRead {
		t.Errorf("linked anew: got %+v, want p2 and still read", got)
	}
	srv.want(404, "POST", "/sessions/s/messages/status", m{"providerMsgId": "p1", "status": "read"})
	other := srv.answered("s", "")
	link(other, "p2", nil, 400)
	// A customer's message can be linked too, and ids are the session's own.
	customer := srv.send("s", "three", nil)["userMessage"].(m)["id"].(string)
	link(customer, "p3", true, 200)
	srv.answered("t", "p2")
	if got := srv.message("s", id).ProviderID; got != "p2" {
		t.Errorf("after a link in another session: got %q, want p2", got)
	}
}

func TestMAIAReactions(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	srv.answered("s", "p")
	srv.answered("s", "other")
	srv.want(200, "POST", "/sessions/s/messages/reactions", m{"providerMsgId": "other", "action": "add", "emoji": "🙂"})
	for _, step := range []struct {
		name   string
		action string
		emoji  string
		want   []string
	}{
		{"add", "add", "👍", []string{"👍"}},
		{"add again", "add", "👍", []string{"👍"}},
		{"add another", "add", "🎉", []string{"👍", "🎉"}},
		{"remove", "remove", "👍", []string{"🎉"}},
		{"remove what is not there", "remove", "👍", []string{"🎉"}},
		{"replace all", "upsert", "❤️", []string{"❤️"}},
		{"replace by the same", "upsert", "❤️", []string{"❤️"}},
		{"clear", "upsert", "", nil},
		{"clear nothing", "upsert", "", nil},
		{"add after clearing", "add", "👍", []string{"👍"}},
		{"remove all", "remove", "", nil},
	} {
		body := m{"providerMsgId": "p", "action": step.action}
		if step.emoji != "" {
			body["emoji"] = step.emoji
		}
		if got := srv.want(200, "POST", "/sessions/s/messages/reactions", body); got["success"] != true {
			t.Errorf("%s: got %v", step.name, got)
		}
		if diff := cmp.Diff(step.want, srv.reactions("s", "p")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
	if diff := cmp.Diff([]string{"🙂"}, srv.reactions("s", "other")); diff != "" {
		t.Errorf("the other message (-want +got):\n%s", diff)
	}
}

// reactions are those to the message that is linked to provider.
func (s *maiaServer) reactions(session, provider string) []string {
	s.t.Helper()
	snapshot := s.session(session)
	var emoji []string
	for _, m := range snapshot.Messages {
		for _, r := range snapshot.Reactions {
			if m.ProviderID == provider && r.MessageID == m.ID {
				emoji = append(emoji, r.Emoji)
			}
		}
	}
	return emoji
}

func TestMAIAPause(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	srv.answered("s", "")
	pause := func(paused bool, text string) {
		t.Helper()
		got := srv.want(200, "PATCH", "/sessions/s/ai-paused", m{"aiPaused": paused})
		if diff := cmp.Diff(m{"sessionId": "s", "aiPaused": paused, "message": text}, got); diff != "" {
			t.Errorf("response (-want +got):\n%s", diff)
		}
	}
	pause(true, "AI responses paused for this session")
	pause(true, "AI responses paused for this session") // idempotent: no second event
	srv.send("s", "during", nil)
	if err := srv.dashboard.Reply(t.Context(), "s", "A person here."); err != nil {
		t.Fatal(err)
	}
	pause(false, "AI responses resumed for this session")
	srv.send("s", "after", nil)
	answers := srv.rec.wait(t, "shop", 3)
	if answers[1].Body["response"] != "A person here." || answers[2].Body["response"] != "<b>after</b>\n\nBye" {
		t.Errorf("webhooks: got %v and %v, want the operator's and the answer after the pause", answers[1].Body, answers[2].Body)
	}
	want := []string{
		"customer: hello", "agent: <b>hello</b>\n\nBye", "system: AI responses paused", "customer: during",
		"operator: A person here.", "system: AI responses resumed", "customer: after", "agent: <b>after</b>\n\nBye",
	}
	if diff := cmp.Diff(want, srv.history("s")); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	var asked int
	const query = "SELECT count(*) FROM river_job WHERE kind = 'answer-session'"
	if err := srv.WriterDB().QueryRowContext(t.Context(), query).Scan(&asked); err != nil || asked != 2 {
		t.Errorf("jobs that answer: got %d, %v, want none for the message during the pause", asked, err)
	}
	// The board's filter does not hold back what has no board.
	for _, name := range []string{"all", "sales"} {
		var events []any
		poll(t, "both events", func() bool {
			events = nil
			for _, w := range srv.rec.of(name) {
				if w.Body["eventType"] == "ai_pause" {
					events = append(events, w.Body["aiPaused"])
				}
			}
			return len(events) >= 2
		})
		if diff := cmp.Diff([]any{true, false}, events); diff != "" {
			t.Errorf("ai_pause events of %s (-want +got):\n%s", name, diff)
		}
	}
}

// TestMAIAPauseHoldsBackTheAnswerOnItsWay pauses between a message and its
// answer.
func TestMAIAPauseHoldsBackTheAnswerOnItsWay(t *testing.T) {
	t.Parallel()
	asked, release := make(chan struct{}), make(chan struct{})
	gate := generator(func(_ context.Context, q refserver.Question) (refserver.Answer, error) {
		if q.Text == "first" {
			close(asked)
			<-release
		}
		return refserver.Answer{Text: "to " + q.Text, Confidence: 1}, nil
	})
	srv := startMAIA(t, refserver.Config{Generator: gate}, nil)
	srv.send("s", "first", nil)
	<-asked
	srv.want(200, "PATCH", "/sessions/s/ai-paused", m{"aiPaused": true})
	close(release)
	poll(t, "end of the answer's job", func() bool {
		var n int
		const query = "SELECT count(*) FROM river_job WHERE kind = 'answer-session' AND state = 'completed'"
		if err := srv.WriterDB().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 1
	})
	srv.want(200, "PATCH", "/sessions/s/ai-paused", m{"aiPaused": false})
	srv.send("s", "second", nil)
	if got := srv.rec.wait(t, "shop", 1)[0].Body["response"]; got != "to second" {
		t.Errorf("first webhook: got %v, want the answer after the pause", got)
	}
}
