package refserver_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// TestMAIAForwarding writes from every side: incoming messages and echoes are
// told only where they are forwarded, with the customer and the direction.
func TestMAIAForwarding(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		channel string
		kind    string
		forward bool
		want    []m
	}{
		{"phone", "whatsapp_no", true, []m{
			{"response": "hello", "direction": "incoming", "externalUserId": "u1"},
			{"response": "<b>hello</b>\n\nBye", "direction": "outgoing"},
			{"response": "by hand", "direction": "outgoing"},
			{"response": "from the phone", "direction": "echo", "externalUserId": "u1"},
		}},
		{"phone", "whatsapp_no", false, []m{
			{"response": "<b>hello</b>\n\nBye"},
			{"response": "by hand"},
		}},
	} {
		t.Run(fmt.Sprint(tc.forward), func(t *testing.T) {
			t.Parallel()
			rec := newMAIAReceiver(t, nil)
			setup := maiaSetup(rec)
			setup.Channels[2].ForwardIncoming = tc.forward
			srv := startMAIA(t, refserver.Config{Seed: &refserver.Seed{MAIA: setup}}, rec)
			srv.want(http.StatusAccepted, "POST", "/messages", m{
				"fromChannelIdentifier": tc.channel, "channelType": tc.kind, "sessionId": "s", "content": "hello", "externalUserId": "u1",
			})
			poll(t, "the answer", func() bool { return len(srv.session("s").Messages) == 2 })
			if err := srv.dashboard.Reply(t.Context(), "s", "by hand"); err != nil {
				t.Fatal(err)
			}
			if err := srv.dashboard.WriteOnDevice(t.Context(), "s", "from the phone"); err != nil {
				t.Fatal(err)
			}
			poll(t, "end of all deliveries", func() bool { return settled(srv.session("s").Deliveries) })
			var got []m
			for _, w := range rec.of("phone") {
				seen := m{}
				for _, name := range []string{"response", "direction", "externalUserId"} {
					if value, ok := w.Body[name]; ok {
						seen[name] = value
					}
				}
				got = append(got, seen)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("webhooks (-want +got):\n%s", diff)
			}
		})
	}
	srv := startMAIA(t, refserver.Config{}, nil)
	srv.send("s", "hello", nil)
	if err := srv.dashboard.WriteOnDevice(t.Context(), "s", "x"); err == nil {
		t.Error("writing on the device of a channel without one: got no error")
	}
}

// settled reports whether no delivery waits for an attempt.
func settled(deliveries []domain.Delivery) bool {
	return !slices.ContainsFunc(deliveries, func(d domain.Delivery) bool { return d.State == domain.Pending })
}

// TestMAIARetries plays the rule: 5xx and 429 are tried again, three times, with
// the same bytes under the same id; other statuses are not.
func TestMAIARetries(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status   int
		attempts int
		state    domain.DeliveryState
	}{
		{200, 1, domain.Delivered},
		{204, 1, domain.Delivered},
		{500, 4, domain.Exhausted},
		{503, 4, domain.Exhausted},
		{429, 4, domain.Exhausted},
		{400, 1, domain.Refused},
		{404, 1, domain.Refused},
		{410, 1, domain.Refused},
		{302, 1, domain.Refused},
	} {
		t.Run(fmt.Sprint(tc.status), func(t *testing.T) {
			t.Parallel()
			rec := newMAIAReceiver(t, func(int, webhook) int { return tc.status })
			srv := startMAIA(t, refserver.Config{Seed: &refserver.Seed{MAIA: onlyMessages(rec)}}, rec)
			srv.send("s", "hello", nil)
			var deliveries []domain.Delivery
			poll(t, "end of the delivery", func() bool {
				deliveries = srv.session("s").Deliveries
				return len(deliveries) == 1 && settled(deliveries)
			})
			if d := deliveries[0]; d.State != tc.state || d.Attempts != tc.attempts {
				t.Errorf("delivery: got %s after %d attempts, want %s after %d", d.State, d.Attempts, tc.state, tc.attempts)
			}
			arrived := rec.of("shop")
			for _, w := range arrived {
				if diff := cmp.Diff(arrived[0], w); diff != "" || w.DeliveryID == "" {
					t.Errorf("an attempt differs from the first (-first +this):\n%s", diff)
				}
			}
			if len(arrived) != tc.attempts {
				t.Errorf("attempts that arrived: got %d, want %d", len(arrived), tc.attempts)
			}
		})
	}
}

// onlyMessages is the setup without subscriptions and boards.
func onlyMessages(rec *maiaReceiver) *refserver.MAIASetup {
	setup := maiaSetup(rec)
	setup.Webhooks, setup.Kanbans = nil, nil
	for i := range setup.Channels {
		setup.Channels[i].AgentKanbanConfigs = nil
	}
	return setup
}

// TestMAIARetriesFollowTheSchedule holds the waits against the default: 1 s, 2 s
// and 4 s, as they are planned.
func TestMAIARetriesFollowTheSchedule(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(domain.Schedule{0, time.Second, 2 * time.Second, 4 * time.Second}, domain.WebhookSchedule()); diff != "" {
		t.Errorf("schedule (-want +got):\n%s", diff)
	}
	rec := newMAIAReceiver(t, func(int, webhook) int { return http.StatusInternalServerError })
	srv := startMAIA(t, refserver.Config{
		Seed: &refserver.Seed{MAIA: onlyMessages(rec)},
		MAIA: refserver.MAIAConfig{Retries: []time.Duration{0, time.Hour}},
	}, rec)
	sent := time.Now()
	srv.send("s", "hello", nil)
	var d domain.Delivery
	poll(t, "the first attempt", func() bool {
		if all := srv.session("s").Deliveries; len(all) == 1 {
			d = all[0]
		}
		return d.Attempts == 1
	})
	if wait := d.NextAttemptAt.Sub(sent); wait < time.Hour-time.Second || wait > time.Hour+time.Minute {
		t.Errorf("wait before the second attempt: got %v, want an hour without jitter", wait)
	}
}

// TestMAIAWebhooksKeepTheOrderOfASession lets the first webhook fail twice; the
// others of its session wait, those of another do not, nor do events.
func TestMAIAWebhooksKeepTheOrderOfASession(t *testing.T) {
	t.Parallel()
	var failed int
	rec := newMAIAReceiver(t, func(_ int, w webhook) int {
		if w.Body["sessionId"] == "slow" && w.Name == "shop" && failed < 2 {
			failed++
			return http.StatusServiceUnavailable
		}
		return http.StatusNoContent
	})
	rec.status = serialised(rec.status)
	srv := startMAIA(t, refserver.Config{}, rec)
	for i := range 4 {
		srv.send("slow", fmt.Sprintf("message %d", i), nil)
		// Answers are made concurrently: only their deliveries are ordered.
		poll(t, "the answer", func() bool { return len(srv.session("slow").Messages) == 2*(i+1) })
	}
	srv.send("other", "hello", nil)
	var order []string
	for _, w := range rec.wait(t, "shop", 7) {
		if w.Body["sessionId"] == "slow" {
			order = append(order, w.Body["response"].(string)[len("<b>message "):][:1])
		}
	}
	if diff := cmp.Diff([]string{"0", "0", "0", "1", "2", "3"}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// serialised makes a status function that keeps count safe for concurrent use.
func serialised(status func(int, webhook) int) func(int, webhook) int {
	turn := make(chan struct{}, 1)
	return func(n int, w webhook) int {
		turn <- struct{}{}
		defer func() { <-turn }()
		return status(n, w)
	}
}

// TestMAIAFilters starts a session on each board and changes records: the
// subscriptions hear of what they asked for.
func TestMAIAFilters(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := startMAIA(t, refserver.Config{Database: database}, nil)
		srv.send("on-a", "hello", m{"externalUserId": "u1"})
		srv.send("on-b", "hello", m{"agentId": agentB})
		record := srv.session("on-a").Records[0].PublicID
		update := func(value any) {
			t.Helper()
			if err := srv.dashboard.UpdateField(t.Context(), record, "field-1", value, "user_1"); err != nil {
				t.Fatal(err)
			}
		}
		update(1200.0)
		update(1200.0) // as it is: nobody is told
		update(nil)
		if err := srv.dashboard.DeleteRecord(t.Context(), record, "user_1"); err != nil {
			t.Fatal(err)
		}
		for name, fail := range map[string]error{
			"deleted record": srv.dashboard.DeleteRecord(t.Context(), record, "user_1"),
			"unknown field":  srv.dashboard.UpdateField(t.Context(), srv.session("on-b").Records[0].PublicID, "x", 1, "user_1"),
		} {
			if fail == nil {
				t.Errorf("%s: got no error", name)
			}
		}
		poll(t, "end of all deliveries", func() bool {
			return settled(srv.session("on-a").Deliveries) && settled(srv.session("on-b").Deliveries)
		})
		if got := eventTypes(srv.rec.of("sales")); !slices.Equal(got, []string{"crm_record_created on-b"}) {
			t.Errorf("events on board B: got %q", got)
		}
		var onA []webhook
		for _, w := range srv.rec.of("all") {
			if w.Body["sessionId"] == "on-a" {
				onA = append(onA, w)
			}
		}
		want := []string{"crm_record_created on-a", "crm_field_update on-a", "crm_field_update on-a", "crm_record_deleted on-a"}
		if got := eventTypes(onA); !slices.Equal(got, want) {
			t.Fatalf("events of the session on board A: got %q, want %q", got, want)
		}
		changed := m{
			"eventType": "crm_field_update", "recordId": record, "kanbanId": kanbanA, "kanbanName": "Board kanban-a",
			"externalUserId": "u1", "fieldName": "Budget", "fieldType": "currency", "previousValue": nil, "newValue": 1200.0,
			"updatedBy": "user_1", "updatedAt": onA[1].Body["updatedAt"], "sessionId": "on-a",
		}
		if diff := cmp.Diff(changed, onA[1].Body); diff != "" {
			t.Errorf("crm_field_update (-want +got):\n%s", diff)
		}
	})
}

func eventTypes(webhooks []webhook) []string {
	var types []string
	for _, w := range webhooks {
		types = append(types, fmt.Sprint(w.Body["eventType"], " ", w.Body["sessionId"]))
	}
	return types
}

// TestMAIASlowReceiver answers too late once; the attempt counts as failed and
// the next one carries the same id.
func TestMAIASlowReceiver(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	rec := newMAIAReceiver(t, func(n int, _ webhook) int {
		if n == 0 {
			<-release
		}
		return http.StatusOK
	})
	srv := startMAIA(t, refserver.Config{
		Seed: &refserver.Seed{MAIA: onlyMessages(rec)}, MAIA: refserver.MAIAConfig{WebhookTimeout: 50 * time.Millisecond},
	}, rec)
	srv.send("s", "hello", nil)
	got := rec.wait(t, "shop", 2)
	close(release)
	if got[0].DeliveryID != got[1].DeliveryID {
		t.Errorf("attempts: got ids %s and %s, want one", got[0].DeliveryID, got[1].DeliveryID)
	}
}

// TestMAIASecretsAreMadeAndKept leaves the secrets out.
func TestMAIASecretsAreMadeAndKept(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	setup := maiaSetup(srv.rec)
	for i := range setup.Channels {
		setup.Channels[i].ID += "-2"
		setup.Channels[i].WebhookSecret = ""
	}
	var secrets []string
	for range 2 {
		if err := srv.dashboard.SetUp(t.Context(), *setup); err != nil {
			t.Fatal(err)
		}
		stored, err := srv.dashboard.Setup(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, stored.Channels[0].WebhookSecret)
	}
	if secrets[0] == "" || secrets[0] != secrets[1] {
		t.Errorf("secret of a channel: got %d bytes, then another one: %v; want it made once", len(secrets[0]), secrets[0] != secrets[1])
	}
}
