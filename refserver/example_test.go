package refserver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/parley-contracts/parley/refserver"
)

// A test double for an integration: a server on a temporary database, with a
// development account and no delays.
func ExampleNew() {
	srv, err := refserver.New(refserver.Config{
		Seed:               &refserver.Seed{},
		AnswerDelay:        refserver.None,
		UnsafeAllowPrivate: true, // callbacks to the test itself
		Logger:             (&logBuffer{}).logger(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	if err := srv.Start(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	ts := httptest.NewServer(srv)
	defer ts.Close()

	req, _ := http.NewRequest(http.MethodPost, ts.URL+"/api/create-conversation/",
		strings.NewReader(`{"prospect_info": {"first_name": "Ada", "last_name": "", "email": "ada@example.com"}}`))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("2hd-api-key", srv.DevelopmentKey())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.Status)
	// Output: 200 OK
}

// Fifteen minutes of silence pass in the milliseconds that the work in them
// takes. In a test, Double(t, config) makes, starts and closes the server.
func ExampleNewDouble() {
	srv, err := refserver.NewDouble(refserver.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	ts := httptest.NewServer(srv)
	defer ts.Close()

	integration := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println("callback:", r.URL.Path)
	}))
	defer integration.Close()
	req, _ := http.NewRequest(http.MethodPost, ts.URL+"/api/v2/outgoing-messages/", strings.NewReader(`{
		"message_content": "Which courses do you offer?", "platform": "sms", "ai_id": 12,
		"service_type": "sales_automation", "prospect_info": {"first_name": "Ada", "email": "ada@example.com"},
		"send_response_url": "`+integration.URL+`/answer", "followup_url": "`+integration.URL+`/follow-up"}`))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("2hd-api-key", srv.DevelopmentKey())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.Status)

	ctx := context.Background()
	if err := srv.Settle(ctx); err != nil {
		fmt.Println(err)
	}
	if err := srv.Advance(ctx, 15*time.Minute); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 200 OK
	// callback: /answer
	// callback: /follow-up
}
