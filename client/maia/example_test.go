package maia_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/gen/callbacks"
)

// vendor answers like MAIA; its storage host takes any file.
func vendor() (server *httptest.Server, stop func()) {
	storage := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	mux := http.NewServeMux()
	respond := func(pattern string, status int, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-RateLimit-Limit", "120")
			w.Header().Set("X-RateLimit-Remaining", "118")
			w.Header().Set("X-RateLimit-Reset", "1704067260")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		})
	}
	respond("POST /messages", 202, `{"sessionId":"customer-123","isNewSession":true,"userMessage":{"id":"6f1c","role":"user","content":"","timestamp":1704067200000},`+
		`"message":"Message received. AI response will be delivered via webhook."}`)
	respond("POST /messages/upload", 200, `{"uploadUrl":"`+storage.URL+`/5f3a-photo.jpg?signature=0","fileKey":"attachments/acc1/2024/12/5f3a-photo.jpg","expiresAt":1704067200000}`)
	respond("GET /attachments/attachments/acc1/2024/12/5f3a-photo.jpg", 200, `{"downloadUrl":"https://downloads.example.com/5f3a-photo.jpg","expiresAt":1704070800000,"contentType":"image/jpeg","size":11}`)
	respond("PATCH /sessions/customer-123/ai-paused", 200, `{"sessionId":"customer-123","aiPaused":true,"message":"AI responses paused for this session"}`)
	respond("POST /sessions/customer-123/messages/", 200, `{}`)
	respond("GET /kanbans", 200, `{"items":[{"id":"kanban_1","name":"Sales"},{"id":"kanban_2","name":"Support"}]}`)
	respond("GET /connections", 200, `{"items":[{"id":"conn_1","name":"Shop"}]}`)
	respond("GET /channels/1d2c/templates/search", 403, `{"error":"Forbidden","message":"Token has no access to this resource"}`)
	server = httptest.NewServer(mux)
	return server, func() { server.Close(); storage.Close() }
}

func newClient(server *httptest.Server) *maia.Client {
	client, err := maia.New(maia.Config{Token: "example", BaseURL: server.URL})
	if err != nil {
		panic(err)
	}
	return client
}

func ExampleClient_Send() {
	server, stop := vendor()
	defer stop()
	client := newClient(server)
	defer client.Close()

	receipt, err := client.Send(context.Background(), maia.Message{
		Channel:        "shop-support",
		Content:        "I need help with my order.",
		SessionID:      "customer-123",
		ExternalUserID: "customer-123",
	})
	fmt.Println(receipt.SessionID, receipt.NewSession, receipt.MessageID, err)
	fmt.Println(client.RateLimit().Remaining, "of", client.RateLimit().Limit, "calls left")
	// Output:
	// customer-123 true 6f1c <nil>
	// 118 of 120 calls left
}

func ExampleClient_Upload() {
	server, stop := vendor()
	defer stop()
	client := newClient(server)
	defer client.Close()

	content := "not a photo"
	photo, err := client.Upload(context.Background(), maia.File{
		Name:        "photo.jpg",
		ContentType: "image/jpeg",
		Size:        int64(len(content)),
	}, strings.NewReader(content))
	fmt.Println(photo.FileKey, err)

	receipt, err := client.Send(context.Background(), maia.Message{
		Channel:     "shop-support",
		Attachments: []maia.Attachment{photo},
		SessionID:   "customer-123",
	})
	fmt.Println(receipt.MessageID, err)
	// Output:
	// attachments/acc1/2024/12/5f3a-photo.jpg <nil>
	// 6f1c <nil>
}

func ExampleClient_DownloadURL() {
	server, stop := vendor()
	defer stop()
	client := newClient(server)
	defer client.Close()

	download, err := client.DownloadURL(context.Background(), "attachments/acc1/2024/12/5f3a-photo.jpg")
	fmt.Println(download.URL, download.Size, download.Expires, err)
	// Output: https://downloads.example.com/5f3a-photo.jpg 11 2024-01-01 01:00:00 +0000 UTC <nil>
}

func ExampleClient_Transfer() {
	server, stop := vendor()
	defer stop()
	client := newClient(server)
	defer client.Close()

	_, err := client.Transfer(context.Background(), maia.Message{
		Channel:   "shop-support",
		Content:   "I would like to buy more.",
		SessionID: "customer-123",
		AgentID:   "sales-agent",
	})
	fmt.Println(err)
	// Output: <nil>
}

// What an integration does with an answer of the AI that it delivered itself.
func ExampleClient_Link() {
	server, stop := vendor()
	defer stop()
	client := newClient(server)
	defer client.Close()
	ctx := context.Background()

	fmt.Println(client.Link(ctx, maia.Link{SessionID: "customer-123", MessageID: "9a0f", ProviderMessageID: "sms-1", MarkSent: true}))
	fmt.Println(client.ReportStatus(ctx, maia.StatusReport{SessionID: "customer-123", ProviderMessageID: "sms-1", Status: maia.StatusDelivered}))
	fmt.Println(client.AddReaction(ctx, maia.Reaction{SessionID: "customer-123", ProviderMessageID: "sms-1", Emoji: "👍"}))
	fmt.Println(client.PauseAI(ctx, "customer-123"))
	// Output:
	// <nil>
	// <nil>
	// <nil>
	// <nil>
}

func ExampleClient_Kanbans() {
	server, stop := vendor()
	defer stop()
	client := newClient(server)
	defer client.Close()

	for kanban, err := range client.Kanbans(context.Background(), maia.KanbanFilter{}) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(kanban.ID, kanban.Name)
	}
	// Output:
	// kanban_1 Sales
	// kanban_2 Support
}

func ExampleClient_Connections() {
	server, stop := vendor()
	defer stop()
	client := newClient(server)
	defer client.Close()

	connections, err := client.Connections(context.Background(), maia.ConnectionWhatsApp)
	fmt.Println(len(connections), connections[0].Name, err)
	// Output: 1 Shop <nil>
}

func ExampleError() {
	server, stop := vendor()
	defer stop()
	client := newClient(server)
	defer client.Close()

	_, err := client.SearchTemplates(context.Background(), "1d2c", map[string]string{"q": "welcome"})
	fmt.Println(err)
	var failure *maia.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.Status, failure.Wire(), errors.Is(err, maia.ErrRateLimited))
	}
	// Output:
	// maia: searchTemplates: status 403: Token has no access to this resource
	// 403 true false
}

func ExampleVerifySignature() {
	const secret = "from the channel's page in the dashboard"
	receive := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if err := maia.VerifySignature(body, r.Header.Get(maia.SignatureHeader), secret); err != nil {
			fmt.Println(err)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var message callbacks.MaiaMessage
		if err := json.Unmarshal(body, &message); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		fmt.Println(message.Response)
	}

	body := `{"messageId":"9a0f","response":"Your order left today.","timestamp":"2024-01-01T00:00:30.000Z"}`
	for _, sent := range []string{body, strings.Replace(body, "today", "never", 1)} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(sent))
		r.Header.Set(maia.SignatureHeader, maia.Sign([]byte(body), secret))
		receive(httptest.NewRecorder(), r)
	}
	// Output:
	// Your order left today.
	// maia: the webhook's signature is not that of its body
}
