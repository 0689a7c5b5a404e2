package domain

import (
	"strings"
	"time"
)

// ServiceType says which of the vendor's services answers.
type ServiceType string

// The service types.
const (
	CustomerSupport ServiceType = "customer_support_automation"
	Sales           ServiceType = "sales_automation"
)

// DefaultServiceType is the type of a message sent without one: sales when a
// Sales AI is named, customer support otherwise, since ai_id is blank exactly
// for customer support.
func DefaultServiceType(aiID *int64) ServiceType {
	if aiID != nil {
		return Sales
	}
	return CustomerSupport
}

// CheckText reports whether there is anything to answer.
func CheckText(text string) error {
	if strings.TrimSpace(text) == "" {
		return invalid("message_content is empty")
	}
	return nil
}

// Kind says what a message is in its conversation.
type Kind string

// The kinds.
const (
	Question Kind = "question"
	Reply    Kind = "answer"
	FollowUp Kind = "follow_up"
)

// Message is one entry of a conversation: a prospect's question, the answer to
// it, or a follow-up. Answers and follow-ups repeat what their question said
// about service type, platform, AI and format.
type Message struct {
	ID             int64
	AccountID      int64
	ConversationID int64
	// Seq counts the messages of a conversation from 1; it is their order.
	Seq         int64
	Kind        Kind
	Text        string
	ServiceType ServiceType
	Platform    string
	AIID        *int64
	Format      Format
	// SendResponseURL and FollowupURL are empty for V1.
	SendResponseURL string
	FollowupURL     string
	// ReplyTo is the question, nil for questions.
	ReplyTo    *int64
	Confidence float64
	Source     string
	CreatedAt  time.Time
}

// Sender is who wrote the message, "prospect" or "ai".
func (m Message) Sender() string {
	if m.Kind == Question {
		return "prospect"
	}
	return "ai"
}

// CheckAnswerAccess reports whether account may fetch the answer to the
// message under the service type given.
func CheckAnswerAccess(account Account, message Message, serviceType ServiceType) error {
	if message.AccountID != account.ID {
		return forbidden("incoming_message_id belongs to another company")
	}
	if message.Kind != Question {
		return ErrUnknownMessage
	}
	if message.ServiceType != serviceType {
		return forbidden("service_type is not the one that the message was sent with")
	}
	return nil
}

// ErrUnknownMessage answers an incoming_message_id that was never given out.
var ErrUnknownMessage = invalid("incoming_message_id is not known")

// Answered returns the message that answers m, or follows it up, in m's
// format; it is not stored yet.
func (m Message) Answered(kind Kind, text string, answer Answer) Message {
	return Message{
		AccountID: m.AccountID, ConversationID: m.ConversationID,
		Kind: kind, Text: m.Format.Render(text),
		ServiceType: m.ServiceType, Platform: m.Platform, AIID: m.AIID, Format: m.Format,
		ReplyTo: &m.ID, Confidence: answer.Confidence, Source: answer.Source,
	}
}
