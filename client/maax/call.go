package maax

import (
	"context"
	"slices"

	"github.com/parley-contracts/parley/client/internal/wire"
)

// operation is an operationId of the contracts.
type operation string

const (
	opInitiate  operation = "initiateAnswerGeneration"
	opRetrieve  operation = "retrieveAnswer"
	opCreate    operation = "createConversation"
	opHistory   operation = "getConversationsHistory"
	opSend      operation = "createOutgoingMessage"
	opHistoryV2 operation = "getConversationHistory"
)

// safe says that a call may be repeated although the vendor may have seen it.
// opHistoryV2 only reads, but is a POST of whose effects nothing is promised.
func (op operation) safe() bool { return op == opRetrieve || op == opHistory }

func (op operation) wire() wire.Operation {
	return wire.Operation{ID: string(op), Safe: op.safe()}
}

// call sends a request, again where that is safe.
func (c *Client) call(ctx context.Context, op operation, send wire.Send) (wire.Reply, *Error) {
	got, failure := c.caller.Call(ctx, op.wire(), send)
	if failure != nil {
		return wire.Reply{}, newError(failure)
	}
	return got, nil
}

func (c *Client) notReady(status int) bool { return slices.Contains(c.config.NotReady, status) }

// malformed is the error of a response that reports success but cannot be
// read.
func (c *Client) malformed(op operation, got wire.Reply, err error) *Error {
	return newError(c.caller.Malformed(op.wire(), got, err))
}
