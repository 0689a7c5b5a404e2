package store

import (
	"context"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// AccountByKey returns the account that the key opens; revoked keys open none.
func (r Reader) AccountByKey(ctx context.Context, key string) (domain.Account, error) {
	row, err := r.q.AccountByKeyHash(ctx, domain.HashKey(key))
	return account(row), err
}

// AccountByName returns the oldest account of that name.
func (r Reader) AccountByName(ctx context.Context, name string) (domain.Account, error) {
	row, err := r.q.AccountByName(ctx, name)
	return account(row), err
}

// AccountByID returns an account.
func (r Reader) AccountByID(ctx context.Context, id int64) (domain.Account, error) {
	row, err := r.q.AccountByID(ctx, id)
	return account(row), err
}

// InsertAccount stores a new account and returns it with its id.
func (tx *Tx) InsertAccount(ctx context.Context, a domain.Account, now time.Time) (domain.Account, error) {
	row, err := tx.q.InsertAccount(ctx, gen.InsertAccountParams{
		Name: a.Name, EmergencyURL: a.EmergencyURL, CreatedMs: millis(now),
	})
	return account(row), err
}

// SetEmergencyURL changes where the account is notified.
func (tx *Tx) SetEmergencyURL(ctx context.Context, accountID int64, url string) error {
	return tx.q.SetEmergencyURL(ctx, gen.SetEmergencyURLParams{ID: accountID, EmergencyURL: url})
}

// LockAccount makes other transactions that lock the account wait for this one.
func (tx *Tx) LockAccount(ctx context.Context, accountID int64) error {
	n, err := tx.q.LockAccount(ctx, accountID)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// InsertKey stores the hash of key under a label for people.
func (tx *Tx) InsertKey(ctx context.Context, accountID int64, key, label string, now time.Time) error {
	return tx.q.InsertAPIKey(ctx, gen.InsertAPIKeyParams{
		AccountID: accountID, Hash: domain.HashKey(key), Label: label, CreatedMs: millis(now),
	})
}

// RevokeKeys ends the account's keys of one label and returns how many there
// were.
func (tx *Tx) RevokeKeys(ctx context.Context, accountID int64, label string, now time.Time) (int64, error) {
	ms := millis(now)
	return tx.q.RevokeAPIKeys(ctx, gen.RevokeAPIKeysParams{AccountID: accountID, Label: label, RevokedMs: &ms})
}

func account(row gen.Account) domain.Account {
	return domain.Account{ID: row.ID, Name: row.Name, EmergencyURL: row.EmergencyURL}
}
