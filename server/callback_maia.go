package server

import (
	"encoding/json"
	"time"
)

// The operationIds of the callbacks of MAIA.
const (
	OperationMAIAMessage = "maiaMessage"
	OperationMAIAEvent   = "maiaWebhookEvent"
)

// MAIADirection is who wrote a message.
type MAIADirection string

// The documented directions.
const (
	// MAIAOutgoing is an answer of the AI or of an operator, which cannot be
	// told apart.
	MAIAOutgoing MAIADirection = "outgoing"
	// MAIAIncoming is a customer's message, forwarded.
	MAIAIncoming MAIADirection = "incoming"
	// MAIAEcho is what the phone's owner wrote on the device.
	MAIAEcho MAIADirection = "echo"
)

// MAIAMessage is a message that passed through a channel. What the vendor
// leaves out, or sends in another type, is the zero value: see
// Callback.Findings for it, and Callback.Fields for what else there is.
type MAIAMessage struct {
	// ChannelID is the channel's internal id, ChannelIdentifier the external
	// one, such as a phone number.
	ChannelID, ChannelIdentifier string
	AgentID                      string
	// SessionID is the way back to the customer: an outgoing message names
	// nobody.
	SessionID string
	// MessageID tells a message that comes again, and links it.
	MessageID string
	// Text is the message's, whoever wrote it; may be empty beside
	// Attachments.
	Text string
	// Time is when the message was made.
	Time time.Time
	// Direction is MAIAOutgoing when the vendor does not say.
	Direction MAIADirection
	// ExternalUserID is the integration's id of the customer.
	ExternalUserID string
	Attachments    []MAIAAttachment
}

// MAIAAttachment is a file of a message.
type MAIAAttachment struct {
	ID string
	// URL lets anyone fetch the file for a time that is not documented, so
	// fetch it at once.
	URL string
	// Type is image, audio, video or document.
	Type      string
	SizeBytes int64
	MediaType string
}

// MAIAMessage reads a message. ok is false for another callback, and for one
// that names no session or no message.
func (c *Callback) MAIAMessage() (m MAIAMessage, ok bool) {
	if c.Operation != OperationMAIAMessage {
		return MAIAMessage{}, false
	}
	f := fields(c.Fields)
	m = MAIAMessage{
		ChannelID:         f.text("channelId"),
		ChannelIdentifier: f.text("channelIdentifier"),
		AgentID:           f.text("agentId"),
		SessionID:         f.text("sessionId"),
		MessageID:         f.text("messageId"),
		Text:              f.text("response"),
		Time:              f.time("timestamp"),
		Direction:         MAIADirection(f.text("direction")),
		ExternalUserID:    f.text("externalUserId"),
	}
	if m.Direction == "" {
		m.Direction = MAIAOutgoing
	}
	list, _ := f["attachments"].([]any)
	for _, item := range list {
		a, _ := item.(map[string]any)
		m.Attachments = append(m.Attachments, attachment(a))
	}
	return m, m.SessionID != "" && m.MessageID != ""
}

func attachment(f fields) MAIAAttachment {
	size, _ := f["size"].(json.Number)
	bytes, _ := size.Int64() // 0 where it is no integer
	return MAIAAttachment{
		ID: f.text("id"), URL: f.text("url"), Type: f.text("type"), SizeBytes: bytes, MediaType: f.text("mimeType"),
	}
}

// The documented types of MAIAEvent. The vendor has more.
const (
	MAIAFieldUpdated  = "crm_field_update"
	MAIARecordCreated = "crm_record_created"
	MAIARecordDeleted = "crm_record_deleted"
	MAIAPauseChanged  = "ai_pause"
)

// MAIAEvent is something that happened in the account. What the event does not
// have, or has in another type, is the zero value; Callback.Fields has all.
type MAIAEvent struct {
	// Type is one of the constants, or one that is not documented:
	// acknowledge that too.
	Type string
	// RecordID and the board are those of CRM events.
	RecordID, KanbanID, KanbanName string
	// SessionID and ExternalUserID are empty for records made by hand.
	SessionID, ExternalUserID string

	// FieldName is the display name, not the id, of the field that changed;
	// for MAIAFieldUpdated, as the next three.
	FieldName, FieldType string
	// PreviousValue and NewValue are as JSON has them, numbers as json.Number.
	PreviousValue, NewValue any

	// Title and what follows are a new record's, for MAIARecordCreated.
	Title, Status string
	// CustomFields are values by field id.
	CustomFields    map[string]any
	AssignedUserIDs []string

	// By is who changed or created it, Time when.
	By   string
	Time time.Time
}

// MAIAEvent reads an event. ok is false for another callback, and for one that
// names no type.
func (c *Callback) MAIAEvent() (e MAIAEvent, ok bool) {
	if c.Operation != OperationMAIAEvent {
		return MAIAEvent{}, false
	}
	f := fields(c.Fields)
	e = MAIAEvent{
		Type:           f.text("eventType"),
		RecordID:       f.text("recordId"),
		KanbanID:       f.text("kanbanId"),
		KanbanName:     f.text("kanbanName"),
		SessionID:      f.text("sessionId"),
		ExternalUserID: f.text("externalUserId"),
		FieldName:      f.text("fieldName"),
		FieldType:      f.text("fieldType"),
		PreviousValue:  f["previousValue"],
		NewValue:       f["newValue"],
		Title:          f.text("title"),
		Status:         f.text("status"),
		By:             f.first("updatedBy", "createdBy"),
		Time:           f.time("updatedAt", "createdAt"),
	}
	e.CustomFields, _ = f["customFields"].(map[string]any)
	users, _ := f["assignedUserIds"].([]any)
	for _, user := range users {
		if id, isText := user.(string); isText {
			e.AssignedUserIDs = append(e.AssignedUserIDs, id)
		}
	}
	return e, e.Type != ""
}

// fields are the decoded members of an object.
type fields map[string]any

func (f fields) text(name string) string {
	s, _ := f[name].(string)
	return s
}

// first is the first of the fields that holds a text.
func (f fields) first(names ...string) string {
	for _, name := range names {
		if s := f.text(name); s != "" {
			return s
		}
	}
	return ""
}

// time is the first of the fields, in ISO 8601 with a zone, else zero.
func (f fields) time(names ...string) time.Time {
	t, err := time.Parse(time.RFC3339, f.first(names...))
	if err != nil {
		return time.Time{}
	}
	return t
}
