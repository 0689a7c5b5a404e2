package maaxapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/gen/maaxv1/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/conversation"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// V1 is the operations of MAAX V1.
type V1 struct{ Service *conversation.Service }

var _ ginserver.StrictServerInterface = (*V1)(nil)

// InitiateAnswerGeneration accepts a message whose answer is fetched later.
//
//contract:operation initiateAnswerGeneration
func (h *V1) InitiateAnswerGeneration(ctx context.Context, request ginserver.InitiateAnswerGenerationRequestObject) (ginserver.InitiateAnswerGenerationResponseObject, error) {
	ctx, account, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	message, err := newMessageV1(request.Body)
	if err != nil {
		return nil, wireError(err)
	}
	accepted, err := h.Service.Accept(ctx, account, message)
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.InitiateAnswerGeneration200JSONResponse{IncomingMessageID: accepted.ID}, nil
}

func newMessageV1(body *maaxv1.InitiateAnswerGenerationRequest) (conversation.NewMessage, error) {
	ref, err := prospectRef(body.ProspectID, body.ProspectInfo)
	if err != nil {
		return conversation.NewMessage{}, err
	}
	message := conversation.NewMessage{
		Version: domain.V1, Text: body.MessageContent, Platform: string(body.Platform),
		Prospect: ref, ConversationID: body.ConversationID,
	}
	if aiID, err := body.AIID.Get(); err == nil { // neither left out nor null
		message.AIID = &aiID
	}
	if body.ServiceType != nil {
		message.ServiceType = domain.ServiceType(*body.ServiceType)
	}
	if body.OutputFormat != nil && *body.OutputFormat == maaxv1.InitiateAnswerGenerationRequestOutputFormatHTML {
		message.Format = domain.HTML
	}
	return message, nil
}

// RetrieveAnswer returns an answer, null while there is none.
//
//contract:operation retrieveAnswer
func (h *V1) RetrieveAnswer(ctx context.Context, request ginserver.RetrieveAnswerRequestObject) (ginserver.RetrieveAnswerResponseObject, error) {
	ctx, account, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	params := request.Params
	answer, err := h.Service.Answer(ctx, account, params.IncomingMessageID, domain.ServiceType(params.ServiceType))
	if err != nil {
		return nil, wireError(err)
	}
	if answer == nil {
		return ginserver.RetrieveAnswer200JSONResponse{Answer: nullable.NewNullNullable[string]()}, nil
	}
	return ginserver.RetrieveAnswer200JSONResponse{Answer: nullable.NewNullableWithValue(*answer)}, nil
}

// CreateConversation makes a conversation with a prospect.
//
//contract:operation createConversation
func (h *V1) CreateConversation(ctx context.Context, request ginserver.CreateConversationRequestObject) (ginserver.CreateConversationResponseObject, error) {
	ctx, account, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	ref, err := prospectRef(request.Body.ProspectID, request.Body.ProspectInfo)
	if err != nil {
		return nil, wireError(err)
	}
	created, err := h.Service.Create(ctx, account, domain.V1, ref)
	if err != nil {
		return nil, wireError(err)
	}
	var reference common.ConversationReference
	if err := reference.FromConversationNumber(created.ID); err != nil {
		return nil, wireError(err)
	}
	return ginserver.CreateConversation200JSONResponse{ConversationID: reference}, nil
}

// GetConversationsHistory returns the messages of a conversation, oldest first.
//
//contract:operation getConversationsHistory
func (h *V1) GetConversationsHistory(ctx context.Context, request ginserver.GetConversationsHistoryRequestObject) (ginserver.GetConversationsHistoryResponseObject, error) {
	ctx, account, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	var serviceType domain.ServiceType
	if request.Params.ServiceType != nil {
		serviceType = domain.ServiceType(*request.Params.ServiceType)
	}
	messages, err := h.Service.History(ctx, account, request.Params.ConversationID, serviceType)
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.GetConversationsHistory200JSONResponse{MessagesInConversation: history(messages)}, nil
}
