package conversation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// Queue takes the jobs that messages lead to.
type Queue interface {
	GenerateAnswer(ctx context.Context, tx *store.Tx, question domain.Message, at time.Time) error
}

// URLChecker says whether a callback URL could ever be called.
type URLChecker interface{ CheckURL(raw string) error }

// Service is the operations. All fields are needed; it may be used
// concurrently. Its errors are *domain.Error where the caller broke a rule.
type Service struct {
	Store *store.Store
	Queue Queue
	URLs  URLChecker
	Clock Clock
	// AnswerDelay is how long an answer is held back, to look like work.
	AnswerDelay time.Duration
}

// NewMessage is a message to accept.
type NewMessage struct {
	Version  domain.Version
	Text     string
	Platform string
	AIID     *int64
	// ServiceType is empty when not sent, see domain.DefaultServiceType.
	ServiceType domain.ServiceType
	// Format is empty when not sent, see domain.DefaultFormat.
	Format         domain.Format
	Prospect       ProspectRef
	ConversationID *int64
	// SendResponseURL and FollowupURL are empty for V1.
	SendResponseURL string
	FollowupURL     string
}

// Accept stores a message with its event and the job that answers it, all or
// nothing, and returns it. The prospect and the conversation it belongs to are
// found or made in the same transaction.
func (s *Service) Accept(ctx context.Context, account domain.Account, m NewMessage) (domain.Message, error) {
	if err := domain.CheckText(m.Text); err != nil {
		return domain.Message{}, err
	}
	if err := s.checkURLs(m); err != nil {
		return domain.Message{}, err
	}
	if m.ServiceType == "" {
		m.ServiceType = domain.DefaultServiceType(m.AIID)
	}
	if m.Format == "" {
		m.Format = domain.DefaultFormat(m.Version)
	}
	var accepted domain.Message
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		now := s.Clock.Now()
		conversation, err := s.resolve(ctx, tx, account, m, now)
		if err != nil {
			return err
		}
		accepted, err = tx.InsertMessage(ctx, domain.Message{
			AccountID: account.ID, ConversationID: conversation.ID,
			Kind: domain.Question, Text: m.Text, ServiceType: m.ServiceType, Platform: m.Platform,
			AIID: m.AIID, Format: m.Format, SendResponseURL: m.SendResponseURL, FollowupURL: m.FollowupURL,
		}, now)
		if err != nil {
			return err
		}
		if _, err := tx.InsertEvent(ctx, domain.MessageAccepted, accepted, now); err != nil {
			return err
		}
		return s.Queue.GenerateAnswer(ctx, tx, accepted, now.Add(s.AnswerDelay))
	})
	if err != nil {
		return domain.Message{}, fmt.Errorf("accept message: %w", err)
	}
	return accepted, nil
}

// checkURLs refuses callback URLs that could never be called.
func (s *Service) checkURLs(m NewMessage) error {
	for _, callback := range []struct{ name, url string }{
		{"send_response_url", m.SendResponseURL},
		{"followup_url", m.FollowupURL},
	} {
		if callback.url == "" && m.Version == domain.V1 {
			continue
		}
		if err := s.URLs.CheckURL(callback.url); err != nil {
			return &domain.Error{Code: domain.CodeInvalid, Message: callback.name + ": " + err.Error()}
		}
	}
	return nil
}

// Create makes a conversation with a prospect who is found or made.
func (s *Service) Create(ctx context.Context, account domain.Account, version domain.Version, ref ProspectRef) (domain.Conversation, error) {
	var created domain.Conversation
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		now := s.Clock.Now()
		prospect, err := s.prospect(ctx, tx, account, version, ref, now)
		if err != nil {
			return err
		}
		created, err = tx.InsertConversation(ctx, account.ID, prospect.ID, now)
		return err
	})
	if err != nil {
		return domain.Conversation{}, fmt.Errorf("create conversation: %w", err)
	}
	return created, nil
}

// Answer returns the answer to a message in the format it asked for, nil while
// there is none. It changes nothing and may be repeated for ever.
func (s *Service) Answer(ctx context.Context, account domain.Account, messageID int64, serviceType domain.ServiceType) (*string, error) {
	question, err := s.Store.MessageByID(ctx, messageID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, domain.ErrUnknownMessage
	}
	if err != nil {
		return nil, fmt.Errorf("read message %d: %w", messageID, err)
	}
	if err := domain.CheckAnswerAccess(account, question, serviceType); err != nil {
		return nil, err
	}
	reply, err := s.Store.ReplyTo(ctx, messageID, domain.Reply)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read answer to message %d: %w", messageID, err)
	}
	return &reply.Text, nil
}

// History returns the messages of a conversation, oldest first. An empty
// serviceType asks for no check of it.
func (s *Service) History(ctx context.Context, account domain.Account, conversationID int64, serviceType domain.ServiceType) ([]domain.Message, error) {
	conversation, err := s.Store.ConversationByID(ctx, conversationID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, domain.ErrUnknownConversation
	}
	if err != nil {
		return nil, fmt.Errorf("read conversation %d: %w", conversationID, err)
	}
	if err := domain.CheckConversationOwner(account, conversation); err != nil {
		return nil, err
	}
	messages, err := s.Store.Messages(ctx, conversation.ID)
	if err != nil {
		return nil, err
	}
	if err := domain.CheckHistoryAccess(messages, serviceType); err != nil {
		return nil, err
	}
	return messages, nil
}
