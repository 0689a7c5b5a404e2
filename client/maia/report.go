package maia

import (
	"context"
	"net/http"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// Link ties the integration's id of a message to the vendor's.
type Link struct {
	// SessionID and MessageID are the ones that the webhook carried.
	SessionID string
	MessageID string
	// ProviderMessageID is the integration's own id of the message, by which
	// ReportStatus and the reactions name it.
	ProviderMessageID string
	// MarkSent says whether the message counts as sent from now on. It is
	// always told, since what happens otherwise is not documented.
	MarkSent bool
}

// Link tells the vendor the integration's id of a message that came by
// webhook.
//
//contract:operation linkMessage
func (c *Client) Link(ctx context.Context, link Link) error {
	fault := firstOf(pathFault("SessionID", link.SessionID), pathFault("MessageID", link.MessageID), providerFault(link.ProviderMessageID))
	if fault != "" {
		return invalid(opLink, fault)
	}
	return c.report(ctx, opLink, func(ctx context.Context) (*http.Response, error) {
		return c.api.LinkMessage(ctx, link.SessionID, link.MessageID, maia.LinkMessageRequest{
			ProviderMsgID: link.ProviderMessageID, SetStatusToSent: &link.MarkSent,
		})
	})
}

// DeliveryStatus is how far a message came.
type DeliveryStatus string

// The statuses.
const (
	StatusSent      DeliveryStatus = DeliveryStatus(maia.UpdateMessageStatusRequestStatusSent)
	StatusDelivered DeliveryStatus = DeliveryStatus(maia.UpdateMessageStatusRequestStatusDelivered)
	StatusRead      DeliveryStatus = DeliveryStatus(maia.UpdateMessageStatusRequestStatusRead)
	StatusFailed    DeliveryStatus = DeliveryStatus(maia.UpdateMessageStatusRequestStatusFailed)
)

// StatusReport is what became of a message that was linked before.
type StatusReport struct {
	SessionID         string
	ProviderMessageID string
	Status            DeliveryStatus
}

// ReportStatus tells the vendor what became of a message. Whether a status may
// go back, from read to delivered, is not documented.
//
//contract:operation updateMessageStatus
func (c *Client) ReportStatus(ctx context.Context, report StatusReport) error {
	status := maia.UpdateMessageStatusRequestStatus(report.Status)
	fault := firstOf(pathFault("SessionID", report.SessionID), providerFault(report.ProviderMessageID))
	if fault == "" && !status.Valid() {
		fault = "Status is none of sent, delivered, read and failed"
	}
	if fault != "" {
		return invalid(opStatus, fault)
	}
	return c.report(ctx, opStatus, func(ctx context.Context) (*http.Response, error) {
		return c.api.UpdateMessageStatus(ctx, report.SessionID, maia.UpdateMessageStatusRequest{
			ProviderMsgID: report.ProviderMessageID, Status: status,
		})
	})
}

// Reaction is a customer's reaction to a message that was linked before.
type Reaction struct {
	SessionID         string
	ProviderMessageID string
	// Emoji is the reaction. AddReaction needs it; whether RemoveReaction does,
	// the documentation does not say; SetReaction without it clears.
	Emoji string
}

// AddReaction adds a reaction to those that the message has.
//
//contract:operation syncReaction
func (c *Client) AddReaction(ctx context.Context, reaction Reaction) error {
	if reaction.Emoji == "" {
		return invalid(opReaction, "Emoji is empty: name the reaction to add")
	}
	return c.react(ctx, reaction, maia.SyncReactionRequestActionAdd)
}

// RemoveReaction takes a reaction off the message.
//
//contract:operation syncReaction
func (c *Client) RemoveReaction(ctx context.Context, reaction Reaction) error {
	return c.react(ctx, reaction, maia.SyncReactionRequestActionRemove)
}

// SetReaction puts one reaction in the place of all that the message has, or
// none when Emoji is empty.
//
//contract:operation syncReaction
func (c *Client) SetReaction(ctx context.Context, reaction Reaction) error {
	return c.react(ctx, reaction, maia.SyncReactionRequestActionUpsert)
}

func (c *Client) react(ctx context.Context, reaction Reaction, action maia.SyncReactionRequestAction) error {
	fault := firstOf(pathFault("SessionID", reaction.SessionID), providerFault(reaction.ProviderMessageID))
	if fault != "" {
		return invalid(opReaction, fault)
	}
	return c.report(ctx, opReaction, func(ctx context.Context) (*http.Response, error) {
		return c.api.SyncReaction(ctx, reaction.SessionID, maia.SyncReactionRequest{
			ProviderMsgID: reaction.ProviderMessageID, Action: action, Emoji: wire.Optional(reaction.Emoji),
		})
	})
}
