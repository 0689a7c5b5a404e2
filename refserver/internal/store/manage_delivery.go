package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// DeliveryFilter asks for a page of the deliveries of both vendors, the latest
// first.
type DeliveryFilter struct {
	// BeforeTime and BeforeID are creation time and public id of the delivery
	// that the page follows; zero for the latest.
	BeforeTime time.Time
	BeforeID   string
	// AccountID and State are 0 and empty for any.
	AccountID int64
	State     domain.DeliveryState
	Limit     int
}

// Deliveries returns a page of deliveries.
func (r Reader) Deliveries(ctx context.Context, f DeliveryFilter) ([]domain.JournaledDelivery, error) {
	before := int64(math.MaxInt64)
	if !f.BeforeTime.IsZero() {
		before = millis(f.BeforeTime)
	}
	rows, err := r.q.ListDeliveries(ctx, gen.ListDeliveriesParams{
		BeforeMs: before, BeforeID: f.BeforeID, OfAccount: f.AccountID, OfState: string(f.State), PageSize: int32(f.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	deliveries := make([]domain.JournaledDelivery, len(rows))
	for i, row := range rows {
		deliveries[i] = domain.JournaledDelivery{
			PublicID: row.PublicID, AccountID: row.AccountID, Vendor: domain.Vendor(row.Vendor), ThreadID: row.ThreadID,
			Chain: domain.Chain(row.Chain), Kind: domain.EventKind(row.Kind), URL: row.URL,
			State: domain.DeliveryState(row.State), Attempts: int(row.Attempts),
			NextAttemptAt: optionalTime(row.NextAttemptMs), CreatedAt: fromMillis(row.CreatedMs),
			FinishedAt: optionalTime(row.FinishedMs),
		}
	}
	return deliveries, nil
}

// FoundDelivery is a delivery by its public id.
type FoundDelivery struct {
	domain.JournaledDelivery
	// Delivery is the same as jobs use it.
	Delivery domain.Delivery
}

// DeliveryByPublicID returns a delivery of either vendor.
func (r Reader) DeliveryByPublicID(ctx context.Context, publicID string) (FoundDelivery, error) {
	row, err := r.q.DeliveryByPublicID(ctx, publicID)
	if errors.Is(err, ErrNotFound) {
		return r.webhookByPublicID(ctx, publicID)
	}
	if err != nil {
		return FoundDelivery{}, fmt.Errorf("read delivery %s: %w", publicID, err)
	}
	f := FoundDelivery{Delivery: delivery(row.Delivery)}
	f.JournaledDelivery = journaled(f.Delivery, domain.VendorMAAX, f.Delivery.ConversationID, row.Kind, row.Delivery.CreatedMs, row.Delivery.FinishedMs)
	return f, nil
}

func (r Reader) webhookByPublicID(ctx context.Context, publicID string) (FoundDelivery, error) {
	row, err := r.q.MaiaDeliveryByPublicID(ctx, publicID)
	if err != nil {
		return FoundDelivery{}, err
	}
	f := FoundDelivery{Delivery: webhook(row.MaiaDelivery)}
	f.JournaledDelivery = journaled(f.Delivery, domain.VendorMAIA, f.Delivery.SessionID, row.Kind, row.MaiaDelivery.CreatedMs, row.MaiaDelivery.FinishedMs)
	return f, nil
}

func journaled(d domain.Delivery, vendor domain.Vendor, threadID int64, kind string, createdMs int64, finishedMs *int64) domain.JournaledDelivery {
	return domain.JournaledDelivery{
		PublicID: d.PublicID, AccountID: d.AccountID, Vendor: vendor, ThreadID: threadID,
		Chain: d.Chain, Kind: domain.EventKind(kind), URL: d.URL, State: d.State, Attempts: d.Attempts,
		NextAttemptAt: d.NextAttemptAt, CreatedAt: fromMillis(createdMs), FinishedAt: optionalTime(finishedMs),
	}
}

// WebhookAttempts is Attempts for a webhook's delivery.
func (r Reader) WebhookAttempts(ctx context.Context, deliveryID int64) ([]domain.Attempt, error) {
	rows, err := r.q.MaiaAttemptsOfDelivery(ctx, deliveryID)
	if err != nil {
		return nil, fmt.Errorf("read attempts of webhook delivery %d: %w", deliveryID, err)
	}
	attempts := make([]domain.Attempt, len(rows))
	for i, row := range rows {
		attempts[i] = domain.Attempt{
			DeliveryID: row.DeliveryID, Number: int(row.Number), Status: int(row.Status),
			Outcome: domain.AttemptOutcome(row.Outcome), Reason: row.Reason,
			StartedAt: fromMillis(row.StartedMs), Duration: time.Duration(row.DurationMs) * time.Millisecond,
		}
	}
	return attempts, nil
}

// ReopenDelivery makes a delivery that was given up pending again. It reports
// false when it is no longer in the state that it was read in. The caller holds
// the lock of its conversation or session.
func (tx *Tx) ReopenDelivery(ctx context.Context, f FoundDelivery, now time.Time) (bool, error) {
	next := millis(now)
	var n int64
	var err error
	if f.Vendor == domain.VendorMAIA {
		n, err = tx.q.ReopenMaiaDelivery(ctx, gen.ReopenMaiaDeliveryParams{ID: f.Delivery.ID, State: string(f.State), NextAttemptMs: &next})
	} else {
		n, err = tx.q.ReopenDelivery(ctx, gen.ReopenDeliveryParams{ID: f.Delivery.ID, State: string(f.State), NextAttemptMs: &next})
	}
	if err != nil {
		return false, fmt.Errorf("reopen delivery %s: %w", f.PublicID, err)
	}
	return n > 0, nil
}
