package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// MessageByID returns a message of any account and kind.
func (r Reader) MessageByID(ctx context.Context, id int64) (domain.Message, error) {
	row, err := r.q.MessageByID(ctx, id)
	return message(row), err
}

// ReplyTo returns the answer to a question, or its follow-up.
func (r Reader) ReplyTo(ctx context.Context, questionID int64, kind domain.Kind) (domain.Message, error) {
	row, err := r.q.ReplyTo(ctx, gen.ReplyToParams{ReplyTo: &questionID, Kind: string(kind)})
	return message(row), err
}

// LatestQuestion returns the last question of a conversation.
func (r Reader) LatestQuestion(ctx context.Context, conversationID int64) (domain.Message, error) {
	row, err := r.q.LatestQuestion(ctx, conversationID)
	return message(row), err
}

// Messages returns all messages of a conversation, oldest first.
func (r Reader) Messages(ctx context.Context, conversationID int64) ([]domain.Message, error) {
	rows, err := r.q.MessagesInConversation(ctx, conversationID)
	if err != nil {
		return nil, fmt.Errorf("read messages of conversation %d: %w", conversationID, err)
	}
	messages := make([]domain.Message, len(rows))
	for i, row := range rows {
		messages[i] = message(row)
	}
	return messages, nil
}

// InsertMessage stores m as the last of its conversation, which it locks, and
// returns it with its id and sequence number.
func (tx *Tx) InsertMessage(ctx context.Context, m domain.Message, now time.Time) (domain.Message, error) {
	seq, err := tx.q.TakeSeq(ctx, gen.TakeSeqParams{ID: m.ConversationID, UpdatedMs: millis(now)})
	if err != nil {
		return domain.Message{}, fmt.Errorf("take a place in conversation %d: %w", m.ConversationID, err)
	}
	row, err := tx.q.InsertMessage(ctx, gen.InsertMessageParams{
		AccountID: m.AccountID, ConversationID: m.ConversationID, Seq: seq,
		Kind: string(m.Kind), Text: m.Text,
		ServiceType: string(m.ServiceType), Platform: m.Platform, AIID: m.AIID,
		OutputFormat:    string(m.Format),
		SendResponseURL: m.SendResponseURL, FollowupURL: m.FollowupURL,
		ReplyTo: m.ReplyTo, Confidence: m.Confidence, Source: m.Source,
		CreatedMs: millis(now),
	})
	if err != nil {
		return domain.Message{}, fmt.Errorf("insert %s into conversation %d: %w", m.Kind, m.ConversationID, err)
	}
	return message(row), nil
}

func message(row gen.Message) domain.Message {
	return domain.Message{
		ID: row.ID, AccountID: row.AccountID, ConversationID: row.ConversationID, Seq: row.Seq,
		Kind: domain.Kind(row.Kind), Text: row.Text,
		ServiceType: domain.ServiceType(row.ServiceType), Platform: row.Platform, AIID: row.AIID,
		Format:          domain.Format(row.OutputFormat),
		SendResponseURL: row.SendResponseURL, FollowupURL: row.FollowupURL,
		ReplyTo: row.ReplyTo, Confidence: row.Confidence, Source: row.Source,
		CreatedAt: fromMillis(row.CreatedMs),
	}
}
