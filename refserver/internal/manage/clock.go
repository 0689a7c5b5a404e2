package manage

import (
	"context"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/server"
)

// GetClock tells the time.
//
//contract:operation getClock
func (a *API) GetClock(context.Context, ginserver.GetClockRequestObject) (ginserver.GetClockResponseObject, error) {
	return ginserver.GetClock200JSONResponse(a.clock()), nil
}

// AdvanceClock lets time pass.
//
//contract:operation advanceClock
func (a *API) AdvanceClock(ctx context.Context, request ginserver.AdvanceClockRequestObject) (ginserver.AdvanceClockResponseObject, error) {
	if a.Advance == nil {
		return nil, server.Conflict("the clock is the system's; start the server with a virtual one")
	}
	if err := a.Advance(plain(ctx), seconds(request.Body.Seconds)); err != nil {
		return nil, wireError(err)
	}
	return ginserver.AdvanceClock200JSONResponse(a.clock()), nil
}

func (a *API) clock() management.Clock {
	kind := management.ClockKindSystem
	if a.Advance != nil {
		kind = management.ClockKindVirtual
	}
	return management.Clock{Now: a.Clock.Now().UTC(), Kind: kind}
}
