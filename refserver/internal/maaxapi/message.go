package maaxapi

import (
	"time"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// historyMessage is one message of a history. Its shape is not documented; the
// names are those that the operations use elsewhere.
type historyMessage struct {
	ID          int64              `json:"id"`
	Sender      string             `json:"sender"`
	Text        string             `json:"text"`
	Platform    string             `json:"platform"`
	ServiceType domain.ServiceType `json:"service_type"`
	// InReplyTo is the incoming_message_id that an answer or a follow-up
	// belongs to.
	InReplyTo *int64    `json:"in_reply_to,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// history is never nil: an empty conversation has an empty array, not null.
func history(messages []domain.Message) []common.Message {
	out := make([]common.Message, len(messages))
	for i, m := range messages {
		out[i] = historyMessage{
			ID: m.ID, Sender: m.Sender(), Text: m.Text, Platform: m.Platform,
			ServiceType: m.ServiceType, InReplyTo: m.ReplyTo, CreatedAt: m.CreatedAt,
		}
	}
	return out
}
