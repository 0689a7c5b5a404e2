package server_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/gin-gonic/gin"

	client "github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/server"
)

// A receiver of MAIA's webhooks in a Gin engine, and what reaches it.
func ExampleCallback_MAIAMessage() {
	const secret = "from the channel's page in the dashboard"
	receiver, err := server.NewCallbackReceiver(server.CallbackConfig{
		MessageSecrets: []string{secret},
		Message: func(_ context.Context, c server.Callback) error {
			message, ok := c.MAIAMessage()
			fmt.Println(message.SessionID, message.Direction, message.Text, ok)
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	engine := server.NewEngine(server.EngineConfig{})
	engine.Any("/maia/*callback", gin.WrapH(receiver))

	body := `{"channelId":"c","channelIdentifier":"shop-support","sessionId":"customer-123","messageId":"9a0f",` +
		`"response":"Your order left today.","timestamp":"2024-01-01T00:00:30Z"}`
	for _, sent := range []string{body, strings.Replace(body, "today", "never", 1)} {
		req := httptest.NewRequest(http.MethodPost, "/maia/message", strings.NewReader(sent))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Maia-Signature", client.Sign([]byte(body), secret))
		w := httptest.NewRecorder()
		engine.ServeHTTP(w, req)
		fmt.Println(w.Code)
	}
	// Output:
	// customer-123 outgoing Your order left today. true
	// 200
	// 401
}
