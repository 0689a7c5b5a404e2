package domain

// EventKind says what happened to a message.
type EventKind string

// The event kinds.
const (
	MessageAccepted EventKind = "message.accepted"
	MessageAnswered EventKind = "message.answered"
	EmergencyRaised EventKind = "emergency.raised"
	FollowUpMade    EventKind = "follow-up.made"
)

// Event is something that happened, written in the transaction that made it
// happen.
type Event struct {
	ID             int64
	AccountID      int64
	ConversationID int64
	MessageID      int64
	Kind           EventKind
}
