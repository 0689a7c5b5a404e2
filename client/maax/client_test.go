package maax

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maaxv1"
)

func TestRequestsOnTheWire(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"incoming_message_id":48213,"conversation_id":"7301","answer":"yes","messages_in_conversation":["hello",{"text":"hi"}]}`
		_, _ = w.Write([]byte(body))
	})
	c := newTestClient(t, v.URL+"/prefix/", Config{})
	ctx := t.Context()

	id, err := c.Initiate(ctx, Message{
		Content: "Hi", Platform: PlatformWebsite, ServiceType: ServiceSales, AIID: 12, ProspectID: 9107, ConversationID: 7301, Format: FormatHTML,
		Prospect: &Prospect{FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.com", Phone: "007", Instagram: "i", Facebook: "f", Intercom: "c"},
	})
	if id != 48213 || err != nil {
		t.Errorf("Initiate: got %d, %v", id, err)
	}
	if _, err := c.Initiate(ctx, message()); err != nil {
		t.Errorf("Initiate: got %v", err)
	}
	answer, ready, err := c.RetrieveAnswer(ctx, 48213, ServiceSales)
	if answer != (Answer{48213, "yes"}) || !ready || err != nil {
		t.Errorf("RetrieveAnswer: got %v, %t, %v", answer, ready, err)
	}
	conversation, err := c.CreateConversation(ctx, Conversation{ProspectID: 9107, Prospect: &Prospect{FirstName: "Ada", Instagram: "ada"}})
	if conversation != 7301 || err != nil {
		t.Errorf("CreateConversation: got %d, %v", conversation, err)
	}
	for _, service := range []ServiceType{"", ServiceSupport} {
		history, err := c.History(ctx, 7301, service)
		if err != nil || len(history.Messages) != 2 || string(history.Messages[1]) != `{"text":"hi"}` || !bytes.Contains(history.Raw, []byte("48213")) {
			t.Errorf("History: got %s, %v", history, err)
		}
	}
	if id, err := c.Send(ctx, outgoing()); id != 48213 || err != nil {
		t.Errorf("Send: got %d, %v", id, err)
	}
	html := outgoing()
	html.Format, html.ServiceType = FormatHTML, ServiceSales
	if _, err := c.Send(ctx, html); err != nil {
		t.Errorf("Send: got %v", err)
	}
	if history, err := c.HistoryV2(ctx, 7301); err != nil || len(history.Messages) != 2 {
		t.Errorf("HistoryV2: got %s, %v", history, err)
	}

	post := func(uri, body string) call {
		return call{"POST", "/prefix" + uri, testKey, "application/json", "application/json", body}
	}
	get := func(uri string) call {
		return call{"GET", "/prefix" + uri, testKey, "", "application/json", ""}
	}
	read := post("/api/v2/conversations/7301/", "")
	read.Type = ""
	want := []call{
		post("/api/initiate_answer_generation/", `{"ai_id":12,"conversation_id":7301,"message_content":"Hi","output_format":"html","platform":"website","prospect_id":9107,"prospect_info":{"email":"ada@example.com","facebook":"f","first_name":"Ada","instagram":"i","intercom":"c","last_name":"Lovelace","phone":"007"},"service_type":"sales_automation"}`),
		post("/api/initiate_answer_generation/", `{"message_content":"How do I reset my password?","platform":"email","prospect_info":{"email":"ada@example.com","first_name":"Ada","last_name":""},"service_type":"customer_support_automation"}`),
		get("/api/retrieve_answer/?service_type=sales_automation&incoming_message_id=48213"),
		post("/api/create-conversation/", `{"prospect_id":9107,"prospect_info":{"first_name":"Ada","instagram":"ada","last_name":""}}`),
		get("/api/get_conversations_history/?conversation_id=7301"),
		get("/api/get_conversations_history/?conversation_id=7301&service_type=customer_support_automation"),
		post("/api/v2/outgoing-messages/", `{"ai_id":12,"followup_url":"https://hooks.example.com/follow-up","message_content":"What does the course cost?","output_format":"plain_text","platform":"sms","prospect_info":{"first_name":"Ada","last_name":"","phone":"+15550100"},"send_response_url":"https://hooks.example.com/answer?message=1","service_type":"sales_automation"}`),
		post("/api/v2/outgoing-messages/", `{"ai_id":12,"followup_url":"https://hooks.example.com/follow-up","message_content":"What does the course cost?","platform":"sms","prospect_info":{"first_name":"Ada","last_name":"","phone":"+15550100"},"send_response_url":"https://hooks.example.com/answer?message=1","service_type":"sales_automation"}`),
		read,
	}
	if diff := cmp.Diff(want, v.seen()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config Config
		want   string
	}{
		{"no key", Config{}, "maax: APIKey is empty: take one from the vendor's dashboard"},
		{"key with a line end", Config{APIKey: "key\n"}, "maax: APIKey holds a character that cannot be in a key: trim white space and line ends"},
		{"key with a letter beyond ASCII", Config{APIKey: "ké"}, "maax: APIKey holds a character that cannot be in a key: trim white space and line ends"},
		{"no URL", Config{APIKey: "k", BaseURL: "https://host:secret/"}, "maax: BaseURL is not a valid URL"},
		{"scheme", Config{APIKey: "k", BaseURL: "ftp://host"}, "maax: BaseURL is neither https nor http"},
		{"relative", Config{APIKey: "k", BaseURL: "/api"}, "maax: BaseURL is neither https nor http"},
		{"no host", Config{APIKey: "k", BaseURL: "https:///api"}, "maax: BaseURL names no host"},
		{"opaque", Config{APIKey: "k", BaseURL: "https:host"}, "maax: BaseURL names no host"},
		{"user", Config{APIKey: "k", BaseURL: "https://user:secret@host"}, "maax: BaseURL holds user information: the key goes into APIKey"},
		{"query", Config{APIKey: "k", BaseURL: "https://host/?key=secret"}, "maax: BaseURL holds a query or fragment: give scheme, host and path prefix only"},
		{"empty query", Config{APIKey: "k", BaseURL: "https://host/?"}, "maax: BaseURL holds a query or fragment: give scheme, host and path prefix only"},
		{"fragment", Config{APIKey: "k", BaseURL: "https://host/#secret"}, "maax: BaseURL holds a query or fragment: give scheme, host and path prefix only"},
		{"plain HTTP", Config{APIKey: "k", BaseURL: "http://vendor.example"}, "maax: BaseURL would send the key unencrypted: use https or set AllowPlainHTTP"},
		{"plain HTTP to an address", Config{APIKey: "k", BaseURL: "http://10.0.0.1"}, "maax: BaseURL would send the key unencrypted: use https or set AllowPlainHTTP"},
		{"time-out", Config{APIKey: "k", Timeout: -1}, "maax: Timeout is negative: leave it 0 for the default"},
		{"size", Config{APIKey: "k", MaxResponseBytes: -1}, "maax: MaxResponseBytes is negative: leave it 0 for the default"},
		{"interval", Config{APIKey: "k", PollInterval: -1}, "maax: PollInterval is negative: leave it 0 for the default"},
		{"retry delay", Config{APIKey: "k", RetryDelay: -1}, "maax: RetryDelay is negative: leave it 0 for the default"},
		{"retry after", Config{APIKey: "k", MaxRetryAfter: -1}, "maax: MaxRetryAfter is negative: leave it 0 for the default"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := New(tc.config); err == nil || err.Error() != tc.want {
				t.Errorf("New: got error %v, want %s", err, tc.want)
			}
		})
	}
}

func TestNewAccepts(t *testing.T) {
	t.Parallel()
	for _, config := range []Config{
		{}, {BaseURL: "https://vendor.example:8443/prefix"}, {BaseURL: "http://localhost:8080"}, {BaseURL: "http://127.9.9.9"}, {BaseURL: "http://[::1]:80"},
		{BaseURL: "http://vendor.example", AllowPlainHTTP: true}, {FirstPoll: -1, MaxWait: -1, MaxRetries: -1},
	} {
		config.APIKey = "k"
		c, err := New(config)
		if err != nil {
			t.Errorf("New(%v): got %v", config, err)
			continue
		}
		c.Close()
	}
	c, err := New(Config{APIKey: "k"})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.caller.Base().String(); got != maaxv1.ServerURLProduction {
		t.Errorf("default base URL: got %s, want %s", got, maaxv1.ServerURLProduction)
	}
}

// TestKeyStaysOnTheHost redirects with every status and looks at what reaches
// the other host.
func TestKeyStaysOnTheHost(t *testing.T) {
	t.Parallel()
	other := newVendor(t, answers("200 {}"))
	for _, status := range []int{301, 302, 303, 307, 308} {
		v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, status)
		})
		for op, err := range every(t.Context(), newTestClient(t, v.URL, Config{})) {
			e := asError(t, err)
			if e.Status != status || !e.Wire() || !strings.Contains(e.Error(), "redirects are not followed") {
				t.Errorf("%s, status %d: got %v", op, status, err)
			}
		}
	}
	if got := other.seen(); len(got) != 0 {
		t.Errorf("the other host got %d calls, the first %+v", len(got), got[0])
	}
}

// TestEditorsCannotMoveTheKey changes where a request goes after it was built.
func TestEditorsCannotMoveTheKey(t *testing.T) {
	t.Parallel()
	v, other := newVendor(t, answers("200 {}")), newVendor(t, answers("200 {}"))
	c := newTestClient(t, v.URL, Config{})
	for name, edit := range map[string]maaxv1.RequestEditorFn{
		"host": func(_ context.Context, r *http.Request) error {
			r.URL.Host = strings.TrimPrefix(other.URL, "http://")
			return nil
		},
		"scheme":      func(_ context.Context, r *http.Request) error { r.URL.Scheme = "https"; return nil },
		"host header": func(_ context.Context, r *http.Request) error { r.Host = "other.example"; return nil },
		"user":        func(_ context.Context, r *http.Request) error { r.URL.User = url.User("x"); return nil },
	} {
		_, err := c.call(t.Context(), opCreate, func(ctx context.Context) (*http.Response, error) {
			return c.v1.CreateConversation(ctx, maaxv1.CreateConversationRequest{}, edit)
		})
		if err == nil || !errors.Is(err, wire.ErrHost) || err.RequestSent || err.Wire() {
			t.Errorf("%s: got %v, want the request refused", name, err)
		}
	}
	if len(v.seen())+len(other.seen()) != 0 {
		t.Error("a moved request was sent")
	}
}

func TestKeyIsNotPrinted(t *testing.T) {
	t.Parallel()
	config := Config{APIKey: testKey, BaseURL: "https://vendor.example"}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	outer := struct{ client *Client }{c}
	inner := struct{ client Client }{*c}
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
	hexKey := fmt.Sprintf("%x", testKey)
	if text := b.String(); strings.Contains(text, testKey) || strings.Contains(text, hexKey) || !strings.Contains(text, "vendor.example") {
		t.Errorf("got the key, or no host, in:\n%s", text)
	}
	if got := fmt.Sprint(Client{}); got != "maax.Client{}" {
		t.Errorf("zero client: got %s", got)
	}
}
