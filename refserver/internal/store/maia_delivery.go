package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// WebhookByID returns a webhook's delivery of any account.
func (r Reader) WebhookByID(ctx context.Context, id int64) (domain.Delivery, error) {
	row, err := r.q.MaiaDeliveryByID(ctx, id)
	return webhook(row), err
}

// HeadOfWebhooks returns the oldest pending delivery of a session's chain.
func (r Reader) HeadOfWebhooks(ctx context.Context, sessionID int64, chain domain.Chain) (domain.Delivery, error) {
	row, err := r.q.MaiaHeadOfChain(ctx, gen.MaiaHeadOfChainParams{SessionID: sessionID, Chain: string(chain)})
	return webhook(row), err
}

// Webhooks returns the deliveries of a session, in the order they were made.
func (r Reader) Webhooks(ctx context.Context, sessionID int64) ([]domain.Delivery, error) {
	rows, err := r.q.MaiaDeliveriesInSession(ctx, sessionID)
	if err != nil {
		return nil, fmt.Errorf("read deliveries of session %d: %w", sessionID, err)
	}
	deliveries := make([]domain.Delivery, len(rows))
	for i, row := range rows {
		deliveries[i] = webhook(row)
	}
	return deliveries, nil
}

// InsertWebhook stores a pending delivery and returns it with its id. The
// caller holds the lock of the session, so that ids give the order.
func (tx *Tx) InsertWebhook(ctx context.Context, d domain.Delivery, now time.Time) (domain.Delivery, error) {
	row, err := tx.q.InsertMaiaDelivery(ctx, gen.InsertMaiaDeliveryParams{
		PublicID: d.PublicID, AccountID: d.AccountID, SessionID: d.SessionID, Chain: string(d.Chain),
		EventID: d.EventID, URL: d.URL, Body: d.Body, Signature: d.Signature, CreatedMs: millis(now),
	})
	if err != nil {
		return domain.Delivery{}, fmt.Errorf("insert webhook delivery: %w", err)
	}
	return webhook(row), nil
}

// RecordWebhookAttempt is RecordAttempt for a webhook's delivery.
func (tx *Tx) RecordWebhookAttempt(ctx context.Context, d domain.Delivery, a domain.Attempt, state domain.DeliveryState, nextAt, now time.Time) (bool, error) {
	n, err := tx.moveWebhook(ctx, d, state, nextAt, now)
	if err != nil || n == 0 {
		return false, err
	}
	err = tx.q.InsertMaiaAttempt(ctx, gen.InsertMaiaAttemptParams{
		DeliveryID: d.ID, Number: int64(a.Number), Status: int64(a.Status),
		Outcome: string(a.Outcome), Reason: a.Reason,
		StartedMs: millis(a.StartedAt), DurationMs: a.Duration.Milliseconds(),
	})
	if err != nil {
		return false, fmt.Errorf("insert attempt %d of webhook delivery %d: %w", a.Number, d.ID, err)
	}
	return true, nil
}

func (tx *Tx) moveWebhook(ctx context.Context, d domain.Delivery, state domain.DeliveryState, nextAt, now time.Time) (int64, error) {
	if state == domain.Pending {
		next := millis(nextAt)
		return tx.q.PostponeMaiaDelivery(ctx, gen.PostponeMaiaDeliveryParams{ID: d.ID, Attempts: int64(d.Attempts), NextAttemptMs: &next})
	}
	finished := millis(now)
	return tx.q.SettleMaiaDelivery(ctx, gen.SettleMaiaDeliveryParams{
		ID: d.ID, Attempts: int64(d.Attempts), State: string(state), FinishedMs: &finished,
	})
}

func webhook(row gen.MaiaDelivery) domain.Delivery {
	d := domain.Delivery{
		ID: row.ID, PublicID: row.PublicID, AccountID: row.AccountID, SessionID: row.SessionID,
		Chain: domain.Chain(row.Chain), EventID: row.EventID, URL: row.URL, Body: row.Body, Signature: row.Signature,
		State: domain.DeliveryState(row.State), Attempts: int(row.Attempts),
	}
	if row.NextAttemptMs != nil {
		d.NextAttemptAt = fromMillis(*row.NextAttemptMs)
	}
	return d
}
