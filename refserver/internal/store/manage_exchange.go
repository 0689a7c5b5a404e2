package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// ExchangeFilter asks for a page of the journal, the latest exchange first.
type ExchangeFilter struct {
	// Before is the id that the page ends before; 0 for the latest.
	Before int64
	// AccountID and Operation are 0 and empty for any.
	AccountID int64
	Operation string
	Limit     int
}

// Exchanges returns a page of the journal.
func (r Reader) Exchanges(ctx context.Context, f ExchangeFilter) ([]domain.Exchange, error) {
	if f.Before == 0 {
		f.Before = math.MaxInt64
	}
	rows, err := r.q.ListExchanges(ctx, gen.ListExchangesParams{
		Before: f.Before, OfAccount: f.AccountID, OfOperation: f.Operation, PageSize: int32(f.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list exchanges: %w", err)
	}
	exchanges := make([]domain.Exchange, len(rows))
	for i, row := range rows {
		exchanges[i] = exchange(row)
	}
	return exchanges, nil
}

// InsertExchanges adds to the journal and keeps its latest entries only.
func (tx *Tx) InsertExchanges(ctx context.Context, exchanges []domain.Exchange, keep int) error {
	for _, e := range exchanges {
		var accountID *int64
		if e.AccountID != 0 {
			accountID = &e.AccountID
		}
		err := tx.q.InsertExchange(ctx, gen.InsertExchangeParams{
			RequestID: e.RequestID, AccountID: accountID, Contract: e.Contract, Operation: e.Operation,
			Method: e.Method, Status: int64(e.Status), RequestBytes: e.RequestBytes, ResponseBytes: e.ResponseBytes,
			StartedMs: millis(e.StartedAt), DurationUs: e.Duration.Microseconds(),
		})
		if err != nil {
			return fmt.Errorf("insert exchange: %w", err)
		}
	}
	if _, err := tx.q.PruneExchanges(ctx, int64(keep)); err != nil {
		return fmt.Errorf("prune exchanges: %w", err)
	}
	return nil
}

func exchange(row gen.Exchange) domain.Exchange {
	e := domain.Exchange{
		ID: row.ID, RequestID: row.RequestID, Contract: row.Contract, Operation: row.Operation,
		Method: row.Method, Status: int(row.Status), RequestBytes: row.RequestBytes, ResponseBytes: row.ResponseBytes,
		StartedAt: fromMillis(row.StartedMs), Duration: time.Duration(row.DurationUs) * time.Microsecond,
	}
	if row.AccountID != nil {
		e.AccountID = *row.AccountID
	}
	return e
}
