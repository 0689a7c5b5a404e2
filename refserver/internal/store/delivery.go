package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// DeliveryByID returns a delivery of any account.
func (r Reader) DeliveryByID(ctx context.Context, id int64) (domain.Delivery, error) {
	row, err := r.q.DeliveryByID(ctx, id)
	return delivery(row), err
}

// HeadOfChain returns the oldest pending delivery of a conversation's chain.
func (r Reader) HeadOfChain(ctx context.Context, conversationID int64, chain domain.Chain) (domain.Delivery, error) {
	row, err := r.q.HeadOfChain(ctx, gen.HeadOfChainParams{ConversationID: conversationID, Chain: string(chain)})
	return delivery(row), err
}

// DeliveriesOfMessage returns the deliveries of all events of a message, in
// the order they were made.
func (r Reader) DeliveriesOfMessage(ctx context.Context, messageID int64) ([]domain.Delivery, error) {
	rows, err := r.q.DeliveriesOfMessage(ctx, messageID)
	if err != nil {
		return nil, fmt.Errorf("read deliveries of message %d: %w", messageID, err)
	}
	deliveries := make([]domain.Delivery, len(rows))
	for i, row := range rows {
		deliveries[i] = delivery(row)
	}
	return deliveries, nil
}

// InsertDelivery stores a pending delivery and returns it with its id. The
// caller holds the lock of the conversation, so that ids give the order.
func (tx *Tx) InsertDelivery(ctx context.Context, d domain.Delivery, now time.Time) (domain.Delivery, error) {
	row, err := tx.q.InsertDelivery(ctx, gen.InsertDeliveryParams{
		PublicID: d.PublicID, AccountID: d.AccountID, ConversationID: d.ConversationID,
		Chain: string(d.Chain), EventID: d.EventID, URL: d.URL, Body: d.Body, CreatedMs: millis(now),
	})
	if err != nil {
		return domain.Delivery{}, fmt.Errorf("insert delivery: %w", err)
	}
	return delivery(row), nil
}

// RecordAttempt stores an attempt of d and moves d to state; nextAt counts for
// Pending only. It reports false, and stores nothing, when d is no longer as it
// was read: somebody else has recorded an attempt since.
func (tx *Tx) RecordAttempt(ctx context.Context, d domain.Delivery, a domain.Attempt, state domain.DeliveryState, nextAt, now time.Time) (bool, error) {
	n, err := tx.moveDelivery(ctx, d, state, nextAt, now)
	if err != nil || n == 0 {
		return false, err
	}
	err = tx.q.InsertAttempt(ctx, gen.InsertAttemptParams{
		DeliveryID: d.ID, Number: int64(a.Number), Status: int64(a.Status),
		Outcome: string(a.Outcome), Reason: a.Reason,
		StartedMs: millis(a.StartedAt), DurationMs: a.Duration.Milliseconds(),
	})
	if err != nil {
		return false, fmt.Errorf("insert attempt %d of delivery %d: %w", a.Number, d.ID, err)
	}
	return true, nil
}

func (tx *Tx) moveDelivery(ctx context.Context, d domain.Delivery, state domain.DeliveryState, nextAt, now time.Time) (int64, error) {
	if state == domain.Pending {
		next := millis(nextAt)
		return tx.q.PostponeDelivery(ctx, gen.PostponeDeliveryParams{ID: d.ID, Attempts: int64(d.Attempts), NextAttemptMs: &next})
	}
	finished := millis(now)
	return tx.q.SettleDelivery(ctx, gen.SettleDeliveryParams{
		ID: d.ID, Attempts: int64(d.Attempts), State: string(state), FinishedMs: &finished,
	})
}

// Attempts returns the recorded attempts of a delivery, first to last.
func (r Reader) Attempts(ctx context.Context, deliveryID int64) ([]domain.Attempt, error) {
	rows, err := r.q.AttemptsOfDelivery(ctx, deliveryID)
	if err != nil {
		return nil, fmt.Errorf("read attempts of delivery %d: %w", deliveryID, err)
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

func delivery(row gen.Delivery) domain.Delivery {
	d := domain.Delivery{
		ID: row.ID, PublicID: row.PublicID, AccountID: row.AccountID, ConversationID: row.ConversationID,
		Chain: domain.Chain(row.Chain), EventID: row.EventID, URL: row.URL, Body: row.Body,
		State: domain.DeliveryState(row.State), Attempts: int(row.Attempts),
	}
	if row.NextAttemptMs != nil {
		d.NextAttemptAt = fromMillis(*row.NextAttemptMs)
	}
	return d
}
