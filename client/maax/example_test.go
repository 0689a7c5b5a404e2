package maax_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/parley-contracts/parley/client/maax"
)

// vendor answers like MAAX, the first fetch too early.
func vendor() *httptest.Server {
	polls := 0
	mux := http.NewServeMux()
	respond := func(pattern, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	}
	respond("POST /api/initiate_answer_generation/", `{"incoming_message_id":48213}`)
	respond("POST /api/v2/outgoing-messages/", `{"incoming_message_id":48214}`)
	respond("POST /api/create-conversation/", `{"conversation_id":"7301"}`)
	respond("GET /api/get_conversations_history/", `{"messages_in_conversation":[{"text":"Hello"}]}`)
	respond("POST /api/v2/conversations/7301/", `{"messages_in_conversation":[{"text":"Hello"}]}`)
	mux.HandleFunc("GET /api/retrieve_answer/", func(w http.ResponseWriter, _ *http.Request) {
		if polls++; polls == 1 {
			fmt.Fprint(w, `{"answer":null}`)
			return
		}
		fmt.Fprint(w, `{"answer":"Open Settings, then choose Reset password."}`)
	})
	return httptest.NewServer(mux)
}

func newClient(server *httptest.Server) *maax.Client {
	client, err := maax.New(maax.Config{
		APIKey:  "example",
		BaseURL: server.URL,
		// No waiting in an example.
		Sleep: func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		panic(err)
	}
	return client
}

func ExampleClient_SendAndWait() {
	server := vendor()
	defer server.Close()
	client := newClient(server)
	defer client.Close()

	answer, err := client.SendAndWait(context.Background(), maax.Message{
		Content:     "How do I reset my password?",
		Platform:    maax.PlatformEmail,
		ServiceType: maax.ServiceSupport,
		Prospect:    &maax.Prospect{FirstName: "Ada", Email: "ada@example.com"},
	})
	fmt.Println(answer.MessageID, answer.Text, err)
	// Output: 48213 Open Settings, then choose Reset password. <nil>
}

func ExampleClient_Initiate() {
	server := vendor()
	defer server.Close()
	client := newClient(server)
	defer client.Close()

	id, err := client.Initiate(context.Background(), maax.Message{
		Content:     "What does the course cost?",
		Platform:    maax.PlatformSMS,
		ServiceType: maax.ServiceSales,
		AIID:        12,
		ProspectID:  9107,
	})
	fmt.Println(id, err)
	// Output: 48213 <nil>
}

func ExampleClient_RetrieveAnswer() {
	server := vendor()
	defer server.Close()
	client := newClient(server)
	defer client.Close()

	for range 2 {
		answer, ready, err := client.RetrieveAnswer(context.Background(), 48213, maax.ServiceSupport)
		fmt.Printf("%q %t %v\n", answer.Text, ready, err)
	}
	// Output:
	// "" false <nil>
	// "Open Settings, then choose Reset password." true <nil>
}

func ExampleClient_CreateConversation() {
	server := vendor()
	defer server.Close()
	client := newClient(server)
	defer client.Close()

	id, err := client.CreateConversation(context.Background(), maax.Conversation{
		Prospect: &maax.Prospect{FirstName: "Ada", LastName: "Lovelace", Instagram: "ada.lovelace"},
	})
	fmt.Println(id, err)
	// Output: 7301 <nil>
}

func ExampleClient_History() {
	server := vendor()
	defer server.Close()
	client := newClient(server)
	defer client.Close()

	history, err := client.History(context.Background(), 7301, maax.ServiceSales)
	fmt.Printf("%s %v\n", history.Messages, err)
	// Output: [{"text":"Hello"}] <nil>
}

func ExampleClient_Send() {
	server := vendor()
	defer server.Close()
	client := newClient(server)
	defer client.Close()

	id, err := client.Send(context.Background(), maax.OutgoingMessage{
		Message: maax.Message{
			Content:  "What does the course cost?",
			Platform: maax.PlatformSMS,
			AIID:     12,
			Prospect: &maax.Prospect{FirstName: "Ada", Phone: "+15550100"},
		},
		AnswerURL:   "https://hooks.example.com/maax/answer?message=1",
		FollowUpURL: "https://hooks.example.com/maax/follow-up",
	})
	fmt.Println(id, err)
	// Output: 48214 <nil>
}

func ExampleClient_HistoryV2() {
	server := vendor()
	defer server.Close()
	client := newClient(server)
	defer client.Close()

	history, err := client.HistoryV2(context.Background(), 7301)
	fmt.Printf("%s %v\n", history.Messages, err)
	// Output: [{"text":"Hello"}] <nil>
}

func ExampleError() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, "<html>Unauthorized</html>")
	}))
	defer server.Close()
	client := newClient(server)
	defer client.Close()

	_, err := client.HistoryV2(context.Background(), 7301)
	fmt.Println(err)
	var failure *maax.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.Status, failure.Wire(), failure.Excerpt)
	}
	// Output:
	// maax: getConversationHistory: status 401
	// 401 true <html>Unauthorized</html>
}
