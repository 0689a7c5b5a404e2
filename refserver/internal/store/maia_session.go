package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// SessionByID returns a session of any account.
func (r Reader) SessionByID(ctx context.Context, id int64) (domain.Session, error) {
	row, err := r.q.MaiaSessionByID(ctx, id)
	return session(row), err
}

// SessionByPublicID returns the account's session of that sessionId.
func (r Reader) SessionByPublicID(ctx context.Context, accountID int64, publicID string) (domain.Session, error) {
	row, err := r.q.MaiaSessionByPublicID(ctx, gen.MaiaSessionByPublicIDParams{AccountID: accountID, PublicID: publicID})
	return session(row), err
}

// InsertSession stores a new session and returns it with its id.
func (tx *Tx) InsertSession(ctx context.Context, s domain.Session, now time.Time) (domain.Session, error) {
	row, err := tx.q.InsertMaiaSession(ctx, gen.InsertMaiaSessionParams{
		AccountID: s.AccountID, PublicID: s.PublicID, Name: s.Name, ChannelID: s.ChannelID,
		ExternalUserID: s.ExternalUserID, AgentID: s.AgentID, KanbanID: s.KanbanID, AIPaused: s.AIPaused,
		CreatedMs: millis(now), UpdatedMs: millis(now),
	})
	if err != nil {
		return domain.Session{}, fmt.Errorf("insert session: %w", err)
	}
	return session(row), nil
}

// UpdateSession stores the channel, the customer and the place of s. The caller
// holds its lock.
func (tx *Tx) UpdateSession(ctx context.Context, s domain.Session, now time.Time) error {
	err := tx.q.UpdateMaiaSession(ctx, gen.UpdateMaiaSessionParams{
		ID: s.ID, ChannelID: s.ChannelID, ExternalUserID: s.ExternalUserID,
		AgentID: s.AgentID, KanbanID: s.KanbanID, UpdatedMs: millis(now),
	})
	if err != nil {
		return fmt.Errorf("update session %d: %w", s.ID, err)
	}
	return nil
}

// SetAIPaused pauses or resumes the AI; false means that it was so before.
func (tx *Tx) SetAIPaused(ctx context.Context, sessionID int64, paused bool, now time.Time) (bool, error) {
	n, err := tx.q.SetMaiaSessionPaused(ctx, gen.SetMaiaSessionPausedParams{
		ID: sessionID, AIPaused: paused, Expected: !paused, UpdatedMs: millis(now),
	})
	if err != nil {
		return false, fmt.Errorf("pause session %d: %w", sessionID, err)
	}
	return n > 0, nil
}

// LockSession makes other transactions that lock the session, or add a message
// to it, wait for this one.
func (tx *Tx) LockSession(ctx context.Context, id int64) error {
	n, err := tx.q.LockMaiaSession(ctx, id)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

func session(row gen.MaiaSession) domain.Session {
	return domain.Session{
		ID: row.ID, AccountID: row.AccountID, PublicID: row.PublicID, Name: row.Name, ChannelID: row.ChannelID,
		ExternalUserID: row.ExternalUserID, AgentID: row.AgentID, KanbanID: row.KanbanID, AIPaused: row.AIPaused,
		CreatedAt: fromMillis(row.CreatedMs),
	}
}
