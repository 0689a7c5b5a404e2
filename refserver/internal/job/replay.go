package job

import (
	"context"
	"errors"
	"fmt"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// ErrNotReplayable is what Replay returns for a delivery that is pending or was
// acknowledged.
var ErrNotReplayable = errors.New("the delivery was not given up")

// Replay makes one more attempt of a delivery that was given up: the schedule
// has no wait left for it, so what the attempt brings is final again. When
// deliveries of its chain are under way it waits for the first of them, whose
// end inserts the job: a second job for the same delivery would send it twice.
func (q *Queue) Replay(ctx context.Context, publicID string) (store.FoundDelivery, error) {
	var replayed store.FoundDelivery
	err := q.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.DeliveryByPublicID(ctx, publicID)
		if err != nil {
			return err
		}
		b := q.bookOf(f.Vendor)
		if err := b.lock(ctx, tx, f.Delivery); err != nil {
			return fmt.Errorf("lock chain of delivery %s: %w", publicID, err)
		}
		if !f.State.Replayable() {
			return ErrNotReplayable
		}
		waiting := true
		if _, err := b.head(ctx, tx, f.Delivery); errors.Is(err, store.ErrNotFound) {
			waiting = false
		} else if err != nil {
			return fmt.Errorf("read head of chain %s: %w", f.Chain, err)
		}
		now := q.Clock.Now()
		reopened, err := tx.ReopenDelivery(ctx, f, now)
		if err != nil {
			return err
		}
		if !reopened {
			return ErrNotReplayable
		}
		if !waiting {
			if err := q.engine.insert(ctx, tx, b.args(f.Delivery.ID), now, now); err != nil {
				return err
			}
		}
		replayed, err = tx.DeliveryByPublicID(ctx, publicID)
		return err
	})
	return replayed, err
}

func (q *Queue) bookOf(vendor domain.Vendor) book {
	if vendor == domain.VendorMAIA {
		return sessionBook{q}
	}
	return conversationBook{q}
}
