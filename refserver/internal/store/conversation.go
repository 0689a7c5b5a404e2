package store

import (
	"context"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// ConversationByID returns a conversation of any account.
func (r Reader) ConversationByID(ctx context.Context, id int64) (domain.Conversation, error) {
	row, err := r.q.ConversationByID(ctx, id)
	return conversation(row), err
}

// LatestConversation returns the prospect's conversation with the latest
// message, a conversation without messages counting from its creation.
func (r Reader) LatestConversation(ctx context.Context, prospectID int64) (domain.Conversation, error) {
	row, err := r.q.LatestConversation(ctx, prospectID)
	return conversation(row), err
}

// InsertConversation stores a new conversation and returns it with its id.
func (tx *Tx) InsertConversation(ctx context.Context, accountID, prospectID int64, now time.Time) (domain.Conversation, error) {
	row, err := tx.q.InsertConversation(ctx, gen.InsertConversationParams{
		AccountID: accountID, ProspectID: prospectID, CreatedMs: millis(now), UpdatedMs: millis(now),
	})
	return conversation(row), err
}

// LockConversation makes other transactions that lock the conversation, or add
// a message to it, wait for this one.
func (tx *Tx) LockConversation(ctx context.Context, id int64) error {
	n, err := tx.q.LockConversation(ctx, id)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

func conversation(row gen.Conversation) domain.Conversation {
	return domain.Conversation{ID: row.ID, AccountID: row.AccountID, ProspectID: row.ProspectID}
}
