package server_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
	maaxv2 "github.com/parley-contracts/parley/gen/maaxv2/ginserver"
	"github.com/parley-contracts/parley/server"
)

// answers takes messages; the operation that the example does not call is nil.
type answers struct {
	maaxv2.StrictServerInterface
}

func (answers) CreateOutgoingMessage(_ context.Context, r maaxv2.CreateOutgoingMessageRequestObject) (maaxv2.CreateOutgoingMessageResponseObject, error) {
	if r.Body.AIID != 12 {
		return nil, server.Forbidden("The object belongs to another company")
	}
	return maaxv2.CreateOutgoingMessage200JSONResponse{IncomingMessageID: 48213}, nil
}

// A server of the MAAX V2 contract that takes nothing the contract does not
// allow.
func ExampleValidate() {
	v2, err := contract.Load(api.FS, "openapi-v2.yaml", contract.Config{})
	if err != nil {
		log.Fatal(err)
	}
	validate, err := server.Validate(server.Config{
		Contracts: contract.Set{v2},
		Shape:     server.MAAXErrors,
		Authenticate: func(_ context.Context, in server.AuthInput) error {
			if in.Request.Header.Get("2hd-Api-Key") != "my-key" {
				return server.Unauthorized("Invalid API key")
			}
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	engine := server.NewEngine(server.EngineConfig{Shape: server.MAAXErrors})
	engine.Use(validate)
	if err := server.MountMAAXV2(engine, answers{}, server.MountConfig{}); err != nil {
		log.Fatal(err)
	}

	try := func(key, body string) {
		req := httptest.NewRequest(http.MethodPost, "/api/v2/outgoing-messages/", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("2hd-Api-Key", key)
		w := httptest.NewRecorder()
		engine.ServeHTTP(w, req)
		fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
	}
	try("my-key", goodSend)
	try("my-key", strings.Replace(goodSend, `"ai_id":12`, `"ai_id":99`, 1))
	try("my-key", strings.Replace(goodSend, `"ai_id":12`, `"ai_id":"twelve"`, 1))
	try("another", `{}`)
	// Output:
	// 200 {"incoming_message_id":48213}
	// 403 {"error":"The object belongs to another company"}
	// 400 {"error":"body /ai_id: must be an integer"}
	// 401 {"error":"Invalid API key"}
}

// A receiver of answers, and the URL to give to the vendor.
func ExampleNewCallbackReceiver() {
	receiver, err := server.NewCallbackReceiver(server.CallbackConfig{
		Secret: "0123456789abcdef",
		Answer: func(_ context.Context, c server.Callback) error {
			text, field, _ := c.Text()
			fmt.Printf("answer to message %s, from the field %q: %s\n", c.Query.Get("message"), field, text)
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	srv := httptest.NewServer(receiver)
	defer srv.Close()

	link, err := receiver.URL(srv.URL, server.OperationMAAXAnswer, url.Values{"message": {"1"}})
	if err != nil {
		log.Fatal(err)
	}
	resp, err := http.Post(link, "application/json", strings.NewReader(`{"answer":"It costs 100 euros."}`))
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	fmt.Println(resp.StatusCode)
	// Output:
	// answer to message 1, from the field "answer": It costs 100 euros.
	// 200
}

// How a vendor of callbacks that are not documented is to be read: by the names
// that its fields may have.
func ExampleCallback_Text() {
	c := server.Callback{
		Operation: server.OperationMAAXFollowUp,
		Fields:    map[string]any{"message_content": "Any questions left?"},
	}
	text, field, ok := c.Text()
	fmt.Println(text, field, ok)
	// Output: Any questions left? message_content true
}
