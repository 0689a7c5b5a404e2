package manage_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/refserver"
)

func TestExchangesAreJournaled(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{JournalLimit: 3})
		ctx := t.Context()
		r := newReceiver(t)
		d.post(t, d.DevelopmentKey(), "/api/nothing", `{}`) // pruned in the end
		d.post(t, d.DevelopmentKey(), "/api/nothing?secret=s", `{}`)
		d.post(t, "nobody", "/api/v2/outgoing-messages/", `{}`)
		d.ask(t, d.DevelopmentKey(), r.URL, "Which courses do you offer?")

		list := must(d.ListExchangesWithResponse(ctx, nil))(t)
		wantStatus(t, list.HTTPResponse, list.Body, http.StatusOK)
		const operation, document = "createOutgoingMessage", "openapi-v2"
		want := []management.Exchange{
			{AccountID: new(int64(development)), Contract: new(document), Operation: new(operation), Method: "POST", Status: 200},
			{Contract: new(document), Operation: new(operation), Method: "POST", Status: 401},
			{Method: "POST", Status: 404},
		}
		ignored := cmpopts.IgnoreFields(management.Exchange{}, "ID", "RequestID", "RequestBytes", "ResponseBytes", "StartedAt", "DurationSeconds")
		if diff := cmp.Diff(want, list.JSON200.Items, ignored); diff != "" {
			t.Errorf("exchanges (-want +got):\n%s", diff)
		}
		for _, e := range list.JSON200.Items {
			if e.RequestID == "" || e.RequestBytes == nil || e.ResponseBytes == 0 || e.StartedAt.Year() != 2026 {
				t.Errorf("got %+v, want an id, sizes and the time of the clock", e)
			}
		}
		if strings.Contains(string(list.Body), "secret") || strings.Contains(string(list.Body), d.DevelopmentKey()) {
			t.Errorf("got %s, want neither targets nor keys", list.Body)
		}
		if list.JSON200.Dropped != 0 {
			t.Errorf("dropped: got %d, want 0", list.JSON200.Dropped)
		}
		filtered := must(d.ListExchangesWithResponse(ctx, &management.ListExchangesParams{
			AccountID: new(int64(development)), Operation: new(operation), Limit: new(1),
		}))(t)
		wantStatus(t, filtered.HTTPResponse, filtered.Body, http.StatusOK)
		if len(filtered.JSON200.Items) != 1 || filtered.JSON200.NextCursor != nil {
			t.Errorf("filtered: got %s, want one exchange and no further page", filtered.Body)
		}
		page := must(d.ListExchangesWithResponse(ctx, &management.ListExchangesParams{Limit: new(2)}))(t)
		wantStatus(t, page.HTTPResponse, page.Body, http.StatusOK)
		rest := must(d.ListExchangesWithResponse(ctx, &management.ListExchangesParams{Cursor: page.JSON200.NextCursor}))(t)
		wantStatus(t, rest.HTTPResponse, rest.Body, http.StatusOK)
		if diff := cmp.Diff(want[2:], rest.JSON200.Items, ignored); diff != "" {
			t.Errorf("second page (-want +got):\n%s", diff)
		}
	})
}

// A receiver that is down exhausts a delivery within the whole schedule, which
// takes no time at all; a replay sends the same body under the same id.
func TestReplayOfAnExhaustedDelivery(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{FollowUpDelay: refserver.None})
		ctx := t.Context()
		r := newReceiver(t)
		r.answerWith(http.StatusServiceUnavailable)
		d.ask(t, d.DevelopmentKey(), r.URL, "Which courses do you offer?")
		if err := d.Advance(ctx, time.Hour); err != nil {
			t.Fatal(err)
		}
		exhausted := management.DeliveryStateExhausted
		list := must(d.ListDeliveriesWithResponse(ctx, &management.ListDeliveriesParams{State: &exhausted, AccountID: new(int64(development))}))(t)
		wantStatus(t, list.HTTPResponse, list.Body, http.StatusOK)
		if len(list.JSON200.Items) != 1 {
			t.Fatalf("exhausted: got %s, want one delivery", list.Body)
		}
		delivery := list.JSON200.Items[0]
		if delivery.Attempts != 5 || delivery.URL != r.URL+"/answer" || delivery.Vendor != management.DeliveryVendorMaax || delivery.Event != "message.answered" {
			t.Errorf("got %+v, want five attempts and no query", delivery)
		}
		var waits []time.Duration
		detail := must(d.GetDeliveryWithResponse(ctx, delivery.ID))(t)
		wantStatus(t, detail.HTTPResponse, detail.Body, http.StatusOK)
		for i, a := range detail.JSON200.History[1:] {
			waits = append(waits, a.StartedAt.Sub(detail.JSON200.History[i].StartedAt))
		}
		if diff := cmp.Diff([]time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}, waits); diff != "" {
			t.Errorf("waits (-want +got):\n%s", diff)
		}

		r.answerWith(http.StatusOK)
		replayed := must(d.ReplayDeliveryWithResponse(ctx, delivery.ID))(t)
		wantStatus(t, replayed.HTTPResponse, replayed.Body, http.StatusAccepted)
		if err := d.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		detail = must(d.GetDeliveryWithResponse(ctx, delivery.ID))(t)
		wantStatus(t, detail.HTTPResponse, detail.Body, http.StatusOK)
		if got := detail.JSON200; got.State != management.DeliveryStateDelivered || len(got.History) != 6 || got.FinishedAt == nil {
			t.Errorf("got %s, want it delivered by the sixth attempt", detail.Body)
		}
		arrivals := r.arrivals()
		if len(arrivals) != 6 {
			t.Fatalf("got %d arrivals, want 6", len(arrivals))
		}
		if diff := cmp.Diff(arrivals[0], arrivals[5]); diff != "" {
			t.Errorf("replay (-first +last):\n%s", diff)
		}
		again := must(d.ReplayDeliveryWithResponse(ctx, delivery.ID))(t)
		wantStatus(t, again.HTTPResponse, again.Body, http.StatusConflict)
	})
}

// A delivery that is replayed while a later one of its chain is under way waits
// for it, and nothing is sent twice.
func TestReplayWaitsForItsChain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{FollowUpDelay: refserver.None, Retries: []time.Duration{0, time.Minute}})
		ctx := t.Context()
		r := newReceiver(t)
		r.answerWith(http.StatusServiceUnavailable)
		d.ask(t, d.DevelopmentKey(), r.URL, "Which courses do you offer?")
		if err := d.Advance(ctx, time.Hour); err != nil {
			t.Fatal(err)
		}
		first := r.arrivals()[0].ID
		d.ask(t, d.DevelopmentKey(), r.URL, "Which courses do you offer?")
		second := r.arrivals()[2].ID
		r.answerWith(http.StatusOK)
		replayed := must(d.ReplayDeliveryWithResponse(ctx, first))(t)
		wantStatus(t, replayed.HTTPResponse, replayed.Body, http.StatusAccepted)
		if err := d.Advance(ctx, time.Hour); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range r.arrivals() {
			got = append(got, a.ID)
		}
		if diff := cmp.Diff([]string{first, first, second, second, first}, got); diff != "" {
			t.Errorf("arrivals (-want +got):\n%s", diff)
		}
	})
}

func TestDeliveriesComeInPages(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(refserver.Config) *double) {
		d := open(refserver.Config{FollowUpDelay: refserver.None})
		r := newReceiver(t)
		for range 5 {
			d.ask(t, d.DevelopmentKey(), r.URL, "Which courses do you offer?")
		}
		var want, got []string
		for _, a := range r.arrivals() {
			want = append(want, a.ID)
		}
		params := &management.ListDeliveriesParams{Limit: new(2)}
		for {
			page := must(d.ListDeliveriesWithResponse(t.Context(), params))(t)
			wantStatus(t, page.HTTPResponse, page.Body, http.StatusOK)
			for _, delivery := range page.JSON200.Items {
				got = append(got, delivery.ID)
			}
			if params.Cursor = page.JSON200.NextCursor; params.Cursor == nil {
				break
			}
		}
		// All were made at the same time of a clock that stands.
		if diff := cmp.Diff(want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
			t.Errorf("deliveries (-want +got):\n%s", diff)
		}
	})
}
