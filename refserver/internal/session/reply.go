package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Inquiry is what a generator is asked about a message.
func (s *Service) Inquiry(ctx context.Context, messageID int64) (domain.Inquiry, error) {
	message, session, err := s.question(ctx, messageID)
	if err != nil {
		return domain.Inquiry{}, err
	}
	setup, err := s.setup(ctx, domain.Account{ID: session.AccountID})
	if err != nil {
		return domain.Inquiry{}, err
	}
	channel, _ := setup.ChannelByID(message.ChannelID)
	return domain.Inquiry{
		AccountID: session.AccountID, SessionID: session.PublicID, MessageID: message.ID,
		AgentID: message.AgentID, Platform: string(channel.Type), Text: message.Text,
	}, nil
}

func (s *Service) question(ctx context.Context, messageID int64) (domain.SessionMessage, domain.Session, error) {
	message, err := s.Store.SessionMessageByID(ctx, messageID)
	if err != nil {
		return domain.SessionMessage{}, domain.Session{}, fmt.Errorf("read message %d: %w", messageID, err)
	}
	session, err := s.Store.SessionByID(ctx, message.SessionID)
	if err != nil {
		return domain.SessionMessage{}, domain.Session{}, fmt.Errorf("read session %d: %w", message.SessionID, err)
	}
	return message, session, nil
}

// Reply stores the agent's answer to a message, once, and tells the channel of
// it, in the transaction that done ends. It reports false when the answer is not
// wanted any more: the AI was paused, or the message has its answer. A generator
// that knows nothing is answered for with a hand-over to a colleague.
func (s *Service) Reply(ctx context.Context, messageID int64, answer domain.Answer, done func(*store.Tx) error) (made bool, err error) {
	question, session, err := s.question(ctx, messageID)
	if err != nil {
		return false, err
	}
	setup, err := s.setup(ctx, domain.Account{ID: session.AccountID})
	if err != nil {
		return false, err
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		if made, err = s.reply(ctx, tx, setup, question, answer); err != nil {
			return err
		}
		return done(tx)
	})
	return made, err
}

func (s *Service) reply(ctx context.Context, tx *store.Tx, setup domain.Setup, question domain.SessionMessage, answer domain.Answer) (bool, error) {
	if err := tx.LockSession(ctx, question.SessionID); err != nil {
		return false, fmt.Errorf("lock session %d: %w", question.SessionID, err)
	}
	session, err := tx.SessionByID(ctx, question.SessionID)
	if err != nil {
		return false, fmt.Errorf("read session %d: %w", question.SessionID, err)
	}
	switch _, err := tx.SessionReplyTo(ctx, question.ID); {
	case err == nil || session.AIPaused:
		return false, nil
	case !errors.Is(err, store.ErrNotFound):
		return false, fmt.Errorf("look for the answer to message %d: %w", question.ID, err)
	}
	text := domain.HandOver
	if answer.Known() {
		text = domain.Plain.Render(answer.Text)
	}
	return true, s.send(ctx, tx, setup, session, domain.SessionMessage{
		Author: domain.AgentAuthor, ChannelID: question.ChannelID, AgentID: question.AgentID, Text: text,
		ReplyTo: &question.ID, Confidence: answer.Confidence, Source: answer.Source,
	}, s.Clock.Now())
}

// send stores a message that did not come through the API and tells the channel
// of it.
func (s *Service) send(ctx context.Context, tx *store.Tx, setup domain.Setup, session domain.Session, m domain.SessionMessage, now time.Time) error {
	message, err := s.insert(ctx, tx, session, m, domain.SessionMessageSent, now)
	if err != nil {
		return err
	}
	channel, ok := setup.ChannelByID(message.ChannelID)
	if !ok {
		return nil // removed since: there is nobody to tell
	}
	return s.tellChannel(ctx, tx, message.event, MessageNotice{Channel: channel, Session: session, Message: message.SessionMessage}, now)
}
