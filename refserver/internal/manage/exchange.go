package manage

import (
	"context"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// ListExchanges shows what was received.
//
//contract:operation listExchanges
func (a *API) ListExchanges(ctx context.Context, request ginserver.ListExchangesRequestObject) (ginserver.ListExchangesResponseObject, error) {
	ctx = plain(ctx)
	before, err := readIDCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if err := a.Journal.Flush(ctx); err != nil {
		return nil, wireError(err)
	}
	size := pageSize(request.Params.Limit)
	exchanges, err := a.Store.Exchanges(ctx, store.ExchangeFilter{
		Before: before, AccountID: value(request.Params.AccountID), Operation: value(request.Params.Operation), Limit: size + 1,
	})
	if err != nil {
		return nil, wireError(err)
	}
	exchanges, more := cut(exchanges, size)
	page := ginserver.ListExchanges200JSONResponse{
		Items: make([]management.Exchange, len(exchanges)), Dropped: a.Journal.Dropped(),
	}
	for i, e := range exchanges {
		page.Items[i] = wireExchange(e)
	}
	if more {
		page.NextCursor = idCursor(exchanges[size-1].ID)
	}
	return page, nil
}

func wireExchange(e domain.Exchange) management.Exchange {
	wire := management.Exchange{
		ID: e.ID, RequestID: e.RequestID, AccountID: optional(e.AccountID),
		Contract: optional(e.Contract), Operation: optional(e.Operation),
		Method: e.Method, Status: e.Status, ResponseBytes: e.ResponseBytes,
		StartedAt: e.StartedAt, DurationSeconds: e.Duration.Seconds(),
	}
	if e.RequestBytes >= 0 {
		wire.RequestBytes = &e.RequestBytes
	}
	return wire
}
