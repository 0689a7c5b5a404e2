package maia

import (
	"context"

	"github.com/parley-contracts/parley/client/internal/wire"
)

// operation is an operationId of the contract, or opPut.
type operation string

const (
	opSend        operation = "sendMessage"
	opUpload      operation = "createUpload"
	opAttachment  operation = "getAttachment"
	opLink        operation = "linkMessage"
	opStatus      operation = "updateMessageStatus"
	opReaction    operation = "syncReaction"
	opPause       operation = "setAIPaused"
	opKanbans     operation = "listKanbans"
	opConnections operation = "listConnections"
	opTemplates   operation = "searchTemplates"
	opPut         operation = "PUT uploadUrl" // outside the contract, at the storage host
)

// safe says that a call may be repeated although the vendor may have seen it.
// opUpload is a POST, but one that makes nothing but a URL.
func (op operation) safe() bool {
	switch op {
	case opUpload, opAttachment, opKanbans, opConnections, opTemplates:
		return true
	default:
		return false
	}
}

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

// report sends a request whose response says nothing.
func (c *Client) report(ctx context.Context, op operation, send wire.Send) error {
	if _, failure := c.call(ctx, op, send); failure != nil {
		return failure
	}
	return nil
}

// malformed is the error of a response that reports success but cannot be
// read.
func (c *Client) malformed(op operation, got wire.Reply, err error) *Error {
	return newError(c.caller.Malformed(op.wire(), got, err))
}
