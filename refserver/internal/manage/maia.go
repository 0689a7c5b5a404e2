package manage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// GetMaiaSetup shows what an account has set up for MAIA, without secrets.
//
//contract:operation getMaiaSetup
func (a *API) GetMaiaSetup(ctx context.Context, request ginserver.GetMaiaSetupRequestObject) (ginserver.GetMaiaSetupResponseObject, error) {
	ctx = plain(ctx)
	if err := needAccount(ctx, a.Store.Reader, request.AccountID); err != nil {
		return nil, wireError(err)
	}
	setup, err := a.Store.Setup(ctx, request.AccountID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, wireError(err)
	}
	wire, err := wireSetup(setup)
	if err != nil {
		return nil, wireError(err)
	}
	for i := range wire.Channels {
		wire.Channels[i].WebhookSecret = nil
	}
	for i := range wire.Webhooks {
		wire.Webhooks[i].Secret = nil
	}
	return ginserver.GetMaiaSetup200JSONResponse(wire), nil
}

// ReplaceMaiaSetup replaces what an account has set up for MAIA.
//
//contract:operation replaceMaiaSetup
func (a *API) ReplaceMaiaSetup(ctx context.Context, request ginserver.ReplaceMaiaSetupRequestObject) (ginserver.ReplaceMaiaSetupResponseObject, error) {
	ctx = plain(ctx)
	setup, err := a.domainSetup(request.Body)
	if err != nil {
		return nil, wireError(err)
	}
	err = a.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(ctx, request.AccountID); err != nil {
			return missing(err, "account %d", request.AccountID)
		}
		before, err := tx.Setup(ctx, request.AccountID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if setup, err = setup.WithSecrets(before, a.Random); err != nil {
			return err
		}
		return tx.PutSetup(ctx, request.AccountID, setup, a.Clock.Now())
	})
	if err != nil {
		return nil, wireError(err)
	}
	wire, err := wireSetup(setup)
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.ReplaceMaiaSetup200JSONResponse(wire), nil
}

// ReplaceMaiaToken makes a new API token for MAIA.
//
//contract:operation replaceMaiaToken
func (a *API) ReplaceMaiaToken(ctx context.Context, request ginserver.ReplaceMaiaTokenRequestObject) (ginserver.ReplaceMaiaTokenResponseObject, error) {
	ctx = plain(ctx)
	token, err := domain.NewToken(a.Random)
	if err != nil {
		return nil, wireError(err)
	}
	err = a.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(ctx, request.AccountID); err != nil {
			return missing(err, "account %d", request.AccountID)
		}
		return tx.ReplaceToken(ctx, request.AccountID, token, a.Clock.Now())
	})
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.ReplaceMaiaToken201JSONResponse{Token: token}, nil
}

// RevokeMaiaToken ends the account's API token for MAIA.
//
//contract:operation revokeMaiaToken
func (a *API) RevokeMaiaToken(ctx context.Context, request ginserver.RevokeMaiaTokenRequestObject) (ginserver.RevokeMaiaTokenResponseObject, error) {
	ctx = plain(ctx)
	err := a.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(ctx, request.AccountID); err != nil {
			return missing(err, "account %d", request.AccountID)
		}
		return tx.RevokeToken(ctx, request.AccountID, a.Clock.Now())
	})
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.RevokeMaiaToken204Response{}, nil
}

// domainSetup reads a setup off the wire. Both forms have the same names, so
// the way leads through their JSON.
func (a *API) domainSetup(body *management.MaiaSetup) (domain.Setup, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return domain.Setup{}, fmt.Errorf("read setup: %w", err)
	}
	var setup domain.Setup
	if err := json.Unmarshal(raw, &setup); err != nil {
		return domain.Setup{}, fmt.Errorf("read setup: %w", err)
	}
	if err := setup.Check(a.URLs.CheckURL); err != nil {
		return domain.Setup{}, server.BadRequest(err.Error())
	}
	now := a.Clock.Now()
	for i := range setup.Kanbans {
		setup.Kanbans[i].CreatedAt = orTime(setup.Kanbans[i].CreatedAt, now)
		setup.Kanbans[i].UpdatedAt = orTime(setup.Kanbans[i].UpdatedAt, now)
	}
	for i := range setup.Connections {
		setup.Connections[i].CreatedAt = orTime(setup.Connections[i].CreatedAt, now)
	}
	return setup, nil
}

func wireSetup(setup domain.Setup) (management.MaiaSetup, error) {
	raw, err := json.Marshal(setup)
	if err != nil {
		return management.MaiaSetup{}, fmt.Errorf("write setup: %w", err)
	}
	var wire management.MaiaSetup
	if err := json.Unmarshal(raw, &wire); err != nil {
		return management.MaiaSetup{}, fmt.Errorf("write setup: %w", err)
	}
	return wire, nil
}

func orTime(t, fallback time.Time) time.Time {
	if t.IsZero() {
		return fallback
	}
	return t
}
