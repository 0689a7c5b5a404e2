package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// InsertEvent stores that something happened to m and returns it with its id.
func (tx *Tx) InsertEvent(ctx context.Context, kind domain.EventKind, m domain.Message, now time.Time) (domain.Event, error) {
	row, err := tx.q.InsertEvent(ctx, gen.InsertEventParams{
		AccountID: m.AccountID, ConversationID: m.ConversationID,
		Kind: string(kind), MessageID: m.ID, CreatedMs: millis(now),
	})
	if err != nil {
		return domain.Event{}, fmt.Errorf("insert event %s: %w", kind, err)
	}
	return domain.Event{
		ID: row.ID, AccountID: row.AccountID, ConversationID: row.ConversationID,
		MessageID: row.MessageID, Kind: domain.EventKind(row.Kind),
	}, nil
}
