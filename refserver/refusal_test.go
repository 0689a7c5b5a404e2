package refserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/refserver"
)

// call makes a request by hand and returns its status and its error text. The
// body must have the error shape of the contracts.
func call(t *testing.T, method, url, key, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("2hd-api-key", key)
	}
	res, err := (&http.Client{Transport: checking{t}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatalf("%s %s: got %d with body %q, want JSON", method, url, res.StatusCode, raw)
	}
	text, _ := fields["error"].(string)
	if res.StatusCode >= 400 && (text == "" || len(fields) != 1) {
		t.Errorf("%s %s: got error body %s, want one member error", method, url, raw)
	}
	return res.StatusCode, text
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		key := srv.DevelopmentKey()
		otherKey, err := srv.CreateAccount(t.Context(), refserver.AccountConfig{Name: "other"})
		if err != nil {
			t.Fatal(err)
		}
		client, other := srv.v1(t, key), srv.v1(t, otherKey)
		mine := create(t, client, maaxv1.CreateConversationRequest{ProspectInfo: info("ada@example.com")})
		bobs := create(t, client, maaxv1.CreateConversationRequest{ProspectInfo: info("bob@example.com")})
		foreign := create(t, other, maaxv1.CreateConversationRequest{ProspectInfo: info("ada@example.com")})
		message := send(t, client, support("hello", "ada@example.com"))
		fetch(t, client, message, common.ServiceTypeCustomerSupportAutomation)
		foreignMessage := send(t, other, support("hello", "ada@example.com"))
		// Prospects are numbered in the order they appear: Ada, Bob, the other Ada.
		const ada, foreignAda = 1, 3

		initiate := func(members string) string {
			return `{"message_content":"x","platform":"sms","service_type":"customer_support_automation"` + members + `}`
		}
		outgoing := func(members string) string {
			return `{"message_content":"x","platform":"sms","ai_id":1,"service_type":"sales_automation",` +
				`"prospect_info":{"first_name":"Ada","email":"ada@example.com"}` + members + `}`
		}
		urls := `,"send_response_url":"http://127.0.0.1:1/a","followup_url":"http://127.0.0.1:1/f"`
		const (
			v1Send    = "POST /api/initiate_answer_generation/"
			v1Create  = "POST /api/create-conversation/"
			v1Answer  = "GET /api/retrieve_answer/"
			v1History = "GET /api/get_conversations_history/"
			v2Send    = "POST /api/v2/outgoing-messages/"
			v2History = "POST /api/v2/conversations/"
		)
		for _, tc := range []struct {
			name, operation, target, body string
			status                        int
			text                          string // part of the error
		}{
			{"prospect of another company", v1Send, "", initiate(fmt.Sprintf(`,"prospect_id":%d`, foreignAda)), 403, "prospect_id"},
			{"unknown prospect", v1Send, "", initiate(`,"prospect_id":999`), 400, "prospect_id is not known"},
			{"nobody", v1Send, "", initiate(``), 400, "is required"},
			{"conversation of another company", v1Send, "", initiate(fmt.Sprintf(`,"conversation_id":%d`, foreign)), 403, "conversation_id"},
			{"unknown conversation", v1Send, "", initiate(`,"conversation_id":999`), 400, "conversation_id is not known"},
			{"conversation with another prospect", v1Send, "", initiate(fmt.Sprintf(`,"conversation_id":%d,"prospect_id":%d`, bobs, ada)), 400, "another prospect"},
			{"no way to reach the prospect", v1Send, "", initiate(`,"prospect_info":{"first_name":"Ada","last_name":"","email":" "}`), 400, ""},
			{"no last name in V1", v1Send, "", initiate(`,"prospect_info":{"first_name":"Ada","email":"a@example.com"}`), 400, ""},
			{"no message", v1Send, "", `{"platform":"sms"}`, 400, "message_content"},
			{"an empty message", v1Send, "", `{"message_content":" ","platform":"sms","prospect_id":1}`, 400, "message_content"},
			{"unknown platform", v1Send, "", `{"message_content":"x","platform":"fax","prospect_id":1}`, 400, "platform"},
			{"not JSON", v1Send, "", `{`, 400, ""},
			{"V2's format in V1", v1Send, "", initiate(`,"prospect_id":1,"output_format":"plain_text"`), 400, "output_format"},
			{"create for nobody", v1Create, "", `{}`, 400, ""},
			{"create for another company's", v1Create, "", fmt.Sprintf(`{"prospect_id":%d}`, foreignAda), 403, "prospect_id"},
			{"answer of another company", v1Answer, fmt.Sprintf("?service_type=customer_support_automation&incoming_message_id=%d", foreignMessage), "", 403, "incoming_message_id"},
			{"answer under another service type", v1Answer, fmt.Sprintf("?service_type=sales_automation&incoming_message_id=%d", message), "", 403, "service_type"},
			{"answer without service type", v1Answer, fmt.Sprintf("?incoming_message_id=%d", message), "", 400, "service_type"},
			{"answer to an unknown message", v1Answer, "?service_type=customer_support_automation&incoming_message_id=999", "", 400, "incoming_message_id is not known"},
			{"answer to an answer", v1Answer, fmt.Sprintf("?service_type=customer_support_automation&incoming_message_id=%d", message+1), "", 400, "incoming_message_id is not known"},
			{"answer to no number", v1Answer, "?service_type=customer_support_automation&incoming_message_id=x", "", 400, "incoming_message_id"},
			{"history of another company", v1History, fmt.Sprintf("?conversation_id=%d", foreign), "", 403, "conversation_id"},
			{"history under another service type", v1History, fmt.Sprintf("?conversation_id=%d&service_type=sales_automation", mine), "", 403, "service_type"},
			{"unknown history", v1History, "?conversation_id=999", "", 400, "conversation_id is not known"},
			{"history of nothing", v1History, "", "", 400, ""},
			{"history by POST", "POST /api/get_conversations_history/", fmt.Sprintf("?conversation_id=%d", mine), "", 405, "Invalid request method"},
			{"history by DELETE", "DELETE /api/get_conversations_history/", "", "", 405, "Invalid request method"},
			{"no such path", "GET /api/answers/", "", "", 404, ""},
			{"no trailing slash", "POST /api/create-conversation", "", `{}`, 404, ""},
			{"V2 to no URL", v2Send, "", outgoing(``), 400, "required"},
			{"V2 to a relative URL", v2Send, "", outgoing(`,"send_response_url":"/answers","followup_url":"http://127.0.0.1:1/f"`), 400, "send_response_url"},
			{"V2 to another scheme", v2Send, "", outgoing(`,"send_response_url":"ftp://example.com/a","followup_url":"http://127.0.0.1:1/f"`), 400, "send_response_url"},
			{"V2 to a URL with credentials", v2Send, "", outgoing(`,"send_response_url":"https://example.com/a","followup_url":"https://u:p@example.com/f"`), 400, "followup_url"},
			{"V2 to a metadata service", v2Send, "", outgoing(`,"send_response_url":"http://169.254.169.254/a","followup_url":"http://127.0.0.1:1/f"`), 400, "send_response_url"},
			{"V2 for customer support", v2Send, "", strings.Replace(outgoing(urls), "sales_automation", "customer_support_automation", 1), 400, "service_type"},
			{"V2 for another company's prospect", v2Send, "", outgoing(urls + fmt.Sprintf(`,"prospect_id":%d`, foreignAda)), 403, "prospect_id"},
			{"V2 history of another company", v2History, fmt.Sprintf("%d/", foreign), "", 403, "conversation_id"},
			{"V2 history unknown", v2History, "999/", "", 400, "conversation_id is not known"},
			{"V2 history of no number", v2History, "x/", "", 400, ""},
			{"V2 history by GET", "GET /api/v2/conversations/", fmt.Sprintf("%d/", mine), "", 405, "Invalid request method"},
		} {
			t.Run(tc.name, func(t *testing.T) {
				t.Parallel()
				method, path, _ := strings.Cut(tc.operation, " ")
				status, text := call(t, method, srv.URL+path+tc.target, key, tc.body)
				if status != tc.status || !strings.Contains(text, tc.text) {
					t.Errorf("got %d %q, want %d with %q", status, text, tc.status, tc.text)
				}
			})
		}
	})
}

func TestKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := start(t, refserver.Config{Database: database})
		for _, operation := range []struct{ method, path, body string }{
			{"POST", "/api/initiate_answer_generation/", `{}`},
			{"GET", "/api/retrieve_answer/", ""},
			{"POST", "/api/create-conversation/", `{}`},
			{"GET", "/api/get_conversations_history/", ""},
			{"POST", "/api/v2/outgoing-messages/", `{}`},
			{"POST", "/api/v2/conversations/1/", ""},
		} {
			for name, key := range map[string]string{"no key": "", "wrong key": srv.DevelopmentKey() + "x", "odd key": "' OR 1=1 --"} {
				t.Run(operation.path+" "+name, func(t *testing.T) {
					t.Parallel()
					status, text := call(t, operation.method, srv.URL+operation.path, key, operation.body)
					if status != http.StatusUnauthorized || text != "Invalid API key" {
						t.Errorf("got %d %q, want 401 Invalid API key", status, text)
					}
				})
			}
		}
	})
}
