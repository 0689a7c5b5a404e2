package refserver_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver"
)

func TestMAIAMessageIsAnsweredByWebhook(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := startMAIA(t, refserver.Config{Database: database}, nil)
		before := time.Now().UnixMilli()
		sent := srv.send("customer 1/ä", "hello", m{"externalUserId": "u1", "sessionName": "Ada"})
		message := sent["userMessage"].(m)
		if at := int64(message["timestamp"].(float64)); at < before || at > time.Now().UnixMilli() {
			t.Errorf("timestamp: got %d, want the time in milliseconds", at)
		}
		want := m{
			"sessionId": "customer 1/ä", "isNewSession": true,
			"message":     "Message received. AI response will be delivered via webhook.",
			"userMessage": m{"id": message["id"], "role": "user", "content": "hello", "timestamp": message["timestamp"]},
		}
		if diff := cmp.Diff(want, sent); diff != "" {
			t.Errorf("response (-want +got):\n%s", diff)
		}
		got := srv.rec.wait(t, "shop", 1)[0]
		wantWebhook := m{
			"channelId": "channel-shop", "channelIdentifier": "shop", "agentId": agentA,
			"sessionId": "customer 1/ä", "messageId": got.Body["messageId"], "response": "<b>hello</b>\n\nBye",
			"timestamp": got.Body["timestamp"], // no direction, no externalUserId: nothing is forwarded
		}
		if diff := cmp.Diff(wantWebhook, got.Body); diff != "" {
			t.Errorf("webhook (-want +got):\n%s", diff)
		}
		if got.Body["messageId"] == message["id"] {
			t.Error("webhook: got the id of the message it answers, want its own")
		}
		session := srv.session("customer 1/ä").Session
		if session.Name != "Ada" || session.ExternalUserID != "u1" || session.AgentID != agentA || session.KanbanID != kanbanA {
			t.Errorf("session: got %+v", session)
		}
	})
}

func TestMAIASessionContinues(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	srv.send("s", "one", m{"sessionName": "Ada"})
	srv.rec.wait(t, "shop", 1)
	if again := srv.send("s", "two", m{"sessionName": "Grace"}); again["isNewSession"] != false {
		t.Errorf("second message: got %v, want no new session", again)
	}
	srv.rec.wait(t, "shop", 2)
	if got := srv.session("s").Session.Name; got != "Ada" {
		t.Errorf("name after the second message: got %q, want it as it was", got)
	}
	want := []string{"customer: one", "agent: <b>one</b>\n\nBye", "customer: two", "agent: <b>two</b>\n\nBye"}
	if diff := cmp.Diff(want, srv.history("s")); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	// The session is the account's, so another channel continues it.
	other := srv.want(http.StatusAccepted, "POST", "/messages", m{"fromChannelIdentifier": "forward", "sessionId": "s", "content": "three"})
	if other["isNewSession"] != false {
		t.Errorf("by another channel: got %v, want no new session", other)
	}
	if got := srv.rec.wait(t, "forward", 2)[1].Body["response"]; got != "<b>three</b>\n\nBye" {
		t.Errorf("answer by the other channel: got %v", got)
	}
	first := srv.want(http.StatusAccepted, "POST", "/messages", m{"fromChannelIdentifier": "shop", "content": "x", "externalUserId": "u"})
	second := srv.want(http.StatusAccepted, "POST", "/messages", m{"fromChannelIdentifier": "shop", "content": "x", "externalUserId": "u"})
	if first["sessionId"] == second["sessionId"] || first["sessionId"] == "" || second["isNewSession"] != true {
		t.Errorf("without sessionId: got %v and %v, want a new session each", first["sessionId"], second["sessionId"])
	}
}

func TestMAIAEcho(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	echo := m{"fromChannelIdentifier": "forward", "sessionId": "s", "content": "I sent it.", "isEcho": true}
	srv.want(http.StatusBadRequest, "POST", "/messages", echo)
	echo["externalUserId"], echo["sessionName"], echo["agentId"] = "u1", "Ada", agentB
	got := srv.want(http.StatusOK, "POST", "/messages", echo)
	if got["message"] != "Message synced successfully." || got["isNewSession"] != true || got["userMessage"].(m)["role"] != "user" {
		t.Errorf("echo: got %v", got)
	}
	echo["agentId"] = agentA
	srv.want(http.StatusOK, "POST", "/messages", echo)
	if agent := srv.session("s").Session.AgentID; agent != agentB {
		t.Errorf("agent after a second echo: got %s, want the one that the session began with", agent)
	}
	// The next answer shows that nothing came of the echoes.
	srv.want(http.StatusAccepted, "POST", "/messages", m{"fromChannelIdentifier": "forward", "sessionId": "s", "content": "and?"})
	webhooks := srv.rec.wait(t, "forward", 2)
	if webhooks[0].Body["direction"] != "incoming" || webhooks[1].Body["direction"] != "outgoing" || len(webhooks) != 2 {
		t.Errorf("webhooks: got %v, want the last message and its answer", webhooks)
	}
	want := []string{"echo: I sent it.", "echo: I sent it.", "customer: and?", "agent: <b>and?</b>\n\nBye"}
	if diff := cmp.Diff(want, srv.history("s")); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestMAIARefusals(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	srv.send("s", "hello", nil)
	for _, tc := range []struct {
		name   string
		method string
		path   string
		body   any
		want   int
		text   string
	}{
		{"no content", "POST", "/messages", m{"fromChannelIdentifier": "shop"}, 400, ""},
		{"empty content", "POST", "/messages", m{"fromChannelIdentifier": "shop", "content": ""}, 400, ""},
		{"channelId alone", "POST", "/messages", m{"channelId": "channel-shop", "content": "x"}, 400, ""},
		{"no JSON", "POST", "/messages", "{", 400, ""},
		{"unknown channel", "POST", "/messages", m{"fromChannelIdentifier": "nobody", "content": "x"}, 404, "Channel not found"},
		{"wrong type", "POST", "/messages", m{"fromChannelIdentifier": "shop", "channelType": "sms", "content": "x"}, 404, "Channel not found"},
		{"unknown type", "POST", "/messages", m{"fromChannelIdentifier": "shop", "channelType": "pigeon", "content": "x"}, 404, "Channel not found"},
		{"agent not allowed", "POST", "/messages", m{"fromChannelIdentifier": "shop", "sessionId": "s", "content": "x", "agentId": agentForeign}, 400, "agentId is not among the channel's allowed agents"},
		{"agent of a new session not allowed", "POST", "/messages", m{"fromChannelIdentifier": "shop", "content": "x", "agentId": agentForeign}, 400, "agentId is not among the channel's allowed agents"},
		{"unknown board", "POST", "/messages", m{"fromChannelIdentifier": "shop", "sessionId": "s", "content": "x", "kanbanId": "nowhere"}, 404, "Kanban not found"},
		{"eleven attachments", "POST", "/messages", m{"fromChannelIdentifier": "shop", "attachments": attachments(11, "k", 1)}, 400, ""},
		{"unknown file", "POST", "/messages", m{"fromChannelIdentifier": "shop", "attachments": attachments(1, "k", 1)}, 400, "attachments[0]: nothing was uploaded under its fileKey"},
		{"101 MB", "POST", "/messages", m{"fromChannelIdentifier": "shop", "attachments": attachments(3, "k", 34_000_000)}, 400, "attachments: larger than 100000000 bytes in all"},
		{"pause nowhere", "PATCH", "/sessions/none/ai-paused", m{"aiPaused": true}, 404, "Session not found"},
		{"pause without a value", "PATCH", "/sessions/s/ai-paused", m{}, 400, ""},
		{"link nowhere", "POST", "/sessions/none/messages/x/link", m{"providerMsgId": "p"}, 404, "Session not found"},
		{"link to nothing", "POST", "/sessions/s/messages/x/link", m{}, 400, "providerMsgId is required"},
		{"status of no message", "POST", "/sessions/s/messages/status", m{"status": "read"}, 400, "providerMsgId is required"},
		{"link nothing", "POST", "/sessions/s/messages/x/link", m{"providerMsgId": "p"}, 404, "Message not found"},
		{"status of nothing", "POST", "/sessions/s/messages/status", m{"providerMsgId": "p", "status": "read"}, 404, "Message not found"},
		{"unknown status", "POST", "/sessions/s/messages/status", m{"providerMsgId": "p", "status": "pending"}, 400, ""},
		{"reaction to nothing", "POST", "/sessions/s/messages/reactions", m{"providerMsgId": "p", "action": "remove"}, 404, "Message not found"},
		{"add without emoji", "POST", "/sessions/s/messages/reactions", m{"providerMsgId": "p", "action": "add", "emoji": ""}, 400, "emoji is required to add a reaction"},
		{"unknown file", "GET", "/attachments/attachments/acc1/2024/12/x.jpg", nil, 404, "Attachment not found"},
		{"unknown channel's templates", "GET", "/channels/none/templates/search", nil, 404, "Channel not found"},
		{"wrong page", "GET", "/channels/channel-phone/templates/search?page=x", nil, 400, "page and pageSize are numbers from 1 to 10000"},
		{"wrong nextToken", "GET", "/kanbans?nextToken=%21", nil, 400, "nextToken is not one that a page before has returned"},
		{"nextToken behind the end", "GET", "/kanbans?nextToken=OTk", nil, 400, "nextToken is not one that a page before has returned"},
		{"wrong limit", "GET", "/kanbans?limit=0", nil, 400, ""},
		{"no such operation", "GET", "/messages/none", nil, 404, ""},
		{"wrong method", "GET", "/messages", nil, 405, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := srv.want(tc.want, tc.method, tc.path, tc.body)
			if tc.text != "" && got["message"] != tc.text {
				t.Errorf("message: got %q, want %q", got["message"], tc.text)
			}
		})
	}
	if got := srv.history("s"); len(got) > 2 {
		t.Errorf("history after refusals: got %q, want the first message and its answer", got)
	}
}

// attachments are n files of that size.
func attachments(n int, key string, size int64) []m {
	all := make([]m, n)
	for i := range all {
		all[i] = m{"fileKey": key, "fileName": "f", "contentType": "image/png", "size": size}
	}
	return all
}

func TestMAIAUnknownAnswerIsHandedOver(t *testing.T) {
	t.Parallel()
	rec := newMAIAReceiver(t, nil)
	srv := start(t, refserver.Config{Seed: &refserver.Seed{MAIA: maiaSetup(rec)}}) // answers from the knowledge base
	s := &maiaServer{running: srv, t: t, token: srv.DevelopmentToken(), http: &http.Client{Transport: &checkingMAIA{t: t}}}
	s.send("s", "Xylophone zebra?", nil)
	if got := rec.wait(t, "shop", 1)[0].Body["response"].(string); !strings.Contains(got, "colleague") {
		t.Errorf("answer: got %q, want a hand-over", got)
	}
}

func TestBuiltInMAIASetup(t *testing.T) {
	t.Parallel()
	srv := start(t, refserver.Config{Generator: echo})
	s := &maiaServer{running: srv, t: t, token: srv.DevelopmentToken(), http: &http.Client{Transport: &checkingMAIA{t: t}}}
	sent := s.want(http.StatusAccepted, "POST", "/messages", m{"fromChannelIdentifier": "shop-support", "content": "hello", "sessionId": "s"})
	if sent["isNewSession"] != true {
		t.Errorf("message: got %v", sent)
	}
	if got := len(refserver.BuiltInMAIASetup().Kanbans); got == 0 {
		t.Error("boards of the setup: got none")
	}
	if _, err := refserver.ParseMAIASetup([]byte("agent: []")); err == nil {
		t.Error("a misspelt member: got no error")
	}
}

func TestMAIASetupIsChecked(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	for _, tc := range []struct {
		name   string
		change func(*refserver.MAIASetup)
		want   string
	}{
		{"unknown default agent", func(s *refserver.MAIASetup) { s.Channels[0].DefaultAgentID = "x" }, `agent "x" does not exist`},
		{"unknown allowed agent", func(s *refserver.MAIASetup) { s.Channels[0].AllowedAgentIDs = []string{"x"} }, `agent "x" does not exist`},
		{"unknown board", func(s *refserver.MAIASetup) { s.Channels[0].AgentKanbanConfigs[0].KanbanID = "x" }, `kanban "x" does not exist`},
		{"two channels of one name", func(s *refserver.MAIASetup) { s.Channels[1].Identifier = "shop" }, "there twice"},
		{"no id", func(s *refserver.MAIASetup) { s.Agents[0].ID = "" }, "agent without an id"},
		{"bad webhook", func(s *refserver.MAIASetup) { s.Webhooks[0].URL = "mailto:x" }, "webhook all"},
		{"bad channel webhook", func(s *refserver.MAIASetup) { s.Channels[0].WebhookURL = "mailto:x" }, "channel channel-shop: webhook"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			setup := maiaSetup(srv.rec)
			tc.change(setup)
			if err := srv.dashboard.SetUp(t.Context(), *setup); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q in it", err, tc.want)
			}
		})
	}
	config := refserver.Config{Seed: &refserver.Seed{MAIA: maiaSetup(srv.rec)}}
	if _, err := refserver.New(config); err == nil || !strings.Contains(err.Error(), "webhook") {
		t.Errorf("webhooks to loopback by HTTP: got %v, want them refused", err)
	}
}
