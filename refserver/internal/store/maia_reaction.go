package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// AddReaction stores a reaction; one that is there stays once.
func (tx *Tx) AddReaction(ctx context.Context, r domain.Reaction, now time.Time) error {
	err := tx.q.AddMaiaReaction(ctx, gen.AddMaiaReactionParams{MessageID: r.MessageID, Emoji: r.Emoji, CreatedMs: millis(now)})
	if err != nil {
		return fmt.Errorf("add reaction to message %d: %w", r.MessageID, err)
	}
	return nil
}

// RemoveReaction takes a reaction off, all of the message's when Emoji is
// empty.
func (tx *Tx) RemoveReaction(ctx context.Context, r domain.Reaction) error {
	var err error
	if r.Emoji == "" {
		err = tx.q.ClearMaiaReactions(ctx, r.MessageID)
	} else {
		err = tx.q.RemoveMaiaReaction(ctx, gen.RemoveMaiaReactionParams{MessageID: r.MessageID, Emoji: r.Emoji})
	}
	if err != nil {
		return fmt.Errorf("remove reaction from message %d: %w", r.MessageID, err)
	}
	return nil
}

// Reactions returns the reactions in a session, oldest first.
func (r Reader) Reactions(ctx context.Context, sessionID int64) ([]domain.Reaction, error) {
	rows, err := r.q.MaiaReactionsInSession(ctx, sessionID)
	if err != nil {
		return nil, fmt.Errorf("read reactions in session %d: %w", sessionID, err)
	}
	reactions := make([]domain.Reaction, len(rows))
	for i, row := range rows {
		reactions[i] = domain.Reaction{MessageID: row.MessageID, Emoji: row.Emoji}
	}
	return reactions, nil
}
