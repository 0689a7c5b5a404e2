package maaxapi

import (
	"context"

	"github.com/parley-contracts/parley/gen/maaxv2"
	"github.com/parley-contracts/parley/gen/maaxv2/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/conversation"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// V2 is the operations of MAAX V2.
type V2 struct{ Service *conversation.Service }

var _ ginserver.StrictServerInterface = (*V2)(nil)

// CreateOutgoingMessage accepts a message whose answer is delivered.
//
//contract:operation createOutgoingMessage
func (h *V2) CreateOutgoingMessage(ctx context.Context, request ginserver.CreateOutgoingMessageRequestObject) (ginserver.CreateOutgoingMessageResponseObject, error) {
	ctx, account, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	message, err := newMessageV2(request.Body)
	if err != nil {
		return nil, wireError(err)
	}
	accepted, err := h.Service.Accept(ctx, account, message)
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.CreateOutgoingMessage200JSONResponse{IncomingMessageID: accepted.ID}, nil
}

func newMessageV2(body *maaxv2.OutgoingMessageRequest) (conversation.NewMessage, error) {
	ref, err := prospectRef(body.ProspectID, &body.ProspectInfo)
	if err != nil {
		return conversation.NewMessage{}, err
	}
	message := conversation.NewMessage{
		Version: domain.V2, Text: body.MessageContent, Platform: string(body.Platform),
		AIID: &body.AIID, ServiceType: domain.ServiceType(body.ServiceType),
		Prospect: ref, ConversationID: body.ConversationID,
		SendResponseURL: body.SendResponseURL, FollowupURL: body.FollowupURL,
	}
	if body.OutputFormat != nil && *body.OutputFormat == maaxv2.OutgoingMessageRequestOutputFormatPlainText {
		message.Format = domain.Plain
	}
	return message, nil
}

// GetConversationHistory returns the messages of a conversation, oldest first.
//
//contract:operation getConversationHistory
func (h *V2) GetConversationHistory(ctx context.Context, request ginserver.GetConversationHistoryRequestObject) (ginserver.GetConversationHistoryResponseObject, error) {
	ctx, account, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	messages, err := h.Service.History(ctx, account, request.ID, "")
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.GetConversationHistory200JSONResponse{MessagesInConversation: history(messages)}, nil
}
