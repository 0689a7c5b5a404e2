package maax

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/parley-contracts/parley/client/internal/wire"
)

func parseMessageID(body []byte) (int64, error) {
	m, err := wire.ReadMembers(body)
	if err != nil {
		return 0, err
	}
	var id *int64
	if err := json.Unmarshal(m.Raw("incoming_message_id"), &id); err != nil || id == nil {
		return 0, fmt.Errorf("%w: incoming_message_id is missing or no integer", ErrMalformed)
	}
	return *id, nil
}

// parseAnswer returns "" while there is no answer.
func parseAnswer(body []byte) (string, error) {
	m, err := wire.ReadMembers(body)
	if err != nil {
		return "", err
	}
	var text *string
	if err := json.Unmarshal(m.Raw("answer"), &text); err != nil {
		return "", fmt.Errorf("%w: answer is no string", ErrMalformed)
	}
	if text == nil {
		return "", nil
	}
	return *text, nil
}

// parseConversationID takes a number and a string of digits, since the
// documentation shows both.
func parseConversationID(body []byte) (int64, error) {
	m, err := wire.ReadMembers(body)
	if err != nil {
		return 0, err
	}
	raw := m.Raw("conversation_id")
	var id *int64
	if json.Unmarshal(raw, &id) == nil && id != nil {
		return *id, nil
	}
	var digits string
	if json.Unmarshal(raw, &digits) == nil {
		if id, err := strconv.ParseUint(digits, 10, 63); err == nil {
			return int64(id), nil
		}
	}
	return 0, fmt.Errorf("%w: conversation_id is missing or no integer", ErrMalformed)
}

// parseHistory reads a history; needed says that the messages must be there.
func parseHistory(body []byte, needed bool) (History, error) {
	m, err := wire.ReadMembers(body)
	if err != nil {
		return History{}, err
	}
	var messages []json.RawMessage
	_, ok := m["messages_in_conversation"]
	if err := json.Unmarshal(m.Raw("messages_in_conversation"), &messages); err != nil || (messages == nil && (needed || ok)) {
		return History{}, fmt.Errorf("%w: messages_in_conversation is missing or no array", ErrMalformed)
	}
	return History{Messages: messages, Raw: json.RawMessage(bytes.Clone(body))}, nil
}
