package domain

import "time"

// Record is a card of a session on a board.
type Record struct {
	ID        int64
	AccountID int64
	SessionID int64
	PublicID  string
	KanbanID  string
	Title     string
	Status    string
	// CustomFields are values by the ids of the board's fields, as JSON gives
	// them.
	CustomFields map[string]any
	CreatedBy    string
	CreatedAt    time.Time
}

// Marks of who did something, where it was not a user.
const (
	ByAPI = "api"
	ByAI  = "ai"
)

// ErrUnknownField answers a field that the board does not have.
var ErrUnknownField = notFound("Field not found")

// ErrUnknownRecord answers the id of a record that does not exist.
var ErrUnknownRecord = notFound("Record not found")

// SessionEventKind says what happened in a session. Those that the Webhook
// Center knows carry its names.
type SessionEventKind string

// The event kinds.
const (
	SessionCreated         SessionEventKind = "session.created"
	SessionTransferred     SessionEventKind = "session.transferred"
	SessionMessageAccepted SessionEventKind = "message.accepted"
	SessionMessageSynced   SessionEventKind = "message.synced"
	SessionMessageSent     SessionEventKind = "message.sent"
	MessageLinked          SessionEventKind = "message.linked"
	MessageStatusReported  SessionEventKind = "message.status-reported"
	MessageReactionSynced  SessionEventKind = "message.reaction-synced"
	AIPause                SessionEventKind = "ai_pause"
	RecordCreated          SessionEventKind = "crm_record_created"
	RecordFieldUpdated     SessionEventKind = "crm_field_update"
	RecordDeleted          SessionEventKind = "crm_record_deleted"
)

// SessionEvent is something that happened in a session, written in the
// transaction that made it happen.
type SessionEvent struct {
	ID        int64
	AccountID int64
	SessionID int64
	Kind      SessionEventKind
	// MessageID and RecordID are what it happened to, nil for the session
	// itself.
	MessageID *int64
	RecordID  *int64
}
