package refserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/gen/maaxv2"
	"github.com/parley-contracts/parley/refserver"
)

func (r *running) v2(t testing.TB, key string) *maaxv2.ClientWithResponses {
	t.Helper()
	client, err := maaxv2.NewClientWithResponses(r.URL, maaxv2.WithRequestEditorFn(withKey(key)),
		maaxv2.WithHTTPClient(&http.Client{Transport: checking{t}}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// receipt is one callback as it arrived.
type receipt struct {
	Path       string
	DeliveryID string
	Body       map[string]any
}

// receiver is an integration that takes callbacks.
type receiver struct {
	URL string
	t   testing.TB

	mu       sync.Mutex
	receipts []receipt
	// status answers the callback with that number, from 0; nil is 200.
	status func(n int, r receipt) int
}

func newReceiver(t testing.TB, status func(n int, r receipt) int) *receiver {
	t.Helper()
	rec := &receiver{t: t, status: status}
	ts := httptest.NewServer(rec)
	t.Cleanup(ts.Close)
	rec.URL = ts.URL
	return rec
}

func (rec *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	got := receipt{Path: r.URL.Path, DeliveryID: r.Header.Get("Webhook-Id")}
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || json.Unmarshal(raw, &got.Body) != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	checkCallback(rec.t, r, raw)
	rec.mu.Lock()
	n := len(rec.receipts)
	rec.receipts = append(rec.receipts, got)
	rec.mu.Unlock()
	if rec.status != nil {
		w.WriteHeader(rec.status(n, got))
	}
}

// wait waits for n callbacks and returns them.
func (rec *receiver) wait(t testing.TB, n int) []receipt {
	t.Helper()
	var got []receipt
	poll(t, fmt.Sprintf("%d callbacks", n), func() bool {
		rec.mu.Lock()
		defer rec.mu.Unlock()
		got = append([]receipt(nil), rec.receipts...)
		return len(got) >= n
	})
	return got
}

// sales is a V2 message whose callbacks go to the receiver.
func sales(text, email string, rec *receiver) maaxv2.OutgoingMessageRequest {
	return maaxv2.OutgoingMessageRequest{
		MessageContent: text, Platform: common.PlatformSms, AIID: 12,
		ServiceType:     maaxv2.OutgoingMessageRequestServiceTypeSalesAutomation,
		ProspectInfo:    common.ProspectInfo{FirstName: new("Ada"), Email: &email},
		SendResponseURL: rec.URL + "/answer?secret=1", FollowupURL: rec.URL + "/follow-up",
	}
}

// sendV2 sends a message, which must be accepted, and returns its id.
func sendV2(t testing.TB, client *maaxv2.ClientWithResponses, request maaxv2.OutgoingMessageRequest) int64 {
	t.Helper()
	sent, err := client.CreateOutgoingMessageWithResponse(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if sent.JSON200 == nil {
		t.Fatalf("send: got %s: %s", sent.Status(), sent.Body)
	}
	return sent.JSON200.IncomingMessageID
}

func TestV2AnswerIsDelivered(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, nil)
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		id := sendV2(t, srv.v2(t, srv.DevelopmentKey()), sales("a < b", "ada@example.com", rec))
		got := rec.wait(t, 1)[0]
		want := receipt{Path: "/answer", DeliveryID: got.DeliveryID, Body: map[string]any{
			"answer":              "<p>&lt;b&gt;a &lt; b&lt;/b&gt;</p><p>Bye</p>",
			"incoming_message_id": float64(id), "conversation_id": 1.0, "prospect_id": 1.0,
			"platform": "sms", "ai_id": 12.0,
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("callback (-want +got):\n%s", diff)
		}
		if got.DeliveryID == "" {
			t.Error("callback without a delivery id")
		}
	})
}

func TestV2PlainText(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, nil)
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		request := sales("a < b", "ada@example.com", rec)
		request.OutputFormat = new(maaxv2.OutgoingMessageRequestOutputFormatPlainText)
		sendV2(t, srv.v2(t, srv.DevelopmentKey()), request)
		if got, want := rec.wait(t, 1)[0].Body["answer"], "<b>a < b</b>\n\nBye"; got != want {
			t.Errorf("answer: got %q, want %q", got, want)
		}
	})
}

func TestV2RetriesUnderTheSameID(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, func(n int, _ receipt) int {
			if n == 0 {
				return http.StatusInternalServerError
			}
			return http.StatusOK
		})
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		sendV2(t, srv.v2(t, srv.DevelopmentKey()), sales("hello", "ada@example.com", rec))
		got := rec.wait(t, 2)
		if diff := cmp.Diff(got[0], got[1]); diff != "" {
			t.Errorf("second attempt differs from the first (-first +second):\n%s", diff)
		}
	})
}

func TestV2AnswersOfAConversationArriveInOrder(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		// The first callback fails twice; the others must wait for it.
		rec := newReceiver(t, func(n int, _ receipt) int {
			if n < 2 {
				return http.StatusServiceUnavailable
			}
			return http.StatusNoContent
		})
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v2(t, srv.DevelopmentKey())
		for i := range 5 {
			id := sendV2(t, client, sales(fmt.Sprintf("message %d", i), "ada@example.com", rec))
			// Answers are made concurrently: only their deliveries are ordered.
			waitAnswered(t, srv, id)
		}
		var ids []float64
		for _, r := range rec.wait(t, 7) {
			ids = append(ids, r.Body["incoming_message_id"].(float64))
		}
		if diff := cmp.Diff([]float64{ids[0], ids[0], ids[0], ids[3], ids[4], ids[5], ids[6]}, ids); diff != "" {
			t.Errorf("order of callbacks (-want +got):\n%s", diff)
		}
		for i := 3; i < len(ids); i++ {
			if ids[i] <= ids[i-1] {
				t.Errorf("order of callbacks: got %v, want rising ids", ids)
			}
		}
	})
}

// waitAnswered waits until the message has its answer, by the V1 operation.
func waitAnswered(t testing.TB, srv *running, id int64) {
	t.Helper()
	fetch(t, srv.v1(t, srv.DevelopmentKey()), id, common.ServiceTypeSalesAutomation)
}

func TestV2DeliveryGivesUpAndGoesOn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, func(_ int, r receipt) int {
			if r.Body["answer"] == "<p>&lt;b&gt;bad&lt;/b&gt;</p><p>Bye</p>" {
				return http.StatusBadRequest
			}
			return http.StatusOK
		})
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v2(t, srv.DevelopmentKey())
		waitAnswered(t, srv, sendV2(t, client, sales("bad", "ada@example.com", rec)))
		good := sendV2(t, client, sales("good", "ada@example.com", rec))
		got := rec.wait(t, 4) // three attempts, as Retries of the test says, then the next
		if id := got[3].Body["incoming_message_id"]; id != float64(good) {
			t.Errorf("after the last attempt: got message %v, want %d", id, good)
		}
	})
}

func TestVersionsShareConversations(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, nil)
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		key := srv.DevelopmentKey()
		v1, v2 := srv.v1(t, key), srv.v2(t, key)
		conversation := create(t, v1, maaxv1.CreateConversationRequest{ProspectInfo: info("ada@example.com")})
		fetch(t, v1, send(t, v1, support("one", "ada@example.com")), common.ServiceTypeCustomerSupportAutomation)
		request := sales("two", "ada@example.com", rec)
		request.ConversationID = &conversation
		waitAnswered(t, srv, sendV2(t, v2, request))

		history, err := v2.GetConversationHistoryWithResponse(t.Context(), conversation)
		if err != nil {
			t.Fatal(err)
		}
		if history.JSON200 == nil {
			t.Fatalf("history: got %s: %s", history.Status(), history.Body)
		}
		want := []entry{
			{"prospect", "one"}, {"ai", "<b>one</b>\n\nBye"},
			{"prospect", "two"}, {"ai", "<p>&lt;b&gt;two&lt;/b&gt;</p><p>Bye</p>"},
		}
		if diff := cmp.Diff(want, entries(t, history.JSON200.MessagesInConversation)); diff != "" {
			t.Errorf("history by V2 (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, historyV1(t, v1, conversation)); diff != "" {
			t.Errorf("history by V1 (-want +got):\n%s", diff)
		}
	})
}

func TestV2MatchesByPhone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, nil)
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v2(t, srv.DevelopmentKey())
		for _, phone := range []string{`"+1 555 0100"`, `15550100`, `"001-555-0100"`} {
			var p common.Phone
			if err := p.UnmarshalJSON([]byte(phone)); err != nil {
				t.Fatal(err)
			}
			request := sales("hello", "", rec)
			request.ProspectInfo = common.ProspectInfo{FirstName: new("Ada"), Phone: &p}
			sendV2(t, client, request)
		}
		for _, got := range rec.wait(t, 3) {
			if got.Body["prospect_id"] != 1.0 || got.Body["conversation_id"] != 1.0 {
				t.Errorf("callback: got prospect %v in conversation %v, want one prospect and one conversation",
					got.Body["prospect_id"], got.Body["conversation_id"])
			}
		}
	})
}

func TestEmergency(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		// The answers' receiver is down: the notification does not wait for it.
		rec := newReceiver(t, func(_ int, r receipt) int {
			if r.Path == "/emergency" {
				return http.StatusOK
			}
			return http.StatusInternalServerError
		})
		srv := start(t, refserver.Config{Database: database, Seed: &refserver.Seed{EmergencyURL: rec.URL + "/emergency"}})
		id := sendV2(t, srv.v2(t, srv.DevelopmentKey()), sales("Xylophone zebra?", "ada@example.com", rec))
		var emergency, answer receipt
		for _, r := range rec.wait(t, 4) {
			if r.Path == "/emergency" {
				emergency = r
			} else {
				answer = r
			}
		}
		want := map[string]any{
			"reason": "no confident answer", "incoming_message_id": float64(id), "conversation_id": 1.0,
			"prospect_id": 1.0, "platform": "sms", "ai_id": 12.0,
		}
		if diff := cmp.Diff(want, emergency.Body); diff != "" {
			t.Errorf("emergency notification (-want +got):\n%s", diff)
		}
		if got, want := answer.Body["answer"], "<p>Thank you for your question. A colleague will come back to you about it.</p>"; got != want {
			t.Errorf("answer: got %q, want %q", got, want)
		}
	})
}
