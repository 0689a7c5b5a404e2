package maiaapi

import (
	"encoding/json"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/session"
)

// Payloads writes the bodies of webhooks. What a receiver finds undocumented in
// them stands under the names that their siblings use.
type Payloads struct{}

var _ session.Payloads = Payloads{}

// isoMillis is how webhooks write times.
const isoMillis = "2006-01-02T15:04:05.000Z"

func iso(t time.Time) string { return t.UTC().Format(isoMillis) }

type messagePayload struct {
	ChannelID         string              `json:"channelId"`
	ChannelIdentifier string              `json:"channelIdentifier"`
	AgentID           string              `json:"agentId"`
	SessionID         string              `json:"sessionId"`
	MessageID         string              `json:"messageId"`
	Response          string              `json:"response"`
	Timestamp         string              `json:"timestamp"`
	Direction         string              `json:"direction,omitempty"`
	ExternalUserID    string              `json:"externalUserId,omitempty"`
	Attachments       []attachmentPayload `json:"attachments,omitempty"`
}

type attachmentPayload struct {
	ID       string          `json:"id"`
	URL      string          `json:"url"`
	Type     domain.Category `json:"type"`
	Size     int64           `json:"size"`
	MimeType string          `json:"mimeType"`
}

// Message is the body sent to a channel's webhook. The direction is told only
// where incoming messages are forwarded, the customer only with what customers
// and owners of phones write.
func (Payloads) Message(n session.MessageNotice) ([]byte, error) {
	p := messagePayload{
		ChannelID: n.Channel.ID, ChannelIdentifier: n.Channel.Identifier, AgentID: n.Message.AgentID,
		SessionID: n.Session.PublicID, MessageID: n.Message.PublicID, Response: n.Message.Text,
		Timestamp: iso(n.Message.CreatedAt),
	}
	direction := n.Message.Author.Direction()
	if n.Channel.ForwardIncoming {
		p.Direction = direction
	}
	if direction != "outgoing" {
		p.ExternalUserID = n.Session.ExternalUserID
	}
	for i, a := range n.Message.Attachments {
		p.Attachments = append(p.Attachments, attachmentPayload{
			ID: a.ID, URL: n.Links[i], Type: domain.CategoryOf(a.ContentType), Size: a.Size, MimeType: a.ContentType,
		})
	}
	return json.Marshal(p)
}

// recordPayload begins the body of every event of a record.
type recordPayload struct {
	EventType      domain.SessionEventKind `json:"eventType"`
	RecordID       string                  `json:"recordId"`
	KanbanID       string                  `json:"kanbanId"`
	KanbanName     string                  `json:"kanbanName"`
	ExternalUserID *string                 `json:"externalUserId"`
	SessionID      string                  `json:"sessionId"`
}

func newRecordPayload(kind domain.SessionEventKind, n session.RecordNotice) recordPayload {
	p := recordPayload{
		EventType: kind, RecordID: n.Record.PublicID, KanbanID: n.Record.KanbanID, KanbanName: n.Kanban.Name,
		SessionID: n.Session.PublicID,
	}
	if n.Session.ExternalUserID != "" {
		p.ExternalUserID = &n.Session.ExternalUserID
	}
	return p
}

// RecordCreated is the body of crm_record_created.
func (Payloads) RecordCreated(n session.RecordNotice) ([]byte, error) {
	return json.Marshal(struct {
		recordPayload
		Title           string         `json:"title"`
		Status          string         `json:"status"`
		CustomFields    map[string]any `json:"customFields"`
		AssignedUserIDs []string       `json:"assignedUserIds"`
		CreatedBy       string         `json:"createdBy"`
		CreatedAt       string         `json:"createdAt"`
	}{
		newRecordPayload(domain.RecordCreated, n), n.Record.Title, n.Record.Status,
		n.Record.CustomFields, []string{}, n.By, iso(n.At),
	})
}

// FieldUpdated is the body of crm_field_update.
func (Payloads) FieldUpdated(n session.FieldNotice) ([]byte, error) {
	return json.Marshal(struct {
		recordPayload
		FieldName     string `json:"fieldName"`
		FieldType     string `json:"fieldType"`
		PreviousValue any    `json:"previousValue"`
		NewValue      any    `json:"newValue"`
		UpdatedBy     string `json:"updatedBy"`
		UpdatedAt     string `json:"updatedAt"`
	}{
		newRecordPayload(domain.RecordFieldUpdated, n.RecordNotice), n.Field.Name, n.Field.Type,
		n.Previous, n.New, n.By, iso(n.At),
	})
}

// RecordDeleted is the body of crm_record_deleted.
func (Payloads) RecordDeleted(n session.RecordNotice) ([]byte, error) {
	return json.Marshal(struct {
		recordPayload
		DeletedBy string `json:"deletedBy"`
		DeletedAt string `json:"deletedAt"`
	}{newRecordPayload(domain.RecordDeleted, n), n.By, iso(n.At)})
}

// Paused is the body of ai_pause.
func (Payloads) Paused(n session.PauseNotice) ([]byte, error) {
	return json.Marshal(struct {
		EventType domain.SessionEventKind `json:"eventType"`
		SessionID string                  `json:"sessionId"`
		AIPaused  bool                    `json:"aiPaused"`
		ChannelID string                  `json:"channelId"`
		AgentID   string                  `json:"agentId"`
		UpdatedBy string                  `json:"updatedBy"`
		UpdatedAt string                  `json:"updatedAt"`
	}{domain.AIPause, n.Session.PublicID, n.Session.AIPaused, n.Session.ChannelID, n.Session.AgentID, n.By, iso(n.At)})
}
