package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// Accounts returns up to limit accounts with ids over after, by id.
func (r Reader) Accounts(ctx context.Context, after int64, limit int) ([]domain.Account, error) {
	rows, err := r.q.ListAccounts(ctx, gen.ListAccountsParams{After: after, PageSize: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	accounts := make([]domain.Account, len(rows))
	for i, row := range rows {
		accounts[i] = account(row)
	}
	return accounts, nil
}

// UpdateAccount stores the account's name and emergency URL.
func (tx *Tx) UpdateAccount(ctx context.Context, a domain.Account) error {
	n, err := tx.q.UpdateAccount(ctx, gen.UpdateAccountParams{ID: a.ID, Name: a.Name, EmergencyURL: a.EmergencyURL})
	return found(n, err)
}

// Keys returns up to limit keys of the account with ids over after, by id, the
// revoked among them.
func (r Reader) Keys(ctx context.Context, accountID, after int64, limit int) ([]domain.APIKey, error) {
	rows, err := r.q.ListAPIKeys(ctx, gen.ListAPIKeysParams{AccountID: accountID, After: after, PageSize: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list keys of account %d: %w", accountID, err)
	}
	keys := make([]domain.APIKey, len(rows))
	for i, row := range rows {
		keys[i] = apiKey(row)
	}
	return keys, nil
}

// KeyOf returns what is stored of a key, whoever's it is.
func (r Reader) KeyOf(ctx context.Context, key string) (_ domain.APIKey, accountID int64, err error) {
	row, err := r.q.APIKeyByHash(ctx, domain.HashKey(key))
	return apiKey(row), row.AccountID, err
}

// RevokeKey ends one key. It reports false when the account has no such key that
// is in force.
func (tx *Tx) RevokeKey(ctx context.Context, accountID, id int64, now time.Time) (bool, error) {
	ms := millis(now)
	n, err := tx.q.RevokeAPIKey(ctx, gen.RevokeAPIKeyParams{AccountID: accountID, ID: id, RevokedMs: &ms})
	return n > 0, err
}

func apiKey(row gen.ApiKey) domain.APIKey {
	return domain.APIKey{ID: row.ID, Label: row.Label, CreatedAt: fromMillis(row.CreatedMs), RevokedAt: optionalTime(row.RevokedMs)}
}

// found turns a change of no row into ErrNotFound.
func found(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// optionalTime is the zero time for nil.
func optionalTime(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return fromMillis(*ms)
}
