package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	client "github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/server"
)

const (
	channelSecret = "secret-of-the-channel"
	centerSecret  = "secret-of-the-center"
	maiaMessage   = `{"channelId":"c","channelIdentifier":"15550100","agentId":"a","sessionId":"s","messageId":"m","response":"a < b",` +
		`"timestamp":"2024-01-01T00:00:30.500Z","direction":"incoming","externalUserId":"u","attachments":[` +
		`{"id":"att-1","url":"https://d.example/x","type":"image","size":1024000,"mimeType":"image/jpeg"}]}`
)

// newMAIAHooks starts a receiver of both callbacks of MAIA.
func newMAIAHooks(tb testing.TB, adjust func(*server.CallbackConfig)) *hooks {
	tb.Helper()
	return newHooks(tb, func(c *server.CallbackConfig) {
		c.Message, c.Event = c.Answer, c.Answer
		c.Answer, c.FollowUp, c.Emergency = nil, nil, nil
		c.MessageSecrets, c.EventSecrets = []string{"the-old-one", channelSecret}, []string{centerSecret}
		if adjust != nil {
			adjust(c)
		}
	})
}

// signed posts a body with signatures as they are given.
func (h *hooks) signed(tb testing.TB, method, target, body string, signatures ...string) answer {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), method, h.URL+target, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header["X-Maia-Signature"] = signatures
	return send(tb, req)
}

func sign(body, secret string) string { return client.Sign([]byte(body), secret) }

func TestMAIAMessage(t *testing.T) {
	t.Parallel()
	h := newMAIAHooks(t, nil)
	if a := h.signed(t, "POST", "/maia/message/", maiaMessage, sign(maiaMessage, channelSecret)); a.status != 200 {
		t.Fatalf("answer = %d %s", a.status, a.body)
	}
	got, o := <-h.got, <-h.outcomes
	if len(got.Findings) != 0 || o.Refused || o.Result.Account != contract.AccountValidated || string(got.Body) != maiaMessage {
		t.Errorf("callback = %+v, outcome = %+v", got, o)
	}
	message, ok := got.MAIAMessage()
	want := server.MAIAMessage{
		ChannelID: "c", ChannelIdentifier: "15550100", AgentID: "a", SessionID: "s", MessageID: "m", Text: "a < b",
		Time: time.Date(2024, 1, 1, 0, 0, 30, 500_000_000, time.UTC), Direction: server.MAIAIncoming, ExternalUserID: "u",
		Attachments: []server.MAIAAttachment{{ID: "att-1", URL: "https://d.example/x", Type: "image", SizeBytes: 1024000, MediaType: "image/jpeg"}},
	}
	if diff := cmp.Diff(want, message); diff != "" || !ok {
		t.Errorf("message, ok %t (-want +got):\n%s", ok, diff)
	}
	if text, field, ok := got.Text(); text != "a < b" || field != "response" || !ok {
		t.Errorf("Text = %q from %q, %t", text, field, ok)
	}
	if _, ok := got.MAIAEvent(); ok {
		t.Error("a message is read as an event")
	}
}

// TestMAIAMessageOfAnotherShape is handed over as far as it can be read.
func TestMAIAMessageOfAnotherShape(t *testing.T) {
	t.Parallel()
	h := newMAIAHooks(t, nil)
	body := `{"sessionId":"s","messageId":"m","response":null,"timestamp":1704067200000,"attachments":[{"url":"u","size":1.5},"x",null]}`
	if a := h.signed(t, "POST", "/maia/message", body, sign(body, "the-old-one")); a.status != 200 {
		t.Fatalf("answer = %d %s", a.status, a.body)
	}
	got := <-h.got
	message, ok := got.MAIAMessage()
	want := server.MAIAMessage{
		SessionID: "s", MessageID: "m", Direction: server.MAIAOutgoing,
		Attachments: []server.MAIAAttachment{{URL: "u"}, {}, {}},
	}
	if diff := cmp.Diff(want, message); diff != "" || !ok {
		t.Errorf("message, ok %t (-want +got):\n%s", ok, diff)
	}
	if len(got.Findings) == 0 {
		t.Error("no findings")
	}
	for _, body := range []string{`{"sessionId":"s"}`, `{"MessageId":"m","SessionId":"s"}`, `[]`} {
		if a := h.signed(t, "POST", "/maia/message", body, sign(body, channelSecret)); a.status != 200 {
			t.Errorf("%s: answer = %d %s", body, a.status, a.body)
		}
		if got := <-h.got; true {
			if m, ok := got.MAIAMessage(); ok {
				t.Errorf("%s: message = %+v, want none", body, m)
			}
		}
	}
}

func TestMAIAEvent(t *testing.T) {
	t.Parallel()
	h := newMAIAHooks(t, nil)
	for body, want := range map[string]server.MAIAEvent{
		`{"eventType":"crm_field_update","recordId":"r","kanbanId":"k","kanbanName":"Sales","externalUserId":null,"fieldName":"Budget","fieldType":"currency","previousValue":null,"newValue":1200,"updatedBy":"user_1","updatedAt":"2024-01-01T00:00:00.000Z","sessionId":"s"}`: {
			Type: server.MAIAFieldUpdated, RecordID: "r", KanbanID: "k", KanbanName: "Sales", SessionID: "s", FieldName: "Budget", FieldType: "currency",
			NewValue: json.Number("1200"), By: "user_1", Time: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		},
		`{"eventType":"crm_record_created","recordId":"r","title":"Ada","status":"new","customFields":{"f":1},"assignedUserIds":["user_1",2],"createdBy":"user_1","createdAt":"2024-01-01T00:00:00Z"}`: {
			Type: server.MAIARecordCreated, RecordID: "r", Title: "Ada", Status: "new", CustomFields: map[string]any{"f": json.Number("1")},
			AssignedUserIDs: []string{"user_1"}, By: "user_1", Time: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		},
		`{"eventType":"ai_pause","sessionId":"s","aiPaused":true}`: {Type: server.MAIAPauseChanged, SessionID: "s"},
		`{"eventType":"note_created","recordId":"r"}`:              {Type: "note_created", RecordID: "r"},
	} {
		if a := h.signed(t, "POST", "/maia/event", body, sign(body, centerSecret)); a.status != 200 {
			t.Errorf("%s: answer = %d %s", body, a.status, a.body)
			continue
		}
		got := <-h.got
		event, ok := got.MAIAEvent()
		if diff := cmp.Diff(want, event); diff != "" || !ok {
			t.Errorf("%s: event, ok %t (-want +got):\n%s", body, ok, diff)
		}
		if _, ok := got.MAIAMessage(); ok {
			t.Error("an event is read as a message")
		}
	}
}

func TestMAIASignature(t *testing.T) {
	t.Parallel()
	good := sign(maiaMessage, channelSecret)
	var decoded any
	if err := json.Unmarshal([]byte(maiaMessage), &decoded); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(decoded)
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []server.Mode{server.ModeObserve, server.ModeEnforce} {
		h := newMAIAHooks(t, func(c *server.CallbackConfig) { c.Mode = mode })
		for _, tt := range []struct {
			name, target, body string
			signatures         []string
			detail             string
		}{
			{"none", "/maia/message", maiaMessage, nil, "is missing"},
			{"empty", "/maia/message", maiaMessage, []string{""}, "is missing"},
			{"two", "/maia/message", maiaMessage, []string{good, good}, "more than once"},
			{"prefix", "/maia/message", maiaMessage, []string{"sha256=" + good}, "64 hexadecimal digits"},
			{"cut", "/maia/message", maiaMessage, []string{good[:62]}, "64 hexadecimal digits"},
			{"re-serialised body", "/maia/message", string(encoded), []string{good}, "not that of the body"},
			{"tampered body", "/maia/message", strings.Replace(maiaMessage, "a < b", "a > b", 1), []string{good}, "not that of the body"},
			{"no body", "/maia/message", "", []string{good}, "not that of the body"},
			{"secret of the other route", "/maia/message", maiaMessage, []string{sign(maiaMessage, centerSecret)}, "not that of the body"},
			{"secret of the other route", "/maia/event", maiaMessage, []string{good}, "not that of the body"},
			{"empty secret", "/maia/message", maiaMessage, []string{sign(maiaMessage, "")}, "not that of the body"},
		} {
			a := h.signed(t, "POST", tt.target, tt.body, tt.signatures...)
			if a.status != 401 || !strings.Contains(a.body, tt.detail) || strings.Contains(a.body, channelSecret) || a.header.Get("Content-Type") != server.ProblemType {
				t.Errorf("%s, %s: answer = %d %s, want 401 with %q", mode, tt.name, a.status, a.body, tt.detail)
			}
			if o := <-h.outcomes; !o.Refused || o.Status != 401 || len(o.Result.Findings) != 0 || o.Result.Account != contract.AccountSampledOut {
				t.Errorf("%s, %s: outcome = %+v", mode, tt.name, o)
			}
		}
		if a := h.signed(t, "POST", "/maia/message", maiaMessage, strings.ToUpper(good)); a.status != 200 {
			t.Errorf("%s: upper case = %d %s", mode, a.status, a.body)
		}
		if n := len(h.got); n != 1 {
			t.Errorf("%s: the handler got %d callbacks, want 1", mode, n)
		}
	}
}

func TestMAIAUnsigned(t *testing.T) {
	t.Parallel()
	h := newMAIAHooks(t, func(c *server.CallbackConfig) { c.MessageSecrets, c.Secret = nil, hookSecret })
	if a := h.signed(t, "POST", "/maia/message", maiaMessage); a.status != 404 {
		t.Errorf("without the secret of the URL: %d", a.status)
	}
	if a := h.signed(t, "POST", "/maia/message/"+hookSecret, maiaMessage); a.status != 200 {
		t.Errorf("answer = %d %s", a.status, a.body)
	}
	if got := <-h.got; len(got.Findings) == 0 {
		t.Error("no finding for the missing signature")
	}
	for method, want := range map[string]int{"PUT": 405, "PATCH": 405, "GET": 405, "DELETE": 405} {
		a := h.signed(t, method, "/maia/message/"+hookSecret+"?messageId=m", "", sign("", channelSecret))
		if a.status != want || a.header.Get("Allow") != "POST" {
			t.Errorf("%s: answer = %d, Allow %q, want %d", method, a.status, a.header.Get("Allow"), want)
		}
	}
}

func TestMAIAReceiverInGin(t *testing.T) {
	t.Parallel()
	h := newMAIAHooks(t, nil)
	s := newBare(t, func(e *gin.Engine) { e.Any("/maia/*callback", gin.WrapH(h.receiver)) })
	a := s.do(t, call{method: "POST", target: "/maia/message", body: maiaMessage, header: http.Header{"X-Maia-Signature": {sign(maiaMessage, channelSecret)}}})
	if a.status != 200 {
		t.Errorf("answer = %d %s", a.status, a.body)
	}
	if a := s.do(t, call{method: "POST", target: "/maia/message", body: maiaMessage}); a.status != 401 {
		t.Errorf("unsigned: answer = %d %s", a.status, a.body)
	}
}

func TestMAIAConfig(t *testing.T) {
	t.Parallel()
	take := func(context.Context, server.Callback) error { return nil }
	for want, config := range map[string]server.CallbackConfig{
		"MessageSecrets: number 1 is empty":   {Message: take, MessageSecrets: []string{"x", ""}},
		"EventSecrets: number 0 is empty":     {Event: take, EventSecrets: []string{""}},
		"EventSecrets: given without Event":   {Message: take, EventSecrets: []string{"x"}},
		"MessageSecrets: given without Messa": {Event: take, MessageSecrets: []string{"x"}},
	} {
		if _, err := server.NewCallbackReceiver(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("NewCallbackReceiver = %v, want %q in it", err, want)
		}
	}
}
