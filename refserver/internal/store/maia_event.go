package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// InsertSessionEvent stores that something happened in a session and returns it
// with its id.
func (tx *Tx) InsertSessionEvent(ctx context.Context, e domain.SessionEvent, now time.Time) (domain.SessionEvent, error) {
	row, err := tx.q.InsertMaiaEvent(ctx, gen.InsertMaiaEventParams{
		AccountID: e.AccountID, SessionID: e.SessionID, Kind: string(e.Kind),
		MessageID: e.MessageID, RecordID: e.RecordID, CreatedMs: millis(now),
	})
	if err != nil {
		return domain.SessionEvent{}, fmt.Errorf("insert event %s: %w", e.Kind, err)
	}
	return sessionEvent(row), nil
}

// SessionEvents returns what happened in a session, oldest first.
func (r Reader) SessionEvents(ctx context.Context, sessionID int64) ([]domain.SessionEvent, error) {
	rows, err := r.q.MaiaEventsInSession(ctx, sessionID)
	if err != nil {
		return nil, fmt.Errorf("read events of session %d: %w", sessionID, err)
	}
	events := make([]domain.SessionEvent, len(rows))
	for i, row := range rows {
		events[i] = sessionEvent(row)
	}
	return events, nil
}

func sessionEvent(row gen.MaiaEvent) domain.SessionEvent {
	return domain.SessionEvent{
		ID: row.ID, AccountID: row.AccountID, SessionID: row.SessionID, Kind: domain.SessionEventKind(row.Kind),
		MessageID: row.MessageID, RecordID: row.RecordID,
	}
}
