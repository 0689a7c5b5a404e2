package refserver_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/oapi-codegen/nullable"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/refserver"
)

func (r *running) v1(t testing.TB, key string) *maaxv1.ClientWithResponses {
	t.Helper()
	client, err := maaxv1.NewClientWithResponses(r.URL, maaxv1.WithRequestEditorFn(withKey(key)),
		maaxv1.WithHTTPClient(&http.Client{Transport: checking{t}}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// withKey sends the key, or no header when it is empty.
func withKey(key string) func(context.Context, *http.Request) error {
	return func(_ context.Context, req *http.Request) error {
		if key != "" {
			req.Header.Set("2hd-api-key", key)
		}
		return nil
	}
}

// info describes a prospect by e-mail.
func info(email string) *common.ProspectInfo {
	return &common.ProspectInfo{FirstName: new("Ada"), LastName: new("Lovelace"), Email: &email}
}

// support is a support question of the prospect with that e-mail address.
func support(text, email string) maaxv1.InitiateAnswerGenerationRequest {
	return maaxv1.InitiateAnswerGenerationRequest{
		MessageContent: text, Platform: common.PlatformEmail,
		ServiceType: new(common.ServiceTypeCustomerSupportAutomation), ProspectInfo: info(email),
	}
}

// send sends a message, which must be accepted, and returns its id.
func send(t testing.TB, client *maaxv1.ClientWithResponses, request maaxv1.InitiateAnswerGenerationRequest) int64 {
	t.Helper()
	sent, err := client.InitiateAnswerGenerationWithResponse(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if sent.JSON200 == nil {
		t.Fatalf("send: got %s: %s", sent.Status(), sent.Body)
	}
	return sent.JSON200.IncomingMessageID
}

// fetch waits for the answer to a message.
func fetch(t testing.TB, client *maaxv1.ClientWithResponses, id int64, serviceType common.ServiceType) string {
	t.Helper()
	var answer nullable.Nullable[string]
	poll(t, "answer", func() bool {
		fetched, err := client.RetrieveAnswerWithResponse(t.Context(), &maaxv1.RetrieveAnswerParams{
			ServiceType: serviceType, IncomingMessageID: id,
		})
		if err != nil {
			t.Fatal(err)
		}
		if fetched.JSON200 == nil {
			t.Fatalf("fetch: got %s: %s", fetched.Status(), fetched.Body)
		}
		answer = fetched.JSON200.Answer
		return !answer.IsNull()
	})
	return answer.MustGet()
}

// entry is one message of a history without its id and time.
type entry struct{ Sender, Text string }

// entries reads a history, whose elements the contract leaves open.
func entries(t testing.TB, messages []common.Message) []entry {
	t.Helper()
	var out []entry
	for _, m := range messages {
		fields, ok := m.(map[string]any)
		if !ok {
			t.Fatalf("history: got a message of type %T, want an object", m)
		}
		for _, name := range []string{"id", "created_at", "platform", "service_type"} {
			if _, ok := fields[name]; !ok {
				t.Errorf("history: message without %s", name)
			}
		}
		out = append(out, entry{fields["sender"].(string), fields["text"].(string)})
	}
	return out
}

func historyV1(t testing.TB, client *maaxv1.ClientWithResponses, id int64) []entry {
	t.Helper()
	got, err := client.GetConversationsHistoryWithResponse(t.Context(), &maaxv1.GetConversationsHistoryParams{ConversationID: id})
	if err != nil {
		t.Fatal(err)
	}
	if got.JSON200 == nil {
		t.Fatalf("history: got %s: %s", got.Status(), got.Body)
	}
	return entries(t, got.JSON200.MessagesInConversation)
}

// create makes a conversation and returns its id.
func create(t testing.TB, client *maaxv1.ClientWithResponses, request maaxv1.CreateConversationRequest) int64 {
	t.Helper()
	created, err := client.CreateConversationWithResponse(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if created.JSON200 == nil {
		t.Fatalf("create conversation: got %s: %s", created.Status(), created.Body)
	}
	id, err := created.JSON200.ConversationID.AsConversationNumber()
	if err != nil {
		t.Fatalf("create conversation: %v", err)
	}
	return id
}

func TestV1SendAndFetch(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := start(t, refserver.Config{Database: database})
		client := srv.v1(t, srv.DevelopmentKey())
		id := send(t, client, support("How do I reset my password?", "ada@example.com"))
		got := fetch(t, client, id, common.ServiceTypeCustomerSupportAutomation)
		if !strings.Contains(got, `choose "Forgotten password"`) {
			t.Errorf("answer: got %q, want the knowledge base's, in plain text", got)
		}
		if again := fetch(t, client, id, common.ServiceTypeCustomerSupportAutomation); again != got {
			t.Errorf("answer fetched again: got %q, want %q", again, got)
		}
	})
}

func TestV1AnswerIsNullUntilReady(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		hold := make(chan struct{})
		srv := start(t, refserver.Config{Database: database, Generator: generator(func(ctx context.Context, _ refserver.Question) (refserver.Answer, error) {
			select {
			case <-hold:
			case <-ctx.Done():
			}
			return refserver.Answer{Text: "done", Confidence: 1}, ctx.Err()
		})})
		client := srv.v1(t, srv.DevelopmentKey())
		id := send(t, client, support("Anything?", "ada@example.com"))
		fetched, err := client.RetrieveAnswerWithResponse(t.Context(), &maaxv1.RetrieveAnswerParams{
			ServiceType: common.ServiceTypeCustomerSupportAutomation, IncomingMessageID: id,
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(fetched.Body), "{\"answer\":null}\n"; got != want {
			t.Errorf("answer that is not ready: got %q, want %q", got, want)
		}
		close(hold)
		if got := fetch(t, client, id, common.ServiceTypeCustomerSupportAutomation); got != "done" {
			t.Errorf("answer: got %q, want done", got)
		}
	})
}

// generator is a Generator as a function.
type generator func(context.Context, refserver.Question) (refserver.Answer, error)

func (g generator) Generate(ctx context.Context, q refserver.Question) (refserver.Answer, error) {
	return g(ctx, q)
}

// echo answers with markup and two paragraphs around the question.
var echo = generator(func(_ context.Context, q refserver.Question) (refserver.Answer, error) {
	return refserver.Answer{Text: "<b>" + q.Text + "</b>\n\nBye", Confidence: 1, Source: "echo"}, nil
})

func TestV1OutputFormat(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v1(t, srv.DevelopmentKey())
		for name, tc := range map[string]struct {
			format *maaxv1.InitiateAnswerGenerationRequestOutputFormat
			want   string
		}{
			"left out": {nil, "<b>a & b</b>\n\nBye"},
			"blank":    {new(maaxv1.InitiateAnswerGenerationRequestOutputFormatEmpty), "<b>a & b</b>\n\nBye"},
			"html":     {new(maaxv1.InitiateAnswerGenerationRequestOutputFormatHTML), "<p>&lt;b&gt;a &amp; b&lt;/b&gt;</p><p>Bye</p>"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				request := support("a & b", "ada@example.com")
				request.OutputFormat = tc.format
				got := fetch(t, client, send(t, client, request), common.ServiceTypeCustomerSupportAutomation)
				if got != tc.want {
					t.Errorf("answer: got %q, want %q", got, tc.want)
				}
			})
		}
	})
}

func TestV1ConversationIsChosen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v1(t, srv.DevelopmentKey())
		first := create(t, client, maaxv1.CreateConversationRequest{ProspectInfo: info("Ada@Example.com")})
		second := create(t, client, maaxv1.CreateConversationRequest{ProspectInfo: info("ada@example.com ")})

		// The same prospect by another spelling: the latest conversation.
		latest := support("to the latest", " ADA@example.COM")
		fetch(t, client, send(t, client, latest), common.ServiceTypeCustomerSupportAutomation)
		explicit := support("to the first", "ada@example.com")
		explicit.ConversationID = &first
		fetch(t, client, send(t, client, explicit), common.ServiceTypeCustomerSupportAutomation)
		// Now the first is the latest.
		fetch(t, client, send(t, client, support("again", "ada@example.com")), common.ServiceTypeCustomerSupportAutomation)
		// Somebody else has a conversation of his own.
		fetch(t, client, send(t, client, support("other", "bob@example.com")), common.ServiceTypeCustomerSupportAutomation)

		want := []entry{
			{"prospect", "to the first"}, {"ai", "<b>to the first</b>\n\nBye"},
			{"prospect", "again"}, {"ai", "<b>again</b>\n\nBye"},
		}
		if diff := cmp.Diff(want, historyV1(t, client, first)); diff != "" {
			t.Errorf("first conversation (-want +got):\n%s", diff)
		}
		want = []entry{{"prospect", "to the latest"}, {"ai", "<b>to the latest</b>\n\nBye"}}
		if diff := cmp.Diff(want, historyV1(t, client, second)); diff != "" {
			t.Errorf("second conversation (-want +got):\n%s", diff)
		}
	})
}

func TestV1ConversationOnly(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v1(t, srv.DevelopmentKey())
		conversation := create(t, client, maaxv1.CreateConversationRequest{ProspectInfo: info("ada@example.com")})
		request := support("hello", "")
		request.ProspectInfo, request.ConversationID = nil, &conversation
		send(t, client, request)
		if got := historyV1(t, client, conversation); len(got) == 0 || got[0].Text != "hello" {
			t.Errorf("history: got %v, want the message first", got)
		}
	})
}

func TestV1ServiceTypeWhenLeftOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v1(t, srv.DevelopmentKey())
		for name, tc := range map[string]struct {
			aiID nullable.Nullable[int64]
			want common.ServiceType
		}{
			"no AI":   {nil, common.ServiceTypeCustomerSupportAutomation},
			"null AI": {nullable.NewNullNullable[int64](), common.ServiceTypeCustomerSupportAutomation},
			"an AI":   {nullable.NewNullableWithValue[int64](12), common.ServiceTypeSalesAutomation},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				request := support("hello", "ada@example.com")
				request.ServiceType, request.AIID = nil, tc.aiID
				fetch(t, client, send(t, client, request), tc.want)
			})
		}
	})
}
