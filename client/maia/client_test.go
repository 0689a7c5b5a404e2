package maia

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parley-contracts/parley/gen/maia"
)

func TestRequestsOnTheWire(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		body := good
		if strings.HasSuffix(r.URL.Path, "ai-paused") && r.ContentLength == int64(len(`{"aiPaused":false}`)) {
			body = `{"aiPaused":false}`
		}
		_, _ = io.WriteString(w, body)
	})
	c := newTestClient(t, v.URL+"/prefix/", Config{})
	ctx := t.Context()

	want := Receipt{SessionID: "s", NewSession: true, MessageID: "u", Time: time.UnixMilli(1704067200123).UTC(), Note: "ok"}
	full := Message{
		Channel: "15550100", ChannelType: ChannelWhatsAppApp, SessionID: "customer-123", SessionName: "Ada", ExternalUserID: "customer-123",
		Attachments: []Attachment{{FileKey: "attachments/acc1/q.ogg", FileName: "q.ogg", ContentType: "audio/ogg", Size: 256000}},
		AgentID:     "agent", KanbanID: "kanban",
	}
	for name, send := range map[string]func() (Receipt, error){
		"send":     func() (Receipt, error) { return c.Send(ctx, Message{Channel: "shop-support", Content: "Hi"}) },
		"echo":     func() (Receipt, error) { return c.Echo(ctx, message()) },
		"transfer": func() (Receipt, error) { return c.Transfer(ctx, full) },
	} {
		if got, err := send(); got != want || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
	sent := map[string]bool{}
	for _, call := range v.seen() {
		sent[call.Body] = true
	}
	if diff := cmp.Diff(map[string]bool{
		`{"content":"Hi","fromChannelIdentifier":"shop-support"}`:                                                         true,
		`{"content":"I need help.","externalUserId":"customer-123","fromChannelIdentifier":"shop-support","isEcho":true}`: true,
		`{"agentId":"agent","attachments":[{"contentType":"audio/ogg","fileKey":"attachments/acc1/q.ogg","fileName":"q.ogg","size":256000}],` +
			`"channelType":"whatsapp_byot","content":"","externalUserId":"customer-123","fromChannelIdentifier":"15550100","kanbanId":"kanban",` +
			`"sessionId":"customer-123","sessionName":"Ada"}`: true,
	}, sent); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}

	before := len(v.seen())
	const odd = "a b/c?d%#é+;,"
	const escaped = "a%20b%2Fc%3Fd%25%23%C3%A9+%3B%2C"
	d, err := c.DownloadURL(ctx, "attachments/acc1/2024/12/5f3a-my photo+é%2F?#.jpg")
	if wantURL := (Download{"https://d.example/x?s=1", time.UnixMilli(1704070800000).UTC(), "image/jpeg", 3}); d != wantURL || err != nil {
		t.Errorf("DownloadURL: got %+v, %v, want %+v", d, err, wantURL)
	}
	reaction := Reaction{SessionID: odd, ProviderMessageID: "p", Emoji: "👍"}
	for i, err := range []error{
		c.Link(ctx, Link{SessionID: odd, MessageID: odd, ProviderMessageID: "p", MarkSent: true}),
		c.Link(ctx, Link{SessionID: "s", MessageID: "status", ProviderMessageID: "p"}),
		c.ReportStatus(ctx, StatusReport{SessionID: odd, ProviderMessageID: "p", Status: StatusDelivered}),
		c.AddReaction(ctx, reaction),
		c.RemoveReaction(ctx, reaction),
		c.SetReaction(ctx, reaction),
		c.SetReaction(ctx, Reaction{SessionID: "s", ProviderMessageID: "p"}),
		c.PauseAI(ctx, odd),
		c.ResumeAI(ctx, "s"),
	} {
		if err != nil {
			t.Errorf("call %d: got %v", i, err)
		}
	}
	if _, err := c.Connections(ctx, ConnectionWhatsApp); err != nil {
		t.Errorf("Connections: got %v", err)
	}
	raw, err := c.SearchTemplates(ctx, odd, map[string]string{"q": "a&b=c d", "st&tus": "APPROVED"})
	if string(raw) != good || err != nil {
		t.Errorf("SearchTemplates: got %s, %v", raw, err)
	}
	post := func(method, uri, body string) call {
		return call{method, "/prefix" + uri, "Bearer " + testToken, "application/json", "application/json", body}
	}
	get := func(uri string) call {
		return call{"GET", "/prefix" + uri, "Bearer " + testToken, "", "application/json", ""}
	}
	if diff := cmp.Diff([]call{
		get("/attachments/attachments/acc1/2024/12/5f3a-my%20photo+%C3%A9%252F%3F%23.jpg"),
		post("POST", "/sessions/"+escaped+"/messages/"+escaped+"/link", `{"providerMsgId":"p","setStatusToSent":true}`),
		post("POST", "/sessions/s/messages/status/link", `{"providerMsgId":"p","setStatusToSent":false}`),
		post("POST", "/sessions/"+escaped+"/messages/status", `{"providerMsgId":"p","status":"delivered"}`),
		post("POST", "/sessions/"+escaped+"/messages/reactions", `{"action":"add","emoji":"👍","providerMsgId":"p"}`),
		post("POST", "/sessions/"+escaped+"/messages/reactions", `{"action":"remove","emoji":"👍","providerMsgId":"p"}`),
		post("POST", "/sessions/"+escaped+"/messages/reactions", `{"action":"upsert","emoji":"👍","providerMsgId":"p"}`),
		post("POST", "/sessions/s/messages/reactions", `{"action":"upsert","providerMsgId":"p"}`),
		post("PATCH", "/sessions/"+escaped+"/ai-paused", `{"aiPaused":true}`),
		post("PATCH", "/sessions/s/ai-paused", `{"aiPaused":false}`),
		get("/connections?type=whatsapp_custom_app"),
		get("/channels/" + escaped + "/templates/search?q=a%26b%3Dc+d&st%26tus=APPROVED"),
	}, v.seen()[before:]); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]Config{
		"maia: Token is empty: take one from the vendor's dashboard":                              {},
		"maia: Token holds a character that cannot be in a token: trim white space and line ends": {Token: "t\n"},
		"maia: BaseURL holds user information: the token goes into Token":                         {Token: "t", BaseURL: "https://u:secret@host"},
		"maia: BaseURL would send the token unencrypted: use https or set AllowPlainHTTP":         {Token: "t", BaseURL: "http://vendor.example"},
		"maia: BaseURL holds a query or fragment: give scheme, host and path prefix only":         {Token: "t", BaseURL: "https://host/?x=secret"},
		"maia: Timeout is negative: leave it 0 for the default":                                   {Token: "t", Timeout: -1},
		"maia: UploadTimeout is negative: leave it 0 for the default":                             {Token: "t", UploadTimeout: -1},
		"maia: MegabyteBytes is negative: leave it 0 for the default":                             {Token: "t", MegabyteBytes: -1},
		"maia: MaxResponseBytes is negative: leave it 0 for the default":                          {Token: "t", MaxResponseBytes: -1},
	} {
		if _, err := New(config); err == nil || err.Error() != want {
			t.Errorf("New: got error %v, want %s", err, want)
		}
	}
	c, err := New(Config{Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := c.caller.Base().String(); got != maia.ServerURLProduction {
		t.Errorf("default base URL: got %s, want %s", got, maia.ServerURLProduction)
	}
}

// TestTokenStaysOnTheHost redirects with every status and looks at what
// reaches the other host.
func TestTokenStaysOnTheHost(t *testing.T) {
	t.Parallel()
	other := newVendor(t, answers("200 "+good))
	for _, status := range []int{301, 302, 303, 307, 308} {
		v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, status)
		})
		c := newTestClient(t, v.URL, Config{})
		for op, run := range operations {
			e := asError(t, run(t.Context(), c))
			if e.Status != status || !e.Wire() || e.Operation != string(op) || !strings.Contains(e.Error(), "redirects are not followed") {
				t.Errorf("%s, status %d: got %v", op, status, e)
			}
		}
	}
	if got := other.seen(); len(got) != 0 {
		t.Errorf("the other host got %d calls, the first %+v", len(got), got[0])
	}
}

func TestTokenIsNotPrinted(t *testing.T) {
	t.Parallel()
	config := Config{Token: testToken, BaseURL: "https://vendor.example"}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	outer, inner := struct{ client *Client }{c}, struct{ client Client }{*c}
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, value := range []any{c, *c, config, &config, outer, inner} {
			fmt.Fprintf(&b, verb+"\n", value)
		}
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(handler).Info("x", "c", c, "v", *c, "config", config, "p", &config)
	}
	for _, value := range []any{c, config} {
		text, err := json.Marshal(value)
		if err != nil {
			t.Error(err)
		}
		b.Write(text)
	}
	if text := b.String(); strings.Contains(text, testToken) || strings.Contains(text, fmt.Sprintf("%x", testToken)) || !strings.Contains(text, "vendor.example") {
		t.Errorf("got the token, or no host, in:\n%s", text)
	}
	if got := fmt.Sprint(Client{}); got != "maia.Client{}" {
		t.Errorf("zero client: got %s", got)
	}
}
