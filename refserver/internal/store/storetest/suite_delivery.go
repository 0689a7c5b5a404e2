package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

func insertDelivery(t *testing.T, s *store.Store, f fixture, publicID string) domain.Delivery {
	t.Helper()
	ctx := t.Context()
	var d domain.Delivery
	write(t, s, func(tx *store.Tx) error {
		m, err := tx.InsertMessage(ctx, f.question("x"), epoch)
		if err != nil {
			return err
		}
		event, err := tx.InsertEvent(ctx, domain.MessageAnswered, m, epoch)
		if err != nil {
			return err
		}
		d, err = tx.InsertDelivery(ctx, domain.Delivery{
			PublicID: publicID, AccountID: m.AccountID, ConversationID: m.ConversationID,
			Chain: domain.ChainProspect, EventID: event.ID, URL: "http://example.com", Body: "{}",
		}, epoch)
		return err
	})
	return d
}

func record(t *testing.T, s *store.Store, d domain.Delivery, outcome domain.AttemptOutcome, state domain.DeliveryState) bool {
	t.Helper()
	var recorded bool
	write(t, s, func(tx *store.Tx) (err error) {
		recorded, err = tx.RecordAttempt(t.Context(), d, domain.Attempt{
			DeliveryID: d.ID, Number: d.Attempts + 1, Status: 500, Outcome: outcome, Reason: "status 500",
			StartedAt: epoch, Duration: 3 * time.Millisecond,
		}, state, epoch.Add(time.Minute), epoch)
		return err
	})
	return recorded
}

// testDeliveryStates goes along every arrow of the diagram of
// domain.DeliveryState and tries all that are not there.
func testDeliveryStates(t *testing.T, database string) {
	all := map[domain.DeliveryState]domain.AttemptOutcome{
		domain.Pending: domain.AttemptRetry, domain.Delivered: domain.AttemptDelivered,
		domain.Exhausted: domain.AttemptRetry, domain.Refused: domain.AttemptRefused,
	}
	s := Open(t, database)
	for to, outcome := range all {
		t.Run("pending to "+string(to), func(t *testing.T) {
			t.Parallel()
			d := insertDelivery(t, s, populate(t, s), "dlv_"+string(to))
			if !record(t, s, d, outcome, to) {
				t.Fatal("not recorded")
			}
			got, err := s.DeliveryByID(t.Context(), d.ID)
			if err != nil {
				t.Fatal(err)
			}
			want := d
			want.State, want.Attempts = to, 1
			if to == domain.Pending {
				want.NextAttemptAt = epoch.Add(time.Minute)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("delivery (-want +got):\n%s", diff)
			}
			if to == domain.Pending {
				return
			}
			for next, outcome := range all {
				if record(t, s, got, outcome, next) {
					t.Errorf("from %s to %s: recorded, want it forbidden", to, next)
				}
			}
			if after, err := s.DeliveryByID(t.Context(), d.ID); err != nil || !cmp.Equal(after, got) {
				t.Errorf("delivery after forbidden moves: got %+v, %v, want %+v", after, err, got)
			}
		})
	}
}

// testAttemptIsRecordedOnce is two workers that made the same attempt.
func testAttemptIsRecordedOnce(t *testing.T, database string) {
	s := Open(t, database)
	d := insertDelivery(t, s, populate(t, s), "dlv_1")
	if !record(t, s, d, domain.AttemptRetry, domain.Pending) {
		t.Fatal("first: not recorded")
	}
	if record(t, s, d, domain.AttemptDelivered, domain.Delivered) {
		t.Error("second from the same reading: recorded, want it refused")
	}
	got, err := s.Attempts(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := []domain.Attempt{{
		DeliveryID: d.ID, Number: 1, Status: 500, Outcome: domain.AttemptRetry, Reason: "status 500",
		StartedAt: epoch, Duration: 3 * time.Millisecond,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

func testHeadOfChain(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	first, second := insertDelivery(t, s, f, "dlv_1"), insertDelivery(t, s, f, "dlv_2")
	head := func() (domain.Delivery, error) {
		return s.HeadOfChain(t.Context(), f.conversation.ID, domain.ChainProspect)
	}
	if got, err := head(); err != nil || got.ID != first.ID {
		t.Errorf("head: got %d, %v, want %d", got.ID, err, first.ID)
	}
	record(t, s, first, domain.AttemptDelivered, domain.Delivered)
	if got, err := head(); err != nil || got.ID != second.ID {
		t.Errorf("head after the first: got %d, %v, want %d", got.ID, err, second.ID)
	}
	record(t, s, second, domain.AttemptRefused, domain.Refused)
	if got, err := head(); err == nil {
		t.Errorf("head of nothing: got %d, want none", got.ID)
	}
}
