package domain

import (
	"fmt"
	"time"
)

// Session is a conversation of MAIA: the messages that share a sessionId.
type Session struct {
	ID        int64
	AccountID int64
	// PublicID is the sessionId, any string of the caller's; it is unique
	// within the account.
	PublicID string
	// Name is given with the first message and never changes.
	Name string
	// ChannelID is the channel of the last message.
	ChannelID      string
	ExternalUserID string
	AgentID        string
	// KanbanID is empty when the account has no board for the session.
	KanbanID string
	AIPaused bool
	// CreatedAt is when the first message came.
	CreatedAt time.Time
}

// Title is what a record of the session is called.
func (s Session) Title() string {
	for _, title := range []string{s.Name, s.ExternalUserID} {
		if title != "" {
			return title
		}
	}
	return s.PublicID
}

// ErrUnknownSession answers a sessionId in a path that no message has named.
var ErrUnknownSession = notFound("Session not found")

// Place is the agent and the board of a session.
type Place struct {
	AgentID  string
	KanbanID string
}

// Place is where the session is.
func (s Session) Place() Place { return Place{AgentID: s.AgentID, KanbanID: s.KanbanID} }

// Destination says where a message with these ids, each possibly empty, takes a
// session that is at a place, the zero Place for a new session:
//
//	agentId    the agent; the board that the channel has for it
//	kanbanId   the board; the channel's default agent, whoever has the session
//	both       as given
//	neither    nowhere; a new session starts as with the default agent's id
//
// A new session whose agent has no board lands on the account's default one; a
// session that exists then stays where it is. An id that is the session's own
// moves nothing.
func (c Channel) Destination(setup Setup, at Place, wanted Place) (Place, error) {
	if wanted.AgentID != "" && !c.Allows(wanted.AgentID) {
		return Place{}, invalid("agentId is not among the channel's allowed agents")
	}
	if wanted.KanbanID != "" {
		if _, err := setup.Kanban(wanted.KanbanID); err != nil {
			return Place{}, err
		}
	}
	agentMoves := wanted.AgentID != "" && wanted.AgentID != at.AgentID
	kanbanMoves := wanted.KanbanID != "" && wanted.KanbanID != at.KanbanID
	if isNew := at == (Place{}); !isNew && !agentMoves && !kanbanMoves {
		return at, nil
	}
	to := wanted
	if to.AgentID == "" {
		to.AgentID = c.DefaultAgentID
	}
	if to.KanbanID == "" {
		to.KanbanID = c.KanbanOf(to.AgentID)
	}
	if to.KanbanID == "" {
		to.KanbanID = at.KanbanID
	}
	if to.KanbanID == "" {
		to.KanbanID = setup.DefaultKanbanID()
	}
	return to, nil
}

// TransferText is what a session's history says of a transfer.
func (s Setup) TransferText(from, to Place) string {
	text := "Session transferred"
	if from.AgentID != to.AgentID {
		text += fmt.Sprintf(" from agent %s to agent %s", s.agentName(from.AgentID), s.agentName(to.AgentID))
	}
	if from.KanbanID != to.KanbanID {
		text += fmt.Sprintf(" to board %s", s.kanbanName(to.KanbanID))
	}
	return text
}

// PauseText is what a session's history says of a pause.
func PauseText(paused bool) string {
	if paused {
		return "AI responses paused"
	}
	return "AI responses resumed"
}

// ErrEchoOfNobody answers an echo that does not name the customer.
var ErrEchoOfNobody = invalid("externalUserId is required for an echo")

// ErrNoDevice answers an owner of a phone who writes where there is none.
var ErrNoDevice = invalid("the session's channel has no device")
