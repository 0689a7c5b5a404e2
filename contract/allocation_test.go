//go:build !race

package contract_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract"
)

// acceptedExchanges are messages of the project's contracts that break nothing.
func acceptedExchanges(tb testing.TB) map[string]func() contract.Result {
	tb.Helper()
	v1, v2, maia := loadAPI(tb, "openapi-v1.yaml"), loadAPI(tb, "openapi-v2.yaml"), loadAPI(tb, "openapi-maia.yaml")
	request := func(c *contract.Contract, r *contract.Request) func() contract.Result {
		return func() contract.Result { return c.CheckRequest(r) }
	}
	bearer := header("Authorization", "Bearer t", "Content-Type", "application/json; charset=utf-8", "Accept", "*/*", "User-Agent", "test")
	attachment := `{"fileName":"a.png","fileKey":"uploads/abc.png","contentType":"image/png","size":120}`
	message := func(n int) []byte {
		return []byte(`{"fromChannelIdentifier":"+48123456789","sessionId":"550e8400-e29b-41d4-a716-446655440000","content":"Hello","attachments":[` +
			strings.TrimSuffix(strings.Repeat(attachment+",", n), ",") + `]}`)
	}
	answer := &contract.Response{Status: 200, Header: bearer, Body: []byte(`{"conversation_id":4410277}`)}
	return map[string]func() contract.Result{
		"V2 POST":   request(v2, validV2(tb)),
		"MAIA POST": request(maia, &contract.Request{Method: "POST", Target: "/messages", Header: bearer, Body: message(2)}),
		"PATCH":     request(maia, &contract.Request{Method: "PATCH", Target: "/sessions/550e8400-e29b-41d4-a716-446655440000/ai-paused", Header: bearer, Body: []byte(`{"aiPaused": true}`)}),
		"GET": request(v1, &contract.Request{
			Method: "GET", Target: "/api/get_conversations_history/?conversation_id=4410277&service_type=sales_automation",
			Header: header("2hd-Api-Key", "k"),
		}),
		"response": func() contract.Result { return v1.CheckResponse(v1.Operation("createConversation"), answer) },
	}
}

func TestAcceptAllocatesNothing(t *testing.T) {
	for name, check := range acceptedExchanges(t) {
		if r := check(); r.Operation == nil || len(r.Findings) > 0 || r.Account != contract.AccountValidated {
			t.Errorf("%s: account %s, findings %v", name, r.Account, r.Findings)
			continue
		}
		if got := testing.AllocsPerRun(100, func() { check() }); got != 0 {
			t.Errorf("%s: %v allocations, want none", name, got)
		}
	}
}

func TestAcceptOfShopAllocatesNothing(t *testing.T) {
	shop := load(t, "shop.yaml", contract.Config{})
	var array bytes.Buffer
	array.WriteString(`{"name":"a","sizes":{`)
	for i := range 2000 {
		fmt.Fprintf(&array, `"size number %d":%d,`, i, i)
	}
	array.WriteString(`"last":1},"pet":{"lives":9,"type":"cat"}}`)
	located := header("Content-Type", "application/json", "Location", "https://a.example/1", "X-Count", "3")
	created := shop.Operation("createThing")
	response := func(body string) func() contract.Result {
		r := &contract.Response{Status: http.StatusCreated, Header: located, Body: []byte(body)}
		return func() contract.Result { return shop.CheckResponse(created, r) }
	}
	request := func(c call) func() contract.Result {
		r := &contract.Request{Method: c.method, Target: c.target, Header: c.header, Body: []byte(c.body)}
		return func() contract.Result { return shop.CheckRequest(r) }
	}
	callback := &contract.Request{Method: "POST", Target: "/mine?my=own", Header: thing("").header, Body: []byte(fine)}
	for name, check := range map[string]func() contract.Result{
		"large":    request(thing(array.String())),
		"query":    request(call{"GET", "/things/12?limit=%31&bare=a+b&tag=aa&tag=bb&flag=true", "", header("X-Key", "k", "X-Trace", "short", "Cookie", "a=b; session=550e8400-e29b-41d4-a716-446655440000")}),
		"path":     request(call{"GET", "/open/x.a%20b", "", header("Authorization", "Bearer t")}),
		"response": response(`{"name":"a","id":3,"tags":["x","y"]}`),
		"callback": func() contract.Result { return shop.CheckCallback("createThing", callback) },
	} {
		if r := check(); len(r.Findings) > 0 {
			t.Errorf("%s: findings %v", name, r.Findings)
			continue
		}
		if got := testing.AllocsPerRun(100, func() { check() }); got != 0 {
			t.Errorf("%s: %v allocations, want none", name, got)
		}
	}
}

// TestRefusalIsCheap bounds what one finding costs.
func TestRefusalIsCheap(t *testing.T) {
	v2 := loadAPI(t, "openapi-v2.yaml")
	for name, old := range map[string]string{"enum": `"sms"`, "required": `"ai_id"`} {
		r := *validV2(t)
		r.Body = bytes.Replace(r.Body, []byte(old), []byte(`"x_x"`), 1)
		check := func() { v2.CheckRequest(&r) }
		check()
		if got := testing.AllocsPerRun(100, check); got > 8 {
			t.Errorf("%s: %v allocations, want at most 8", name, got)
		}
	}
}
