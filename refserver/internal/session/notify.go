package session

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Payloads writes the bodies of webhooks, in the vendor's format.
type Payloads interface {
	Message(n MessageNotice) ([]byte, error)
	RecordCreated(n RecordNotice) ([]byte, error)
	FieldUpdated(n FieldNotice) ([]byte, error)
	RecordDeleted(n RecordNotice) ([]byte, error)
	Paused(n PauseNotice) ([]byte, error)
}

// MessageNotice is what a channel's webhook is told of a message.
type MessageNotice struct {
	Channel domain.Channel
	Session domain.Session
	Message domain.SessionMessage
	// Links are the presigned URLs of the message's attachments, in their
	// order.
	Links []string
}

// RecordNotice is what webhooks are told of a record.
type RecordNotice struct {
	Session domain.Session
	Record  domain.Record
	Kanban  domain.Kanban
	// By and At are who did it and when.
	By string
	At time.Time
}

// FieldNotice is what webhooks are told of a change of a record's field.
type FieldNotice struct {
	RecordNotice
	Field domain.KanbanField
	// Previous is nil for a field that had no value.
	Previous any
	New      any
}

// PauseNotice is what webhooks are told of a pause or its end.
type PauseNotice struct {
	Session domain.Session
	By      string
	At      time.Time
}

// tellChannel delivers a message to its channel's webhook: the business's always,
// others where the channel forwards them.
func (s *Service) tellChannel(ctx context.Context, tx *store.Tx, event domain.SessionEvent, n MessageNotice, now time.Time) error {
	outgoing := n.Message.Author.Direction() == "outgoing"
	if n.Channel.WebhookURL == "" || !outgoing && !n.Channel.ForwardIncoming {
		return nil
	}
	body, err := s.Payloads.Message(n)
	if err != nil {
		return fmt.Errorf("write message webhook: %w", err)
	}
	return s.deliver(ctx, tx, event, domain.ChainMessages, n.Channel.WebhookURL, n.Channel.WebhookSecret, body, now)
}

// subject is what an event is about, as far as filters want to know: the board
// and the field, each possibly empty.
type subject struct{ kanbanID, fieldID string }

// tellWebhooks delivers an event to every subscription that wants it.
func (s *Service) tellWebhooks(ctx context.Context, tx *store.Tx, setup domain.Setup, event domain.SessionEvent, about subject, body []byte, now time.Time) error {
	for _, w := range setup.Webhooks {
		if !w.Wants(event.Kind, about.kanbanID, about.fieldID) {
			continue
		}
		if err := s.deliver(ctx, tx, event, w.Chain(), w.URL, w.Secret, body, now); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) deliver(ctx context.Context, tx *store.Tx, event domain.SessionEvent, chain domain.Chain, url, secret string, body []byte, now time.Time) error {
	return s.Queue.DeliverWebhook(ctx, tx, domain.Delivery{
		AccountID: event.AccountID, SessionID: event.SessionID, Chain: chain, EventID: event.ID,
		URL: url, Body: string(body), Signature: domain.Sign(secret, body),
	}, now)
}
