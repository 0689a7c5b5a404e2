package store

import (
	"context"
	"errors"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// ProspectByID returns a prospect of any account.
func (r Reader) ProspectByID(ctx context.Context, id int64) (domain.Prospect, error) {
	row, err := r.q.ProspectByID(ctx, id)
	return prospect(row), err
}

// MatchProspect returns the account's prospect with that e-mail address or,
// when there is none, with that phone; of several the one updated last.
func (r Reader) MatchProspect(ctx context.Context, accountID int64, email, phone string) (domain.Prospect, error) {
	row, err := r.q.ProspectByEmail(ctx, gen.ProspectByEmailParams{AccountID: accountID, EmailKey: domain.EmailKey(email)})
	if errors.Is(err, ErrNotFound) {
		row, err = r.q.ProspectByPhone(ctx, gen.ProspectByPhoneParams{AccountID: accountID, PhoneKey: domain.PhoneKey(phone)})
	}
	return prospect(row), err
}

// InsertProspect stores a new prospect and returns it with its id.
func (tx *Tx) InsertProspect(ctx context.Context, accountID int64, d domain.ProspectDetails, now time.Time) (domain.Prospect, error) {
	row, err := tx.q.InsertProspect(ctx, gen.InsertProspectParams{
		AccountID: accountID,
		FirstName: d.FirstName, LastName: d.LastName,
		Email: d.Email, EmailKey: domain.EmailKey(d.Email),
		Phone: d.Phone, PhoneKey: domain.PhoneKey(d.Phone),
		Facebook: d.Facebook, Instagram: d.Instagram, Intercom: d.Intercom,
		CreatedMs: millis(now), UpdatedMs: millis(now),
	})
	return prospect(row), err
}

// UpdateProspect stores new details.
func (tx *Tx) UpdateProspect(ctx context.Context, id int64, d domain.ProspectDetails, now time.Time) error {
	return tx.q.UpdateProspect(ctx, gen.UpdateProspectParams{
		ID:        id,
		FirstName: d.FirstName, LastName: d.LastName,
		Email: d.Email, EmailKey: domain.EmailKey(d.Email),
		Phone: d.Phone, PhoneKey: domain.PhoneKey(d.Phone),
		Facebook: d.Facebook, Instagram: d.Instagram, Intercom: d.Intercom,
		UpdatedMs: millis(now),
	})
}

func prospect(row gen.Prospect) domain.Prospect {
	return domain.Prospect{
		ID: row.ID, AccountID: row.AccountID,
		ProspectDetails: domain.ProspectDetails{
			FirstName: row.FirstName, LastName: row.LastName,
			Email: row.Email, Phone: row.Phone,
			Facebook: row.Facebook, Instagram: row.Instagram, Intercom: row.Intercom,
		},
	}
}
