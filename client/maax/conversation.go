package maax

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
)

// Conversation is for whom CreateConversation makes one: a known prospect, a
// described one, or a known one whose details are overridden.
type Conversation struct {
	// ProspectID names a known prospect, 0 for none.
	ProspectID int64
	// Prospect describes the prospect, nil for none. It needs a contact that
	// V1 knows, which Intercom is not.
	Prospect *Prospect
}

// History is what the vendor keeps of one conversation.
type History struct {
	// Messages in the vendor's order, which is not documented, nor is their
	// shape: each is the JSON of any value. V2 may return none at all.
	Messages []json.RawMessage
	// Raw is the whole response.
	Raw json.RawMessage
}

// CreateConversation makes a conversation in V1 and returns its id.
//
//contract:operation createConversation
func (c *Client) CreateConversation(ctx context.Context, conversation Conversation) (int64, error) {
	fault := idFault(0, conversation.ProspectID, 0)
	switch {
	case fault != "":
	case conversation.ProspectID == 0 && conversation.Prospect == nil:
		fault = "neither ProspectID nor Prospect is given: name or describe the prospect"
	case conversation.Prospect != nil:
		fault = conversation.Prospect.fault(false)
	}
	if fault != "" {
		return 0, invalid(opCreate, "%s", fault)
	}
	prospect, err := conversation.Prospect.wire()
	if err != nil {
		return 0, invalid(opCreate, "Prospect.Phone cannot be sent")
	}
	request := maaxv1.CreateConversationRequest{
		ProspectID:   wire.Optional(conversation.ProspectID),
		ProspectInfo: prospect,
	}
	got, failure := c.call(ctx, opCreate, func(ctx context.Context) (*http.Response, error) {
		return c.v1.CreateConversation(ctx, request)
	})
	if failure != nil {
		return 0, failure
	}
	id, err := parseConversationID(got.Body)
	if err != nil {
		return 0, c.malformed(opCreate, got, err)
	}
	return id, nil
}

// History fetches a conversation from V1. The service may be left out; when it
// is given it must be the conversation's. The documentation prints the URL of
// another operation for this call: the path is the reading that the contract
// takes.
//
//contract:operation getConversationsHistory
func (c *Client) History(ctx context.Context, conversationID int64, service ServiceType) (History, error) {
	if fault := conversationFault(conversationID); fault != "" {
		return History{}, invalid(opHistory, "%s", fault)
	}
	if service != "" && !common.ServiceType(service).Valid() {
		return History{}, invalid(opHistory, "the service type is neither ServiceSupport nor ServiceSales: leave it empty for any")
	}
	got, failure := c.call(ctx, opHistory, func(ctx context.Context) (*http.Response, error) {
		return c.v1.GetConversationsHistory(ctx, &maaxv1.GetConversationsHistoryParams{
			ConversationID: conversationID,
			ServiceType:    wire.Optional(common.ServiceType(service)),
		})
	})
	if failure != nil {
		return History{}, failure
	}
	return c.history(opHistory, got, true)
}

// HistoryV2 fetches a conversation from V2, for instance to open a ticket
// after an emergency notification. What the response holds is assumed by
// analogy with V1; History.Raw has all of it.
//
//contract:operation getConversationHistory
func (c *Client) HistoryV2(ctx context.Context, conversationID int64) (History, error) {
	if fault := conversationFault(conversationID); fault != "" {
		return History{}, invalid(opHistoryV2, "%s", fault)
	}
	got, failure := c.call(ctx, opHistoryV2, func(ctx context.Context) (*http.Response, error) {
		return c.v2.GetConversationHistory(ctx, conversationID)
	})
	if failure != nil {
		return History{}, failure
	}
	return c.history(opHistoryV2, got, false)
}

func (c *Client) history(op operation, got wire.Reply, needed bool) (History, error) {
	history, err := parseHistory(got.Body, needed)
	if err != nil {
		return History{}, c.malformed(op, got, err)
	}
	return history, nil
}

func conversationFault(id int64) string {
	if id <= 0 {
		return "the conversation id is not positive: give the one that the vendor returned"
	}
	return ""
}
