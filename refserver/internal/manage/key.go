package manage

import (
	"context"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// ListKeys lists an account's API keys.
//
//contract:operation listKeys
func (a *API) ListKeys(ctx context.Context, request ginserver.ListKeysRequestObject) (ginserver.ListKeysResponseObject, error) {
	ctx = plain(ctx)
	after, err := readIDCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if err := needAccount(ctx, a.Store.Reader, request.AccountID); err != nil {
		return nil, wireError(err)
	}
	size := pageSize(request.Params.Limit)
	keys, err := a.Store.Keys(ctx, request.AccountID, after, size+1)
	if err != nil {
		return nil, wireError(err)
	}
	keys, more := cut(keys, size)
	page := ginserver.ListKeys200JSONResponse{Items: make([]management.Key, len(keys))}
	for i, key := range keys {
		page.Items[i] = management.Key{
			ID: key.ID, Label: key.Label, CreatedAt: key.CreatedAt, RevokedAt: optionalTime(key.RevokedAt),
		}
	}
	if more {
		page.NextCursor = idCursor(keys[size-1].ID)
	}
	return page, nil
}

// CreateKey makes an API key.
//
//contract:operation createKey
func (a *API) CreateKey(ctx context.Context, request ginserver.CreateKeyRequestObject) (ginserver.CreateKeyResponseObject, error) {
	ctx = plain(ctx)
	key, err := domain.NewKey(a.Random)
	if err != nil {
		return nil, wireError(err)
	}
	var made domain.APIKey
	err = a.Store.Write(ctx, func(tx *store.Tx) error {
		if err := needAccount(ctx, tx.Reader, request.AccountID); err != nil {
			return err
		}
		if err := tx.InsertKey(ctx, request.AccountID, key, request.Body.Label, a.Clock.Now()); err != nil {
			return err
		}
		made, _, err = tx.KeyOf(ctx, key)
		return err
	})
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.CreateKey201JSONResponse{ID: made.ID, Label: made.Label, CreatedAt: made.CreatedAt, Key: key}, nil
}

// RevokeKey ends an API key.
//
//contract:operation revokeKey
func (a *API) RevokeKey(ctx context.Context, request ginserver.RevokeKeyRequestObject) (ginserver.RevokeKeyResponseObject, error) {
	ctx = plain(ctx)
	err := a.Store.Write(ctx, func(tx *store.Tx) error {
		revoked, err := tx.RevokeKey(ctx, request.AccountID, request.KeyID, a.Clock.Now())
		if err == nil && !revoked {
			err = store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return nil, wireError(missing(err, "key %d of account %d that is in force", request.KeyID, request.AccountID))
	}
	return ginserver.RevokeKey204Response{}, nil
}
