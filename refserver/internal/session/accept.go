package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// NewMessage is a message to accept. Empty strings were not sent.
type NewMessage struct {
	ChannelIdentifier string
	ChannelType       domain.ChannelType
	SessionID         string
	SessionName       string
	ExternalUserID    string
	Text              string
	Attachments       []domain.Attachment
	// Echo messages are stored and not answered.
	Echo bool
	// Wanted is the agent and the board that the session is to have.
	Wanted domain.Place
}

// Accepted is a message that was stored.
type Accepted struct {
	Session domain.Session
	// New says that the message made the session.
	New     bool
	Message domain.SessionMessage
}

// Accept stores a message with all that follows from it: a session or its
// transfer, a record, the webhooks that tell of these, and the job that answers
// the message. An echo moves no session that exists; a new one it places.
func (s *Service) Accept(ctx context.Context, caller Caller, m NewMessage) (Accepted, error) {
	accepted, err := s.accept(ctx, caller, m)
	if err != nil {
		return Accepted{}, fmt.Errorf("accept message: %w", err)
	}
	return accepted, nil
}

func (s *Service) accept(ctx context.Context, caller Caller, m NewMessage) (Accepted, error) {
	if err := errors.Join(domain.CheckContent(m.Text, m.Attachments), domain.CheckAttachments(m.Attachments)); err != nil {
		return Accepted{}, err
	}
	if m.Echo && m.ExternalUserID == "" {
		return Accepted{}, domain.ErrEchoOfNobody
	}
	setup, err := s.setup(ctx, caller.Account)
	if err != nil {
		return Accepted{}, err
	}
	channel, err := setup.Channel(m.ChannelIdentifier, m.ChannelType)
	if err != nil {
		return Accepted{}, err
	}
	if err := s.checkFiles(ctx, caller, m.Attachments); err != nil {
		return Accepted{}, err
	}
	links, err := s.links(ctx, caller.Origin, m.Attachments)
	if err != nil {
		return Accepted{}, err
	}
	var accepted Accepted
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		now := s.Clock.Now()
		var err error
		if accepted.Session, accepted.New, err = s.enter(ctx, tx, caller, setup, channel, m, now); err != nil {
			return err
		}
		accepted.Message, err = s.storeMessage(ctx, tx, setup, channel, accepted.Session, m, links, now)
		return err
	})
	return accepted, err
}

// enter finds the session that a message belongs to, or makes it, and puts it
// where the message wants it. The session's lock is held afterwards.
func (s *Service) enter(ctx context.Context, tx *store.Tx, caller Caller, setup domain.Setup, channel domain.Channel, m NewMessage, now time.Time) (domain.Session, bool, error) {
	if m.SessionID == "" {
		session, err := s.create(ctx, tx, caller, setup, channel, m, now)
		return session, true, err
	}
	session, err := lockedSession(ctx, tx, caller.Account, m.SessionID)
	if errors.Is(err, store.ErrNotFound) {
		// Where transactions run side by side, two first messages of a session
		// would otherwise both make it, and one would fail.
		if err := tx.LockAccount(ctx, caller.Account.ID); err != nil {
			return domain.Session{}, false, fmt.Errorf("lock account %d: %w", caller.Account.ID, err)
		}
		session, err = lockedSession(ctx, tx, caller.Account, m.SessionID)
		if errors.Is(err, store.ErrNotFound) {
			session, err = s.create(ctx, tx, caller, setup, channel, m, now)
			return session, true, err
		}
	}
	if err != nil {
		return domain.Session{}, false, err
	}
	session, err = s.continued(ctx, tx, setup, channel, session, m, now)
	return session, false, err
}

// create makes a session and its first record.
func (s *Service) create(ctx context.Context, tx *store.Tx, caller Caller, setup domain.Setup, channel domain.Channel, m NewMessage, now time.Time) (domain.Session, error) {
	place, err := channel.Destination(setup, domain.Place{}, m.Wanted)
	if err != nil {
		return domain.Session{}, err
	}
	publicID := m.SessionID
	if publicID == "" {
		if publicID, err = domain.NewUUID(s.Random); err != nil {
			return domain.Session{}, err
		}
	}
	session, err := tx.InsertSession(ctx, domain.Session{
		AccountID: caller.Account.ID, PublicID: publicID, Name: m.SessionName, ChannelID: channel.ID,
		ExternalUserID: m.ExternalUserID, AgentID: place.AgentID, KanbanID: place.KanbanID,
	}, now)
	if err != nil {
		return domain.Session{}, err
	}
	if _, err := tx.InsertSessionEvent(ctx, eventOf(session, domain.SessionCreated), now); err != nil {
		return domain.Session{}, err
	}
	return session, s.createRecord(ctx, tx, setup, session, domain.ByAPI, now)
}

// continued brings a session that exists up to date with a message.
func (s *Service) continued(ctx context.Context, tx *store.Tx, setup domain.Setup, channel domain.Channel, session domain.Session, m NewMessage, now time.Time) (domain.Session, error) {
	before := session
	session.ChannelID = channel.ID
	if session.ExternalUserID == "" {
		session.ExternalUserID = m.ExternalUserID
	}
	to := session.Place()
	if !m.Echo {
		var err error
		if to, err = channel.Destination(setup, session.Place(), m.Wanted); err != nil {
			return domain.Session{}, err
		}
	}
	session.AgentID, session.KanbanID = to.AgentID, to.KanbanID
	if session == before {
		return session, nil
	}
	if err := tx.UpdateSession(ctx, session, now); err != nil {
		return domain.Session{}, err
	}
	if before.Place() == to {
		return session, nil
	}
	return session, s.transferred(ctx, tx, setup, before, session, now)
}

// transferred writes what a transfer leads to: a system message and, on another
// board, a new record.
func (s *Service) transferred(ctx context.Context, tx *store.Tx, setup domain.Setup, before, session domain.Session, now time.Time) error {
	text := setup.TransferText(before.Place(), session.Place())
	if _, err := s.insert(ctx, tx, session, domain.SessionMessage{Author: domain.System, Text: text}, domain.SessionTransferred, now); err != nil {
		return err
	}
	if before.KanbanID == session.KanbanID {
		return nil
	}
	return s.createRecord(ctx, tx, setup, session, domain.ByAPI, now)
}

// storeMessage writes the message itself, what the channel's webhook is told of it,
// and the job that answers it.
func (s *Service) storeMessage(ctx context.Context, tx *store.Tx, setup domain.Setup, channel domain.Channel, session domain.Session, m NewMessage, links []string, now time.Time) (domain.SessionMessage, error) {
	stored := domain.SessionMessage{Author: domain.Customer, Text: m.Text, Attachments: m.Attachments}
	if m.Echo {
		stored.Author = domain.Echo
		message, err := s.insert(ctx, tx, session, stored, domain.SessionMessageSynced, now)
		return message.SessionMessage, err
	}
	message, err := s.insert(ctx, tx, session, stored, domain.SessionMessageAccepted, now)
	if err != nil {
		return domain.SessionMessage{}, err
	}
	notice := MessageNotice{Channel: channel, Session: session, Message: message.SessionMessage, Links: links}
	if err := s.tellChannel(ctx, tx, message.event, notice, now); err != nil {
		return domain.SessionMessage{}, err
	}
	if answers(setup, session) {
		err = s.Queue.AnswerSession(ctx, tx, message.ID, now.Add(s.AnswerDelay))
	}
	return message.SessionMessage, err
}

// answers reports whether the session's agent answers at all.
func answers(setup domain.Setup, session domain.Session) bool {
	agent, ok := setup.Agent(session.AgentID)
	return ok && !agent.Inactive && !session.AIPaused
}

// insertedMessage is a message with the event of its insertion.
type insertedMessage struct {
	domain.SessionMessage
	event domain.SessionEvent
}

// insert stores a message as the last of its session, with its event.
func (s *Service) insert(ctx context.Context, tx *store.Tx, session domain.Session, m domain.SessionMessage, kind domain.SessionEventKind, now time.Time) (insertedMessage, error) {
	var err error
	if m.PublicID, err = domain.NewUUID(s.Random); err != nil {
		return insertedMessage{}, err
	}
	m.AccountID, m.SessionID = session.AccountID, session.ID
	if m.ChannelID == "" {
		m.ChannelID = session.ChannelID
	}
	if m.AgentID == "" {
		m.AgentID = session.AgentID
	}
	if m, err = tx.InsertSessionMessage(ctx, m, now); err != nil {
		return insertedMessage{}, err
	}
	event := eventOf(session, kind)
	event.MessageID = &m.ID
	event, err = tx.InsertSessionEvent(ctx, event, now)
	return insertedMessage{m, event}, err
}

func eventOf(session domain.Session, kind domain.SessionEventKind) domain.SessionEvent {
	return domain.SessionEvent{AccountID: session.AccountID, SessionID: session.ID, Kind: kind}
}
