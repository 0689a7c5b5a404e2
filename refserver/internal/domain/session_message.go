package domain

import (
	"strings"
	"time"
)

// Author says who wrote a message of a session.
type Author string

// The authors.
const (
	// Customer wrote through the API.
	Customer Author = "customer"
	// Echo is a message that the API stored without an answer.
	Echo Author = "echo"
	// AgentAuthor is the AI.
	AgentAuthor Author = "agent"
	// Operator is a person who answered in the dashboard.
	Operator Author = "operator"
	// Device is the phone's owner.
	Device Author = "device"
	// System is the server itself, about what it did.
	System Author = "system"
)

// Direction is how a webhook tells the author.
func (a Author) Direction() string {
	switch a {
	case Customer:
		return "incoming"
	case Device:
		return "echo"
	default:
		return "outgoing"
	}
}

// Role is the author in the terms of a history.
func (a Author) Role() string {
	switch a {
	case Customer, Echo:
		return "user"
	case System:
		return "system"
	default:
		return "assistant"
	}
}

// MessageStatus is how far a message came on its way to the customer:
//
//	pending --> sent, delivered, read, failed <--> one another
//
// Any status that is reported is taken, backwards too, since no rule is
// documented. Nothing leads back to pending. Linking with setStatusToSent goes
// from pending to sent and changes no other status.
type MessageStatus string

// The statuses.
const (
	StatusPending   MessageStatus = "pending"
	StatusSent      MessageStatus = "sent"
	StatusDelivered MessageStatus = "delivered"
	StatusRead      MessageStatus = "read"
	StatusFailed    MessageStatus = "failed"
)

// Report is the status after one was reported.
func (s MessageStatus) Report(reported MessageStatus) (MessageStatus, error) {
	switch reported {
	case StatusSent, StatusDelivered, StatusRead, StatusFailed:
		return reported, nil
	default:
		return s, invalid("status is none of sent, delivered, read and failed")
	}
}

// MarkSent is the status after a link that says so.
func (s MessageStatus) MarkSent() MessageStatus {
	if s == StatusPending {
		return StatusSent
	}
	return s
}

// SessionMessage is one entry of a session's history.
type SessionMessage struct {
	ID        int64
	AccountID int64
	SessionID int64
	// PublicID is what the wire calls the message's id.
	PublicID string
	// Seq counts the messages of a session from 1; it is their order.
	Seq    int64
	Author Author
	// ChannelID is the channel that the message came through or goes to.
	ChannelID string
	// AgentID is the session's agent at the time.
	AgentID     string
	Text        string
	Attachments []Attachment
	Status      MessageStatus
	// ProviderID is the integrator's id of the message, empty before it is
	// linked.
	ProviderID string
	// ReplyTo is the message that an agent's answers, nil for others.
	ReplyTo    *int64
	Confidence float64
	Source     string
	CreatedAt  time.Time
}

// CheckContent reports whether there is anything in a message.
func CheckContent(text string, attachments []Attachment) error {
	if text == "" && len(attachments) == 0 {
		return invalid("content or attachments required")
	}
	return nil
}

// Reaction is a customer's reaction to a message.
type Reaction struct {
	MessageID int64
	Emoji     string
}

// ReactionAction is what a report does to the reactions of a message.
type ReactionAction string

// The actions.
const (
	// ReactionAdd adds one; one that is there is added once.
	ReactionAdd ReactionAction = "add"
	// ReactionRemove takes one off, or all when none is named.
	ReactionRemove ReactionAction = "remove"
	// ReactionUpsert takes all off and adds one when one is named.
	ReactionUpsert ReactionAction = "upsert"
)

// Check reports whether the action can be done with the emoji.
func (a ReactionAction) Check(emoji string) error {
	switch a {
	case ReactionAdd:
		if strings.TrimSpace(emoji) == "" {
			return invalid("emoji is required to add a reaction")
		}
		return nil
	case ReactionRemove, ReactionUpsert:
		return nil
	default:
		return invalid("action is none of add, remove and upsert")
	}
}

// CheckProviderID reports whether an integrator's id was given.
func CheckProviderID(id string) error {
	if id == "" {
		return invalid("providerMsgId is required")
	}
	return nil
}

// What reports about messages that are not there are answered.
var (
	ErrUnknownSessionMessage = notFound("Message not found")
	ErrLinkedElsewhere       = invalid("providerMsgId is linked to another message of the session")
)
