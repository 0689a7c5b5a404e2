package maia

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// MaxAttachments is how many attachments a message may have.
const MaxAttachments = 10

// maxMessageMegabytes is how many MB the attachments of a message may have.
const maxMessageMegabytes = 100

// ChannelType is the type of a channel. The vendor may have more than the
// documented ones, so others are sent as they are.
type ChannelType string

// The documented channel types.
const (
	ChannelAPI         ChannelType = ChannelType(maia.ChannelTypeAPI)
	ChannelWeb         ChannelType = ChannelType(maia.ChannelTypeWeb)
	ChannelTelegram    ChannelType = ChannelType(maia.ChannelTypeTelegram)
	ChannelSMS         ChannelType = ChannelType(maia.ChannelTypeSms)
	ChannelWhatsApp    ChannelType = ChannelType(maia.ChannelTypeWhatsapp)     // by the Cloud API
	ChannelWhatsAppApp ChannelType = ChannelType(maia.ChannelTypeWhatsappByot) // by the account's own app
	ChannelWhatsAppQR  ChannelType = ChannelType(maia.ChannelTypeWhatsappNo)   // by a scanned code
)

// Message is one message of a customer.
type Message struct {
	// Channel is the channel's external identifier, which leads to its agent;
	// needed.
	Channel string
	// ChannelType must be the channel's, or the channel is not found; empty
	// means ChannelAPI.
	ChannelType ChannelType
	// Content is the text; needed without Attachments.
	Content string
	// Attachments are files uploaded before, at most MaxAttachments and 100 MB
	// in all.
	Attachments []Attachment
	// SessionID is any string that groups messages; empty for a new session.
	// One that is safe in a URL saves trouble.
	SessionID string
	// SessionName is the session's display name and the title of its CRM card.
	SessionName string
	// ExternalUserID is the integration's id of the customer; Echo needs it.
	ExternalUserID string
	// AgentID and KanbanID are the agent and the board that a new session
	// starts with or an existing one is transferred to. AgentID alone takes
	// the board that the channel has for the agent; KanbanID alone takes the
	// channel's default agent, whichever agent the session has.
	AgentID  string
	KanbanID string
}

// Receipt is what the vendor says of a message that it took. It is no promise
// of an answer.
type Receipt struct {
	// SessionID is the session that the message went into.
	SessionID string
	// NewSession says that the call made the session.
	NewSession bool
	// MessageID is the vendor's id of the message. No webhook refers to it.
	MessageID string
	// Time is when the message was stored, to the millisecond.
	Time time.Time
	// Note says what will happen, for people.
	Note string
}

// Send gives a customer's message to the channel's agent. The answer comes by
// webhook, if at all: a pause, a guardrail or an inactive agent means that none
// comes.
//
//contract:operation sendMessage
func (c *Client) Send(ctx context.Context, m Message) (Receipt, error) {
	return c.send(ctx, m, false, m.fault(c.config.MegabyteBytes))
}

// Echo stores a message without an answer of the AI, such as one that was
// written outside of MAIA. Whose message it then is, the documentation does not
// say clearly, nor whether AgentID and KanbanID have an effect.
//
//contract:operation sendMessage
func (c *Client) Echo(ctx context.Context, m Message) (Receipt, error) {
	fault := m.fault(c.config.MegabyteBytes)
	if fault == "" && m.ExternalUserID == "" {
		fault = "ExternalUserID is empty: an echo names the customer"
	}
	return c.send(ctx, m, true, fault)
}

// Transfer is Send for a message that moves its session to another agent or
// board before it is handled; SessionID and one of AgentID and KanbanID are
// needed. The session's history gets a system message, and a change of the
// board makes a new CRM record there. A session that does not exist is made
// and starts there: Receipt.NewSession tells.
//
//contract:operation sendMessage
func (c *Client) Transfer(ctx context.Context, m Message) (Receipt, error) {
	fault := m.fault(c.config.MegabyteBytes)
	switch {
	case fault != "":
	case m.SessionID == "":
		fault = "SessionID is empty: name the session to transfer"
	case m.AgentID == "" && m.KanbanID == "":
		fault = "AgentID and KanbanID are empty: name where the session goes"
	}
	return c.send(ctx, m, false, fault)
}

func (c *Client) send(ctx context.Context, m Message, echo bool, fault string) (Receipt, error) {
	if fault != "" {
		return Receipt{}, invalid(opSend, fault)
	}
	request := m.wire(echo)
	got, failure := c.call(ctx, opSend, func(ctx context.Context) (*http.Response, error) {
		return c.api.SendMessage(ctx, request)
	})
	if failure != nil {
		return Receipt{}, failure
	}
	receipt, err := parseReceipt(got.Body)
	if err != nil {
		return Receipt{}, c.malformed(opSend, got, err)
	}
	return receipt, nil
}

// fault says which rule of the contract a message breaks, or "".
func (m Message) fault(megabyte int64) string {
	switch {
	case m.Channel == "":
		return "Channel is empty: give the channel's external identifier"
	case m.Content == "" && len(m.Attachments) == 0:
		return "Content and Attachments are empty: give one of them"
	case len(m.Attachments) > MaxAttachments:
		return fmt.Sprintf("Attachments are %d: at most %d are taken", len(m.Attachments), MaxAttachments)
	}
	left := maxMessageMegabytes * megabyte
	for i, a := range m.Attachments {
		if fault := a.fault(); fault != "" {
			return fmt.Sprintf("Attachments[%d].%s", i, fault)
		}
		// Subtracted, since a sum could overflow.
		if left -= min(a.Size, left+1); left < 0 {
			return fmt.Sprintf("Attachments are larger than %d MB in all", maxMessageMegabytes)
		}
	}
	return ""
}

// wire is the generated form. The content is sent even when it is empty, as in
// the documentation's samples.
func (m Message) wire(echo bool) maia.SendMessageRequest {
	request := maia.SendMessageRequest{
		FromChannelIdentifier: m.Channel,
		ChannelType:           wire.Optional(maia.ChannelType(m.ChannelType)),
		Content:               &m.Content,
		SessionID:             wire.Optional(m.SessionID),
		SessionName:           wire.Optional(m.SessionName),
		ExternalUserID:        wire.Optional(m.ExternalUserID),
		IsEcho:                wire.Optional(echo),
		AgentID:               wire.Optional(m.AgentID),
		KanbanID:              wire.Optional(m.KanbanID),
	}
	for _, a := range m.Attachments {
		request.Attachments = append(request.Attachments, maia.Attachment(a))
	}
	return request
}

func parseReceipt(body []byte) (Receipt, error) {
	m, err := wire.ReadMembers(body)
	if err != nil {
		return Receipt{}, err
	}
	message, err := wire.Read[wire.Members](m, "userMessage")
	if err != nil {
		return Receipt{}, err
	}
	var r Receipt
	var faults [5]error
	var millis int64
	r.SessionID, faults[0] = wire.Read[string](m, "sessionId")
	r.NewSession, faults[1] = wire.Read[bool](m, "isNewSession")
	r.Note, faults[2] = wire.Read[string](m, "message")
	r.MessageID, faults[3] = wire.Read[string](message, "id")
	millis, faults[4] = wire.Read[int64](message, "timestamp")
	r.Time = time.UnixMilli(millis).UTC()
	return r, cmp.Or(faults[:]...)
}
