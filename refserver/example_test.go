package refserver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

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
