package manage

import (
	"context"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// ListAccounts lists the accounts.
//
//contract:operation listAccounts
func (a *API) ListAccounts(ctx context.Context, request ginserver.ListAccountsRequestObject) (ginserver.ListAccountsResponseObject, error) {
	after, err := readIDCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	size := pageSize(request.Params.Limit)
	accounts, err := a.Store.Accounts(plain(ctx), after, size+1)
	if err != nil {
		return nil, wireError(err)
	}
	accounts, more := cut(accounts, size)
	page := ginserver.ListAccounts200JSONResponse{Items: make([]management.Account, len(accounts))}
	for i, account := range accounts {
		page.Items[i] = wireAccount(account)
	}
	if more {
		page.NextCursor = idCursor(accounts[size-1].ID)
	}
	return page, nil
}

// CreateAccount makes an account.
//
//contract:operation createAccount
func (a *API) CreateAccount(ctx context.Context, request ginserver.CreateAccountRequestObject) (ginserver.CreateAccountResponseObject, error) {
	ctx = plain(ctx)
	account := domain.Account{Name: request.Body.Name, EmergencyURL: value(request.Body.EmergencyURL)}
	if err := a.checkEmergencyURL(account.EmergencyURL); err != nil {
		return nil, err
	}
	err := a.Store.Write(ctx, func(tx *store.Tx) (err error) {
		account, err = tx.InsertAccount(ctx, account, a.Clock.Now())
		return err
	})
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.CreateAccount201JSONResponse(wireAccount(account)), nil
}

// GetAccount shows an account.
//
//contract:operation getAccount
func (a *API) GetAccount(ctx context.Context, request ginserver.GetAccountRequestObject) (ginserver.GetAccountResponseObject, error) {
	account, err := a.Store.AccountByID(plain(ctx), request.AccountID)
	if err != nil {
		return nil, wireError(missing(err, "account %d", request.AccountID))
	}
	return ginserver.GetAccount200JSONResponse(wireAccount(account)), nil
}

// UpdateAccount changes an account.
//
//contract:operation updateAccount
func (a *API) UpdateAccount(ctx context.Context, request ginserver.UpdateAccountRequestObject) (ginserver.UpdateAccountResponseObject, error) {
	ctx = plain(ctx)
	if err := a.checkEmergencyURL(value(request.Body.EmergencyURL)); err != nil {
		return nil, err
	}
	var account domain.Account
	err := a.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if err := tx.LockAccount(ctx, request.AccountID); err != nil {
			return err
		}
		if account, err = tx.AccountByID(ctx, request.AccountID); err != nil {
			return err
		}
		if request.Body.Name != nil {
			account.Name = *request.Body.Name
		}
		if request.Body.EmergencyURL != nil {
			account.EmergencyURL = *request.Body.EmergencyURL
		}
		return tx.UpdateAccount(ctx, account)
	})
	if err != nil {
		return nil, wireError(missing(err, "account %d", request.AccountID))
	}
	return ginserver.UpdateAccount200JSONResponse(wireAccount(account)), nil
}

func (a *API) checkEmergencyURL(url string) error {
	if url == "" {
		return nil
	}
	if err := a.URLs.CheckURL(url); err != nil {
		return server.BadRequest("emergency_url: " + err.Error())
	}
	return nil
}

func wireAccount(account domain.Account) management.Account {
	return management.Account{ID: account.ID, Name: account.Name, EmergencyURL: account.EmergencyURL}
}
