package store

import (
	"context"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// AccountByToken returns the account of a MAIA token and whether the token is
// revoked.
func (r Reader) AccountByToken(ctx context.Context, token string) (_ domain.Account, revoked bool, err error) {
	row, err := r.q.MaiaTokenByHash(ctx, domain.HashKey(token))
	return account(row.Account), row.RevokedMs != nil, err
}

// ReplaceToken makes token the account's only one: making a new one ends the
// one before.
func (tx *Tx) ReplaceToken(ctx context.Context, accountID int64, token string, now time.Time) error {
	if err := tx.RevokeToken(ctx, accountID, now); err != nil {
		return err
	}
	return tx.q.InsertMaiaToken(ctx, gen.InsertMaiaTokenParams{
		AccountID: accountID, Hash: domain.HashKey(token), CreatedMs: millis(now),
	})
}

// RevokeToken ends the account's token, if it has one.
func (tx *Tx) RevokeToken(ctx context.Context, accountID int64, now time.Time) error {
	ms := millis(now)
	_, err := tx.q.RevokeMaiaTokens(ctx, gen.RevokeMaiaTokensParams{AccountID: accountID, RevokedMs: &ms})
	return err
}
