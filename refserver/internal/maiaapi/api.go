package maiaapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/parley-contracts/parley/gen/maia"
	"github.com/parley-contracts/parley/gen/maia/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/session"
)

// API is the operations of MAIA.
type API struct{ Service *session.Service }

var _ ginserver.StrictServerInterface = (*API)(nil)

// The texts of receipts.
const (
	received = "Message received. AI response will be delivered via webhook."
	synced   = "Message synced successfully."
)

// SendMessage accepts a message, or stores an echo.
//
//contract:operation sendMessage
func (h *API) SendMessage(ctx context.Context, request ginserver.SendMessageRequestObject) (ginserver.SendMessageResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	message := newMessage(request.Body)
	accepted, err := h.Service.Accept(ctx, caller, message)
	if err != nil {
		return nil, wireError(err)
	}
	response := maia.SendMessageResponse{
		SessionID: accepted.Session.PublicID, IsNewSession: accepted.New, Message: received,
		UserMessage: maia.UserMessage{
			ID: accepted.Message.PublicID, Role: maia.UserMessageRoleUser,
			Content: accepted.Message.Text, Timestamp: accepted.Message.CreatedAt.UnixMilli(),
		},
	}
	if message.Echo {
		response.Message = synced
		return ginserver.SendMessage200JSONResponse(response), nil
	}
	return ginserver.SendMessage202JSONResponse(response), nil
}

func newMessage(body *maia.SendMessageRequest) session.NewMessage {
	message := session.NewMessage{
		ChannelIdentifier: body.FromChannelIdentifier,
		ChannelType:       domain.ChannelType(value(body.ChannelType)),
		SessionID:         value(body.SessionID),
		SessionName:       value(body.SessionName),
		ExternalUserID:    value(body.ExternalUserID),
		Text:              value(body.Content),
		Echo:              value(body.IsEcho),
		Wanted:            domain.Place{AgentID: value(body.AgentID), KanbanID: value(body.KanbanID)},
	}
	for _, a := range body.Attachments {
		message.Attachments = append(message.Attachments, domain.Attachment{
			FileKey: a.FileKey, FileName: a.FileName, ContentType: a.ContentType, Size: a.Size,
		})
	}
	return message
}

// value is what p points to, the zero value for nil.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// LinkMessage ties the integrator's id to a message.
//
//contract:operation linkMessage
func (h *API) LinkMessage(ctx context.Context, request ginserver.LinkMessageRequestObject) (ginserver.LinkMessageResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	body := request.Body
	err = h.Service.Link(ctx, caller.Account, request.SessionID, request.MessageID, body.ProviderMsgID, value(body.SetStatusToSent))
	if err != nil {
		return nil, wireError(err)
	}
	return done{}, nil
}

// UpdateMessageStatus stores how far a linked message came.
//
//contract:operation updateMessageStatus
func (h *API) UpdateMessageStatus(ctx context.Context, request ginserver.UpdateMessageStatusRequestObject) (ginserver.UpdateMessageStatusResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	err = h.Service.ReportStatus(ctx, caller.Account, request.SessionID, request.Body.ProviderMsgID, domain.MessageStatus(request.Body.Status))
	if err != nil {
		return nil, wireError(err)
	}
	return done{}, nil
}

// SyncReaction changes the reactions to a linked message.
//
//contract:operation syncReaction
func (h *API) SyncReaction(ctx context.Context, request ginserver.SyncReactionRequestObject) (ginserver.SyncReactionResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	body := request.Body
	err = h.Service.SyncReaction(ctx, caller.Account, request.SessionID, body.ProviderMsgID, domain.ReactionAction(body.Action), value(body.Emoji))
	if err != nil {
		return nil, wireError(err)
	}
	return done{}, nil
}

// done acknowledges a report. The generated responses would wrap the open object
// in a member of their own type's name.
type done struct{}

func (done) VisitLinkMessageResponse(w http.ResponseWriter) error         { return acknowledge(w) }
func (done) VisitUpdateMessageStatusResponse(w http.ResponseWriter) error { return acknowledge(w) }
func (done) VisitSyncReactionResponse(w http.ResponseWriter) error        { return acknowledge(w) }

func acknowledge(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(maia.Acknowledgement{"success": true})
}

// SetAIPaused pauses or resumes the AI in a session.
//
//contract:operation setAIPaused
func (h *API) SetAIPaused(ctx context.Context, request ginserver.SetAIPausedRequestObject) (ginserver.SetAIPausedResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	paused := request.Body.AIPaused
	if err := h.Service.SetAIPaused(ctx, caller.Account, request.SessionID, paused, domain.ByAPI); err != nil {
		return nil, wireError(err)
	}
	return ginserver.SetAIPaused200JSONResponse{
		SessionID: request.SessionID, AIPaused: paused, Message: domain.PauseText(paused) + " for this session",
	}, nil
}
