package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Link ties the integrator's id of a message to the message, and marks it as
// sent when told to. A second link replaces the first.
func (s *Service) Link(ctx context.Context, account domain.Account, sessionID, messageID, providerID string, markSent bool) error {
	if err := domain.CheckProviderID(providerID); err != nil {
		return err
	}
	err := s.inSession(ctx, account, sessionID, func(tx *store.Tx, session domain.Session, now time.Time) error {
		message, err := found(tx.SessionMessageByPublicID(ctx, session.ID, messageID))
		if err != nil {
			return err
		}
		switch other, err := tx.SessionMessageByProviderID(ctx, session.ID, providerID); {
		case err == nil && other.ID != message.ID:
			return domain.ErrLinkedElsewhere
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return fmt.Errorf("find linked message: %w", err)
		}
		if err := tx.LinkMessage(ctx, message.ID, providerID); err != nil {
			return err
		}
		if err := s.recordEvent(ctx, tx, session, message, domain.MessageLinked, now); err != nil || !markSent {
			return err
		}
		return s.move(ctx, tx, session, message, message.Status.MarkSent(), now)
	})
	if err != nil {
		return fmt.Errorf("link message: %w", err)
	}
	return nil
}

// ReportStatus stores how far a linked message came.
func (s *Service) ReportStatus(ctx context.Context, account domain.Account, sessionID, providerID string, reported domain.MessageStatus) error {
	if err := domain.CheckProviderID(providerID); err != nil {
		return err
	}
	err := s.inSession(ctx, account, sessionID, func(tx *store.Tx, session domain.Session, now time.Time) error {
		message, err := found(tx.SessionMessageByProviderID(ctx, session.ID, providerID))
		if err != nil {
			return err
		}
		status, err := message.Status.Report(reported)
		if err != nil {
			return err
		}
		return s.move(ctx, tx, session, message, status, now)
	})
	if err != nil {
		return fmt.Errorf("report status: %w", err)
	}
	return nil
}

// SyncReaction changes the reactions to a linked message. An empty emoji names
// none.
func (s *Service) SyncReaction(ctx context.Context, account domain.Account, sessionID, providerID string, action domain.ReactionAction, emoji string) error {
	if err := errors.Join(domain.CheckProviderID(providerID), action.Check(emoji)); err != nil {
		return err
	}
	err := s.inSession(ctx, account, sessionID, func(tx *store.Tx, session domain.Session, now time.Time) error {
		message, err := found(tx.SessionMessageByProviderID(ctx, session.ID, providerID))
		if err != nil {
			return err
		}
		reaction := domain.Reaction{MessageID: message.ID, Emoji: emoji}
		switch action {
		case domain.ReactionRemove:
			err = tx.RemoveReaction(ctx, reaction)
		case domain.ReactionUpsert:
			err = tx.RemoveReaction(ctx, domain.Reaction{MessageID: message.ID})
		}
		if err == nil && action != domain.ReactionRemove && emoji != "" {
			err = tx.AddReaction(ctx, reaction, now)
		}
		if err != nil {
			return err
		}
		return s.recordEvent(ctx, tx, session, message, domain.MessageReactionSynced, now)
	})
	if err != nil {
		return fmt.Errorf("sync reaction: %w", err)
	}
	return nil
}

// move changes a message's status, with its event, when it differs.
func (s *Service) move(ctx context.Context, tx *store.Tx, session domain.Session, message domain.SessionMessage, status domain.MessageStatus, now time.Time) error {
	if status == message.Status {
		return nil
	}
	if moved, err := tx.SetMessageStatus(ctx, message, status); err != nil || !moved {
		return errors.Join(err, notUpdated(moved))
	}
	return s.recordEvent(ctx, tx, session, message, domain.MessageStatusReported, now)
}

// recordEvent writes an event of a message.
func (s *Service) recordEvent(ctx context.Context, tx *store.Tx, session domain.Session, message domain.SessionMessage, kind domain.SessionEventKind, now time.Time) error {
	event := eventOf(session, kind)
	event.MessageID = &message.ID
	_, err := tx.InsertSessionEvent(ctx, event, now)
	return err
}

// found turns the absence of a message into what the caller is told.
func found(message domain.SessionMessage, err error) (domain.SessionMessage, error) {
	if errors.Is(err, store.ErrNotFound) {
		return domain.SessionMessage{}, domain.ErrUnknownSessionMessage
	}
	if err != nil {
		return domain.SessionMessage{}, fmt.Errorf("find message: %w", err)
	}
	return message, nil
}
