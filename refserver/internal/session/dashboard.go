package session

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Write stores a message that an operator wrote in the dashboard or the owner of
// the phone on the device, and tells the channel of it. Only channels with a
// device of their own have an owner who could write.
func (s *Service) Write(ctx context.Context, account domain.Account, sessionID string, author domain.Author, text string) error {
	setup, err := s.setup(ctx, account)
	if err != nil {
		return err
	}
	err = s.inSession(ctx, account, sessionID, func(tx *store.Tx, session domain.Session, now time.Time) error {
		channel, _ := setup.ChannelByID(session.ChannelID)
		if author == domain.Device && channel.Type != domain.ChannelDevice {
			return domain.ErrNoDevice
		}
		return s.send(ctx, tx, setup, session, domain.SessionMessage{Author: author, Text: text}, now)
	})
	if err != nil {
		return fmt.Errorf("write as %s: %w", author, err)
	}
	return nil
}

// Snapshot is all that is known of a session.
type Snapshot struct {
	Session  domain.Session
	Messages []domain.SessionMessage
	// Reactions are those to all messages.
	Reactions  []domain.Reaction
	Records    []domain.Record
	Events     []domain.SessionEvent
	Deliveries []domain.Delivery
}

// Snapshot reads a session. What is written meanwhile may be in it in part.
func (s *Service) Snapshot(ctx context.Context, account domain.Account, sessionID string) (Snapshot, error) {
	session, err := s.Store.SessionByPublicID(ctx, account.ID, sessionID)
	if err != nil {
		return Snapshot{}, notFoundOr(err, domain.ErrUnknownSession)
	}
	snapshot := Snapshot{Session: session}
	if snapshot.Messages, err = s.Store.SessionMessages(ctx, session.ID); err != nil {
		return Snapshot{}, err
	}
	if snapshot.Reactions, err = s.Store.Reactions(ctx, session.ID); err != nil {
		return Snapshot{}, err
	}
	if snapshot.Records, err = s.Store.Records(ctx, session.ID); err != nil {
		return Snapshot{}, err
	}
	if snapshot.Events, err = s.Store.SessionEvents(ctx, session.ID); err != nil {
		return Snapshot{}, err
	}
	snapshot.Deliveries, err = s.Store.Webhooks(ctx, session.ID)
	return snapshot, err
}
