package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// SalesAI returns an AI of the account.
func (r Reader) SalesAI(ctx context.Context, accountID, id int64) (domain.SalesAI, error) {
	row, err := r.q.SalesAIByID(ctx, gen.SalesAIByIDParams{AccountID: accountID, ID: id})
	return salesAI(row), err
}

// SalesAIs returns up to limit AIs of the account with ids over after, by id.
func (r Reader) SalesAIs(ctx context.Context, accountID, after int64, limit int) ([]domain.SalesAI, error) {
	rows, err := r.q.ListSalesAIs(ctx, gen.ListSalesAIsParams{AccountID: accountID, After: after, PageSize: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list Sales AIs of account %d: %w", accountID, err)
	}
	ais := make([]domain.SalesAI, len(rows))
	for i, row := range rows {
		ais[i] = salesAI(row)
	}
	return ais, nil
}

// InsertSalesAI stores a new AI, under the next id of its account when it has
// none. The caller holds the lock of the account.
func (tx *Tx) InsertSalesAI(ctx context.Context, ai domain.SalesAI, now time.Time) (domain.SalesAI, error) {
	if ai.ID == 0 {
		last, err := tx.q.LastSalesAIID(ctx, ai.AccountID)
		if err != nil {
			return domain.SalesAI{}, fmt.Errorf("find an id for a Sales AI: %w", err)
		}
		ai.ID = last + 1
	}
	row, err := tx.q.InsertSalesAI(ctx, gen.InsertSalesAIParams{
		AccountID: ai.AccountID, ID: ai.ID, Name: ai.Name, Product: ai.Product, Goal: ai.Goal,
		FollowUpDelayMs: optionalMillis(ai.FollowUpDelay), CreatedMs: millis(now), UpdatedMs: millis(now),
	})
	if err != nil {
		return domain.SalesAI{}, fmt.Errorf("insert Sales AI %d: %w", ai.ID, err)
	}
	return salesAI(row), nil
}

// UpdateSalesAI stores all of an AI but its times.
func (tx *Tx) UpdateSalesAI(ctx context.Context, ai domain.SalesAI, now time.Time) error {
	n, err := tx.q.UpdateSalesAI(ctx, gen.UpdateSalesAIParams{
		AccountID: ai.AccountID, ID: ai.ID, Name: ai.Name, Product: ai.Product, Goal: ai.Goal,
		FollowUpDelayMs: optionalMillis(ai.FollowUpDelay), UpdatedMs: millis(now),
	})
	return found(n, err)
}

// DeleteSalesAI deletes an AI with the knowledge that is its alone.
func (tx *Tx) DeleteSalesAI(ctx context.Context, accountID, id int64) error {
	deleted, err := tx.q.DeleteKnowledgeOfAI(ctx, gen.DeleteKnowledgeOfAIParams{AccountID: accountID, AIID: &id})
	if err != nil {
		return fmt.Errorf("delete knowledge of Sales AI %d: %w", id, err)
	}
	if deleted > 0 {
		if err := tx.q.TouchKnowledge(ctx, accountID); err != nil {
			return err
		}
	}
	return found(tx.q.DeleteSalesAI(ctx, gen.DeleteSalesAIParams{AccountID: accountID, ID: id}))
}

func salesAI(row gen.SalesAi) domain.SalesAI {
	ai := domain.SalesAI{
		AccountID: row.AccountID, ID: row.ID, Name: row.Name, Product: row.Product, Goal: row.Goal,
		CreatedAt: fromMillis(row.CreatedMs), UpdatedAt: fromMillis(row.UpdatedMs),
	}
	if row.FollowUpDelayMs != nil {
		ai.FollowUpDelay = new(time.Duration(*row.FollowUpDelayMs) * time.Millisecond)
	}
	return ai
}

func optionalMillis(d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	return new(d.Milliseconds())
}
