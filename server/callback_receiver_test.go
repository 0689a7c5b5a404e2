package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/server"
)

const hookSecret = "0123456789abcdef-secret"

// hooks is a running receiver.
type hooks struct {
	*httptest.Server
	receiver *server.CallbackReceiver
	got      chan server.Callback
	outcomes chan server.Outcome
	log      *lockedBuffer
}

// newHooks starts a receiver that takes every callback; adjust may change it.
func newHooks(tb testing.TB, adjust func(*server.CallbackConfig)) *hooks {
	tb.Helper()
	h := &hooks{got: make(chan server.Callback, 8), outcomes: make(chan server.Outcome, 8), log: &lockedBuffer{}}
	take := func(_ context.Context, c server.Callback) error {
		h.got <- c
		return nil
	}
	config := server.CallbackConfig{
		Answer: take, FollowUp: take, Emergency: take,
		OnResult: func(_ context.Context, o server.Outcome) { h.outcomes <- o },
		Logger:   slog.New(slog.NewTextHandler(h.log, nil)),
	}
	if adjust != nil {
		adjust(&config)
	}
	var err error
	if h.receiver, err = server.NewCallbackReceiver(config); err != nil {
		tb.Fatal(err)
	}
	h.Server = httptest.NewServer(h.receiver)
	tb.Cleanup(h.Close)
	return h
}

func (h *hooks) post(tb testing.TB, method, target, contentType, body string) answer {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), method, h.URL+target, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return send(tb, req)
}

func TestCallbackReceiverTakes(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		name, method, target, contentType, body string

		operation    string
		encoding     server.Encoding
		fields       map[string]any
		text, field  string
		conversation string
	}{
		{name: "answer", method: "POST", target: "/maax/answer", contentType: "application/json",
			body:      `{"answer":"It costs 100 euros.","conversation_id":9007199254740993,"x":1.50}`,
			operation: server.OperationMAAXAnswer, encoding: server.EncodingJSON,
			fields: map[string]any{"answer": "It costs 100 euros.", "conversation_id": json.Number("9007199254740993"), "x": json.Number("1.50")},
			text:   "It costs 100 euros.", field: "answer", conversation: "9007199254740993"},
		{name: "id as a string", method: "POST", target: "/maax/answer", contentType: "application/json",
			body:      `{"message":"m","response":"r","conversation_id":"7301"}`,
			operation: server.OperationMAAXAnswer, encoding: server.EncodingJSON,
			fields: map[string]any{"message": "m", "response": "r", "conversation_id": "7301"},
			text:   "r", field: "response", conversation: "7301"},
		{name: "follow-up prefers its own names", method: "POST", target: "/maax/follow-up/", contentType: "application/json",
			body:      `{"message":"m","answer":"a"}`,
			operation: server.OperationMAAXFollowUp, encoding: server.EncodingJSON,
			fields: map[string]any{"message": "m", "answer": "a"}, text: "m", field: "message"},
		{name: "emergency", method: "POST", target: "/maax/emergency-notification", contentType: "application/json; charset=utf-8",
			body:      `{"conversation_id":7,"reason":"none"}`,
			operation: server.OperationMAAXEmergency, encoding: server.EncodingJSON,
			fields: map[string]any{"conversation_id": json.Number("7"), "reason": "none"}, conversation: "7"},
		{name: "form", method: "POST", target: "/maax/answer", contentType: form, body: "answer=It+costs&conversation_id=7&tag=a&tag=b",
			operation: server.OperationMAAXAnswer, encoding: server.EncodingForm,
			fields: map[string]any{"answer": "It costs", "conversation_id": "7", "tag": []any{"a", "b"}},
			text:   "It costs", field: "answer", conversation: "7"},
		{name: "JSON that says it is a form", method: "PUT", target: "/maax/answer", contentType: form, body: ` {"answer":"a"}`,
			operation: server.OperationMAAXAnswer, encoding: server.EncodingJSON,
			fields: map[string]any{"answer": "a"}, text: "a", field: "answer"},
		{name: "JSON that says nothing", method: "POST", target: "/maax/answer", body: `{"answer":"a"}`,
			operation: server.OperationMAAXAnswer, encoding: server.EncodingJSON,
			fields: map[string]any{"answer": "a"}, text: "a", field: "answer"},
		{name: "query alone", method: "GET", target: "/maax/answer?answer=a",
			operation: server.OperationMAAXAnswer, encoding: server.EncodingQuery,
			fields: map[string]any{"answer": "a"}, text: "a", field: "answer"},
		{name: "array", method: "POST", target: "/maax/answer", contentType: "application/json", body: `[1]`,
			operation: server.OperationMAAXAnswer},
		{name: "two values", method: "POST", target: "/maax/answer", contentType: "application/json", body: `{"answer":"a"}{}`,
			operation: server.OperationMAAXAnswer},
		{name: "null and other types", method: "POST", target: "/maax/answer", contentType: "application/json",
			body:      `{"answer":null,"message":{"text":"a"},"conversation_id":true}`,
			operation: server.OperationMAAXAnswer, encoding: server.EncodingJSON,
			fields: map[string]any{"answer": nil, "message": map[string]any{"text": "a"}, "conversation_id": true}},
		{name: "text", method: "POST", target: "/maax/answer", contentType: "text/plain", body: "It costs 100 euros.",
			operation: server.OperationMAAXAnswer},
		{name: "nothing", method: "POST", target: "/maax/answer",
			operation: server.OperationMAAXAnswer},
	}
	h := newHooks(t, nil)
	for _, tt := range tests {
		a := h.post(t, tt.method, tt.target, tt.contentType, tt.body)
		if a.status != http.StatusOK || a.body != "" {
			t.Errorf("%s: answer = %d %s, want 200 without a body", tt.name, a.status, a.body)
			continue
		}
		got, o := <-h.got, <-h.outcomes
		text, field, _ := got.Text()
		conversation, _, _ := got.ConversationID()
		if got.Operation != tt.operation || got.Method != tt.method || string(got.Body) != tt.body || got.Encoding != tt.encoding ||
			text != tt.text || field != tt.field || conversation != tt.conversation {
			t.Errorf("%s: got %+v, text %q from %q, conversation %q", tt.name, got, text, field, conversation)
		}
		if diff := cmp.Diff(tt.fields, got.Fields); diff != "" {
			t.Errorf("%s: fields (-want +got):\n%s", tt.name, diff)
		}
		if o.Refused || o.Direction != contract.DirectionCallback || o.Result.Operation.ID != tt.operation || o.RequestID != a.header.Get(server.RequestIDHeader) {
			t.Errorf("%s: outcome = %+v", tt.name, o)
		}
		if diff := cmp.Diff(o.Result.Findings, got.Findings); diff != "" {
			t.Errorf("%s: findings differ (-outcome +callback):\n%s", tt.name, diff)
		}
	}
}

func TestCallbackIDs(t *testing.T) {
	t.Parallel()
	c := server.Callback{Fields: map[string]any{"incoming_message_id": json.Number("48213"), "prospect_id": "p-1", "conversation_id": ""}}
	for want, get := range map[string]func() (string, string, bool){
		"48213 incoming_message_id true": c.IncomingMessageID,
		"p-1 prospect_id true":           c.ProspectID,
		"  false":                        c.ConversationID,
	} {
		id, name, ok := get()
		if got := fmt.Sprint(id, " ", name, " ", ok); got != want {
			t.Errorf("id = %q, want %q", got, want)
		}
	}
	if text, name, ok := c.Text(); ok {
		t.Errorf("Text of an unknown operation = %q from %q", text, name)
	}
}

func TestCallbackReceiverRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, method, target, body string
		status                     int
	}{
		{"no callback", "POST", "/maax/other", "{}", 404},
		{"root", "POST", "/", "{}", 404},
		{"is it alive", "GET", "/maax/answer", "", 405},
		{"other method", "DELETE", "/maax/answer", "", 405},
		{"too large", "POST", "/maax/answer", `{"answer":"` + strings.Repeat("x", 1000) + `"}`, 413},
	}
	h := newHooks(t, func(c *server.CallbackConfig) { c.MaxBodyBytes = 500 })
	for _, tt := range tests {
		a := h.post(t, tt.method, tt.target, "application/json", tt.body)
		if a.status != tt.status || a.header.Get("Content-Type") != server.ProblemType {
			t.Errorf("%s: answer = %d %s, want %d", tt.name, a.status, a.body, tt.status)
		}
		if (a.status == 405) != (a.header.Get("Allow") != "") {
			t.Errorf("%s: Allow = %q", tt.name, a.header.Get("Allow"))
		}
	}
	h.Close()
	if len(h.got) > 0 {
		t.Errorf("the handler got %+v", <-h.got)
	}
	if n := len(h.outcomes); n != 1 {
		t.Errorf("%d outcomes, want 1 for the one that was read", n)
	}
}

func TestCallbackReceiverEnforce(t *testing.T) {
	t.Parallel()
	h := newHooks(t, func(c *server.CallbackConfig) { c.Mode = server.ModeEnforce })
	// Broken JSON breaks no inferred fact but JSON itself.
	if a := h.post(t, "POST", "/maax/answer", "application/json", `{"answer":`); a.status != 400 {
		t.Errorf("broken JSON: %d %s, want 400", a.status, a.body)
	}
	if o := <-h.outcomes; !o.Refused || o.Status != 400 || !o.Result.Blocking() {
		t.Errorf("outcome = %+v", o)
	}
	// The media type is inferred, so another one is a warning.
	if a := h.post(t, "POST", "/maax/answer", "application/x-www-form-urlencoded", `answer=a`); a.status != 200 {
		t.Errorf("form: %d %s, want 200", a.status, a.body)
	}
	if c := <-h.got; !hasRule(c.Findings, contract.RuleContentTypeUnknown) {
		t.Errorf("findings = %v, want the media type reported", c.Findings)
	}
}

func TestCallbackReceiverSecret(t *testing.T) {
	t.Parallel()
	h := newHooks(t, func(c *server.CallbackConfig) {
		c.Secret, c.BasePath, c.FollowUp = hookSecret, "/hooks", nil
	})
	link, err := h.receiver.URL(h.URL+"/", server.OperationMAAXAnswer, url.Values{"message": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := h.URL + "/hooks/maax/answer/" + hookSecret + "?message=1"; link != want {
		t.Errorf("URL = %s, want %s", link, want)
	}
	if _, err := h.receiver.URL(h.URL, server.OperationMAAXFollowUp, nil); err == nil {
		t.Error("URL of a callback without a handler: no error")
	}
	for target, want := range map[string]int{
		strings.TrimPrefix(link, h.URL):                            200,
		"/hooks/maax/answer/" + hookSecret + "/?message=1":         200,
		"/hooks/maax/answer?message=1&token=" + hookSecret:         200,
		"/hooks/maax/answer?message=1":                             404,
		"/hooks/maax/answer?message=1&token=" + hookSecret + "x":   404,
		"/hooks/maax/answer/wrong?message=1":                       404,
		"/hooks/maax/answer/?message=1&token=":                     404,
		"/maax/answer/" + hookSecret:                               404,
		"/hooks/maax/follow-up/" + hookSecret:                      404,
		"/hooks/maax/answer/wrong/" + hookSecret:                   404,
		"/hooks/maax/answer/wrong?token=" + hookSecret:             404,
		"/hooks/maax/emergency-notification/" + hookSecret + "/no": 404,
	} {
		a := h.post(t, "POST", target, "application/json", `{"answer":"a"}`)
		if a.status != want || strings.Contains(a.body, hookSecret) {
			t.Errorf("%s: answer = %d %s, want %d", target, a.status, a.body, want)
		}
		if want != 200 {
			continue
		}
		if got := <-h.got; got.Query.Encode() != "message=1" {
			t.Errorf("%s: query = %v, want the integrator's own alone", target, got.Query)
		}
	}
	if log := h.log.String(); log != "" {
		t.Errorf("log = %s, want nothing", log)
	}
}

func TestCallbackReceiverHandlerFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		handle server.CallbackFunc
		status int
		logged string
	}{
		{"error", func(context.Context, server.Callback) error { return errors.New("queue is full") }, 500, "queue is full"},
		{"public error", func(context.Context, server.Callback) error { return server.NotFound("unknown message") }, 404, "unknown message"},
		{"panic", func(context.Context, server.Callback) error { panic("secret") }, 500, "value of type string"},
		{"time", func(ctx context.Context, _ server.Callback) error { <-ctx.Done(); return ctx.Err() }, 500, "deadline exceeded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHooks(t, func(c *server.CallbackConfig) { c.Answer, c.Timeout = tt.handle, time.Millisecond })
			a := h.post(t, "POST", "/maax/answer", "application/json", `{"answer":"secret"}`)
			if a.status != tt.status || tt.status == 500 && !strings.Contains(a.body, "internal server error") {
				t.Errorf("answer = %d %s, want %d", a.status, a.body, tt.status)
			}
			if log := h.log.String(); !strings.Contains(log, tt.logged) || strings.Contains(log, "secret") {
				t.Errorf("log = %s, want %q", log, tt.logged)
			}
		})
	}
}

// TestCallbackReceiverInGin is mounted in an engine, whose request id it keeps.
func TestCallbackReceiverInGin(t *testing.T) {
	t.Parallel()
	h := newHooks(t, nil)
	s := newBare(t, func(e *gin.Engine) { e.Any("/maax/*callback", gin.WrapH(h.receiver)) })
	if a := s.do(t, call{method: "POST", target: "/maax/answer", body: `{"answer":"a"}`}); a.status != 200 {
		t.Fatalf("answer = %d %s", a.status, a.body)
	}
	if got := <-h.got; got.RequestID != "id-of-the-test" {
		t.Errorf("request id = %q", got.RequestID)
	}
}

func TestCallbackReceiverConfig(t *testing.T) {
	t.Parallel()
	take := func(context.Context, server.Callback) error { return nil }
	for want, config := range map[string]server.CallbackConfig{
		"handlers: none":     {},
		"at least 16":        {Answer: take, Secret: "short"},
		"letters, digits":    {Answer: take, Secret: "0123456789abcdef/x"},
		`mode "loud"`:        {Answer: take, Mode: "loud"},
		"body limit -1":      {Answer: take, MaxBodyBytes: -1},
		"timeout -1s":        {Answer: take, Timeout: -time.Second},
		"has no operation m": {Answer: take, Contract: loadContracts(t, contract.Config{})[0]},
	} {
		if _, err := server.NewCallbackReceiver(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("NewCallbackReceiver = %v, want %q in it", err, want)
		}
	}
}
