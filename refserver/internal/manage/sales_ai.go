package manage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// ListSalesAIs lists an account's Sales AIs.
//
//contract:operation listSalesAIs
func (a *API) ListSalesAIs(ctx context.Context, request ginserver.ListSalesAIsRequestObject) (ginserver.ListSalesAIsResponseObject, error) {
	ctx = plain(ctx)
	after, err := readIDCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if err := needAccount(ctx, a.Store.Reader, request.AccountID); err != nil {
		return nil, wireError(err)
	}
	size := pageSize(request.Params.Limit)
	ais, err := a.Store.SalesAIs(ctx, request.AccountID, after, size+1)
	if err != nil {
		return nil, wireError(err)
	}
	ais, more := cut(ais, size)
	page := ginserver.ListSalesAIs200JSONResponse{Items: make([]management.SalesAI, len(ais))}
	for i, ai := range ais {
		page.Items[i] = wireSalesAI(ai)
	}
	if more {
		page.NextCursor = idCursor(ais[size-1].ID)
	}
	return page, nil
}

// CreateSalesAI makes a Sales AI.
//
//contract:operation createSalesAI
func (a *API) CreateSalesAI(ctx context.Context, request ginserver.CreateSalesAIRequestObject) (ginserver.CreateSalesAIResponseObject, error) {
	ctx = plain(ctx)
	b := request.Body
	ai := domainSalesAI(request.AccountID, value(b.ID), b.Name, b.Product, b.Goal, b.Strategy)
	err := a.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(ctx, ai.AccountID); err != nil {
			return missing(err, "account %d", ai.AccountID)
		}
		if ai.ID != 0 {
			switch _, err := tx.SalesAI(ctx, ai.AccountID, ai.ID); {
			case err == nil:
				return server.Conflict(fmt.Sprintf("account %d has a Sales AI %d", ai.AccountID, ai.ID))
			case !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		var err error
		ai, err = tx.InsertSalesAI(ctx, ai, a.Clock.Now())
		return err
	})
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.CreateSalesAI201JSONResponse(wireSalesAI(ai)), nil
}

// GetSalesAI shows a Sales AI.
//
//contract:operation getSalesAI
func (a *API) GetSalesAI(ctx context.Context, request ginserver.GetSalesAIRequestObject) (ginserver.GetSalesAIResponseObject, error) {
	ai, err := a.Store.SalesAI(plain(ctx), request.AccountID, request.AIID)
	if err != nil {
		return nil, wireError(missing(err, "Sales AI %d of account %d", request.AIID, request.AccountID))
	}
	return ginserver.GetSalesAI200JSONResponse(wireSalesAI(ai)), nil
}

// ReplaceSalesAI changes a Sales AI.
//
//contract:operation replaceSalesAI
func (a *API) ReplaceSalesAI(ctx context.Context, request ginserver.ReplaceSalesAIRequestObject) (ginserver.ReplaceSalesAIResponseObject, error) {
	ctx = plain(ctx)
	b := request.Body
	ai := domainSalesAI(request.AccountID, request.AIID, b.Name, b.Product, b.Goal, b.Strategy)
	err := a.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if err := tx.UpdateSalesAI(ctx, ai, a.Clock.Now()); err != nil {
			return err
		}
		ai, err = tx.SalesAI(ctx, ai.AccountID, ai.ID)
		return err
	})
	if err != nil {
		return nil, wireError(missing(err, "Sales AI %d of account %d", request.AIID, request.AccountID))
	}
	return ginserver.ReplaceSalesAI200JSONResponse(wireSalesAI(ai)), nil
}

// DeleteSalesAI deletes a Sales AI.
//
//contract:operation deleteSalesAI
func (a *API) DeleteSalesAI(ctx context.Context, request ginserver.DeleteSalesAIRequestObject) (ginserver.DeleteSalesAIResponseObject, error) {
	ctx = plain(ctx)
	err := a.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.DeleteSalesAI(ctx, request.AccountID, request.AIID)
	})
	if err != nil {
		return nil, wireError(missing(err, "Sales AI %d of account %d", request.AIID, request.AccountID))
	}
	return ginserver.DeleteSalesAI204Response{}, nil
}

func domainSalesAI(accountID, id int64, name string, product, goal *string, strategy *management.Strategy) domain.SalesAI {
	ai := domain.SalesAI{AccountID: accountID, ID: id, Name: name, Product: value(product), Goal: value(goal)}
	if strategy != nil && strategy.FollowUpDelaySeconds != nil {
		ai.FollowUpDelay = new(seconds(*strategy.FollowUpDelaySeconds))
	}
	return ai
}

func wireSalesAI(ai domain.SalesAI) management.SalesAI {
	wire := management.SalesAI{
		ID: ai.ID, Name: ai.Name, Product: ai.Product, Goal: ai.Goal, CreatedAt: ai.CreatedAt, UpdatedAt: ai.UpdatedAt,
	}
	if ai.FollowUpDelay != nil {
		wire.Strategy.FollowUpDelaySeconds = new(ai.FollowUpDelay.Seconds())
	}
	return wire
}

// seconds is a duration to the millisecond; the contract bounds s far below an
// overflow.
func seconds(s float64) time.Duration { return time.Duration(s*1000) * time.Millisecond }
