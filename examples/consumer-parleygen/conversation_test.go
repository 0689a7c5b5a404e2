// Package consumer owns all code that it generates from the contracts: its
// go.mod does not name Parley. The test plays one message from end to end.
package consumer

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"example.com/consumer-parleygen/hooks"
	"example.com/consumer-parleygen/maax"
	"example.com/consumer-parleygen/standin"
)

// vendor accepts a message and answers it at once, at the URL it names.
type vendor struct{}

func (vendor) CreateOutgoingMessage(ctx context.Context, request standin.CreateOutgoingMessageRequestObject) (standin.CreateOutgoingMessageResponseObject, error) {
	answer, err := json.Marshal(map[string]any{"answer": "It costs 100 euros.", "incoming_message_id": 48213})
	if err != nil {
		return nil, err
	}
	call, err := http.NewRequestWithContext(ctx, http.MethodPost, request.Body.SendResponseURL, bytes.NewReader(answer))
	if err != nil {
		return nil, err
	}
	call.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(call)
	if err != nil {
		return nil, err
	}
	return standin.CreateOutgoingMessage200JSONResponse{IncomingMessageID: 48213}, response.Body.Close()
}

func (vendor) GetConversationHistory(context.Context, standin.GetConversationHistoryRequestObject) (standin.GetConversationHistoryResponseObject, error) {
	return standin.GetConversationHistory200JSONResponse{}, nil
}

// receiver hands the answers it gets to whoever waits.
type receiver struct{ answers chan<- string }

func (r receiver) MaaxAnswer(_ context.Context, request hooks.MaaxAnswerRequestObject) (hooks.MaaxAnswerResponseObject, error) {
	text, _ := (*request.Body)["answer"].(string)
	r.answers <- text
	return hooks.MaaxAnswer200Response{}, nil
}

func (receiver) MaaxFollowUp(context.Context, hooks.MaaxFollowUpRequestObject) (hooks.MaaxFollowUpResponseObject, error) {
	return hooks.MaaxFollowUp200Response{}, nil
}

func (receiver) MaaxEmergencyNotification(context.Context, hooks.MaaxEmergencyNotificationRequestObject) (hooks.MaaxEmergencyNotificationResponseObject, error) {
	return hooks.MaaxEmergencyNotification200Response{}, nil
}

func TestMessageIsAnswered(t *testing.T) {
	gin.SetMode(gin.TestMode)
	answers := make(chan string, 1)
	receiving, playing := gin.New(), gin.New()
	hooks.RegisterHandlers(receiving, hooks.NewStrictHandler(receiver{answers}, nil))
	standin.RegisterHandlers(playing, standin.NewStrictHandler(vendor{}, nil))
	receiverServer, vendorServer := httptest.NewServer(receiving), httptest.NewServer(playing)
	defer receiverServer.Close()
	defer vendorServer.Close()

	client, err := maax.NewClientWithResponses(vendorServer.URL)
	if err != nil {
		t.Fatal(err)
	}
	name, email := "Ada", "ada@example.com"
	result, err := client.CreateOutgoingMessageWithResponse(t.Context(), maax.OutgoingMessageRequest{
		AIID:            12,
		MessageContent:  "What does the course cost?",
		Platform:        maax.PlatformEmail,
		ProspectInfo:    maax.ProspectInfo{FirstName: &name, Email: &email},
		ServiceType:     maax.OutgoingMessageRequestServiceTypeSalesAutomation,
		SendResponseURL: receiverServer.URL + "/maax/answer?message=1",
		FollowupURL:     receiverServer.URL + "/maax/follow-up",
	})
	if err != nil {
		t.Fatal(err)
	}
	if result.JSON200 == nil {
		t.Fatalf("status: got %s, want 200 with a body", result.Status())
	}
	if got, want := <-answers, "It costs 100 euros."; got != want {
		t.Errorf("answer: got %q, want %q", got, want)
	}
}
