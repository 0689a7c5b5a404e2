package server

import (
	"context"

	"github.com/parley-contracts/parley/contract"
)

// Outcome is what became of one message that a middleware or a receiver looked
// at.
type Outcome struct {
	// Direction says which message it was.
	Direction contract.Direction
	// Contract is the contract that matched, nil for none.
	Contract *contract.Contract
	// Result of the check. A message that was refused before its check has
	// an account and the findings so far.
	Result contract.Result
	// Refused says that the message did not reach its receiver.
	Refused bool
	// Status is the status code of the refusal, 0 without one; with
	// DirectionResponse the status code of the response that was looked at.
	Status int
	// Streamed says that a response was passed on while it was written, so
	// that its body was not checked.
	Streamed bool
	// RequestID is the id of the request; empty without NewEngine.
	RequestID string
}

// OnResult is told of every message, once. It is called on the path of the
// request, so it must be quick, and by many goroutines at once. The context is
// that of the request.
type OnResult func(ctx context.Context, o Outcome)
