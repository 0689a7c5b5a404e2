package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// SessionMessageByID returns a message of any session.
func (r Reader) SessionMessageByID(ctx context.Context, id int64) (domain.SessionMessage, error) {
	row, err := r.q.MaiaMessageByID(ctx, id)
	return sessionMessage(row, err)
}

// SessionMessageByPublicID returns the session's message of that id.
func (r Reader) SessionMessageByPublicID(ctx context.Context, sessionID int64, publicID string) (domain.SessionMessage, error) {
	row, err := r.q.MaiaMessageByPublicID(ctx, gen.MaiaMessageByPublicIDParams{SessionID: sessionID, PublicID: publicID})
	return sessionMessage(row, err)
}

// SessionMessageByProviderID returns the session's message that is linked to
// the integrator's id.
func (r Reader) SessionMessageByProviderID(ctx context.Context, sessionID int64, providerID string) (domain.SessionMessage, error) {
	row, err := r.q.MaiaMessageByProviderID(ctx, gen.MaiaMessageByProviderIDParams{SessionID: sessionID, ProviderMsgID: &providerID})
	return sessionMessage(row, err)
}

// SessionReplyTo returns the agent's answer to a message.
func (r Reader) SessionReplyTo(ctx context.Context, messageID int64) (domain.SessionMessage, error) {
	row, err := r.q.MaiaReplyTo(ctx, &messageID)
	return sessionMessage(row, err)
}

// SessionMessages returns all messages of a session, oldest first.
func (r Reader) SessionMessages(ctx context.Context, sessionID int64) ([]domain.SessionMessage, error) {
	rows, err := r.q.MaiaMessagesInSession(ctx, sessionID)
	if err != nil {
		return nil, fmt.Errorf("read messages of session %d: %w", sessionID, err)
	}
	messages := make([]domain.SessionMessage, len(rows))
	for i, row := range rows {
		if messages[i], err = sessionMessage(row, nil); err != nil {
			return nil, err
		}
	}
	return messages, nil
}

// InsertSessionMessage stores m as the last of its session, which it locks, and
// returns it with its id and sequence number.
func (tx *Tx) InsertSessionMessage(ctx context.Context, m domain.SessionMessage, now time.Time) (domain.SessionMessage, error) {
	seq, err := tx.q.TakeMaiaSeq(ctx, gen.TakeMaiaSeqParams{ID: m.SessionID, UpdatedMs: millis(now)})
	if err != nil {
		return domain.SessionMessage{}, fmt.Errorf("take a place in session %d: %w", m.SessionID, err)
	}
	attachments, err := json.Marshal(m.Attachments)
	if err != nil {
		return domain.SessionMessage{}, fmt.Errorf("write attachments: %w", err)
	}
	row, err := tx.q.InsertMaiaMessage(ctx, gen.InsertMaiaMessageParams{
		AccountID: m.AccountID, SessionID: m.SessionID, PublicID: m.PublicID, Seq: seq,
		Author: string(m.Author), ChannelID: m.ChannelID, AgentID: m.AgentID, Text: m.Text,
		Attachments: string(attachments), Status: string(domain.StatusPending),
		ReplyTo: m.ReplyTo, Confidence: m.Confidence, Source: m.Source, CreatedMs: millis(now),
	})
	if err != nil {
		return domain.SessionMessage{}, fmt.Errorf("insert message of %s into session %d: %w", m.Author, m.SessionID, err)
	}
	return sessionMessage(row, nil)
}

// LinkMessage stores the integrator's id of a message.
func (tx *Tx) LinkMessage(ctx context.Context, messageID int64, providerID string) error {
	err := tx.q.LinkMaiaMessage(ctx, gen.LinkMaiaMessageParams{ID: messageID, ProviderMsgID: &providerID})
	if err != nil {
		return fmt.Errorf("link message %d: %w", messageID, err)
	}
	return nil
}

// SetMessageStatus moves m to a status. It reports false when m no longer has
// the one it was read with.
func (tx *Tx) SetMessageStatus(ctx context.Context, m domain.SessionMessage, status domain.MessageStatus) (bool, error) {
	n, err := tx.q.SetMaiaMessageStatus(ctx, gen.SetMaiaMessageStatusParams{
		ID: m.ID, Status: string(status), Expected: string(m.Status),
	})
	if err != nil {
		return false, fmt.Errorf("set status of message %d: %w", m.ID, err)
	}
	return n > 0, nil
}

func sessionMessage(row gen.MaiaMessage, err error) (domain.SessionMessage, error) {
	if err != nil {
		return domain.SessionMessage{}, err
	}
	m := domain.SessionMessage{
		ID: row.ID, AccountID: row.AccountID, SessionID: row.SessionID, PublicID: row.PublicID, Seq: row.Seq,
		Author: domain.Author(row.Author), ChannelID: row.ChannelID, AgentID: row.AgentID, Text: row.Text,
		Status: domain.MessageStatus(row.Status), ReplyTo: row.ReplyTo,
		Confidence: row.Confidence, Source: row.Source, CreatedAt: fromMillis(row.CreatedMs),
	}
	if row.ProviderMsgID != nil {
		m.ProviderID = *row.ProviderMsgID
	}
	if err := json.Unmarshal([]byte(row.Attachments), &m.Attachments); err != nil {
		return domain.SessionMessage{}, fmt.Errorf("read attachments of message %d: %w", row.ID, err)
	}
	return m, nil
}
