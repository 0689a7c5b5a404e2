package domain

// Conversation is an exchange of messages with one prospect. V1 and V2 share
// conversations.
type Conversation struct {
	ID         int64
	AccountID  int64
	ProspectID int64
}

// CheckConversationOwner reports whether account may use the conversation.
func CheckConversationOwner(account Account, conversation Conversation) error {
	if conversation.AccountID != account.ID {
		return forbidden("conversation_id belongs to another company")
	}
	return nil
}

// CheckParticipant reports whether the conversation is the prospect's.
func CheckParticipant(conversation Conversation, prospect Prospect) error {
	if conversation.ProspectID != prospect.ID {
		return invalid("conversation_id is a conversation with another prospect")
	}
	return nil
}

// CheckHistoryAccess reports whether the history may be read with the service
// type given. An empty serviceType asks for no check. A conversation may hold
// messages of both service types, since the latest one is taken whatever its
// type: one message of the type suffices, and a conversation without messages
// has no type that could differ.
func CheckHistoryAccess(messages []Message, serviceType ServiceType) error {
	if serviceType == "" || len(messages) == 0 {
		return nil
	}
	for _, message := range messages {
		if message.ServiceType == serviceType {
			return nil
		}
	}
	return forbidden("service_type is not the one of the conversation")
}

// ErrUnknownConversation answers a conversation_id that was never given out.
var ErrUnknownConversation = invalid("conversation_id is not known")
