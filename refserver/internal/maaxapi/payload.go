package maaxapi

import (
	"encoding/json"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// Payloads writes the bodies of the callbacks. No field of them is documented:
// they carry the names that requests and responses use, and one flat object, as
// the recommended receivers map by name.
type Payloads struct{}

// payload is the body of every callback; what does not apply is left out.
type payload struct {
	Answer            string `json:"answer,omitempty"`
	Message           string `json:"message,omitempty"`
	Reason            string `json:"reason,omitempty"`
	IncomingMessageID int64  `json:"incoming_message_id"`
	ConversationID    int64  `json:"conversation_id"`
	ProspectID        int64  `json:"prospect_id"`
	Platform          string `json:"platform"`
	AIID              *int64 `json:"ai_id"`
}

func newPayload(question domain.Message, conversation domain.Conversation) payload {
	return payload{
		IncomingMessageID: question.ID, ConversationID: conversation.ID, ProspectID: conversation.ProspectID,
		Platform: question.Platform, AIID: question.AIID,
	}
}

// Answer is the body sent to send_response_url.
func (Payloads) Answer(question, reply domain.Message, conversation domain.Conversation) ([]byte, error) {
	p := newPayload(question, conversation)
	p.Answer = reply.Text
	return json.Marshal(p)
}

// FollowUp is the body sent to followup_url.
func (Payloads) FollowUp(question, followUp domain.Message, conversation domain.Conversation) ([]byte, error) {
	p := newPayload(question, conversation)
	p.Message = followUp.Text
	return json.Marshal(p)
}

// Emergency is the body sent to the account's emergency URL.
func (Payloads) Emergency(question domain.Message, conversation domain.Conversation, reason domain.EmergencyReason) ([]byte, error) {
	p := newPayload(question, conversation)
	p.Reason = string(reason)
	return json.Marshal(p)
}
