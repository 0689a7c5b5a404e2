package refserver

import (
	"context"
	"errors"
	"fmt"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// DevelopmentToken is the API token of MAIA of the seeded account, empty without
// a Seed. What is said of DevelopmentKey holds for it too.
func (s *Server) DevelopmentToken() string { return s.maia.token }

// CreateMAIAAccount makes an account with a setup and returns its API token,
// which cannot be read again: only its hash is stored. Secrets that the setup
// leaves out are made; Dashboard.Setup tells them.
func (s *Server) CreateMAIAAccount(ctx context.Context, name string, setup MAIASetup) (string, error) {
	token, err := domain.NewToken(s.config.Random)
	if err != nil {
		return "", err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		now := s.config.Clock.Now()
		account, err := tx.InsertAccount(ctx, domain.Account{Name: name}, now)
		if err != nil {
			return err
		}
		if err := s.putSetup(ctx, tx, account.ID, setup); err != nil {
			return err
		}
		return tx.ReplaceToken(ctx, account.ID, token, now)
	})
	if err != nil {
		return "", fmt.Errorf("create MAIA account %q: %w", name, err)
	}
	return token, nil
}

// putSetup stores a setup in place of the one before, whose secrets it keeps
// where it has none of its own.
func (s *Server) putSetup(ctx context.Context, tx *store.Tx, accountID int64, setup MAIASetup) error {
	if err := setup.Check(s.checkWebhookURL); err != nil {
		return fmt.Errorf("MAIA setup: %w", err)
	}
	before, err := tx.Setup(ctx, accountID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if setup, err = setup.WithSecrets(before, s.config.Random); err != nil {
		return err
	}
	return tx.PutSetup(ctx, accountID, setup, s.config.Clock.Now())
}

// seedMAIA gives the development account its setup and its token.
func (s *Server) seedMAIA(ctx context.Context, tx *store.Tx, account domain.Account) error {
	if err := s.seedSetup(ctx, tx, account); err != nil {
		return err
	}
	token := s.config.Seed.Token
	if token == "" {
		var err error
		if token, err = domain.NewToken(s.config.Random); err != nil {
			return err
		}
	}
	s.maia.token = token
	switch owner, revoked, err := tx.AccountByToken(ctx, token); {
	case err == nil && owner.ID == account.ID && !revoked:
		return nil
	case err == nil && owner.ID == account.ID:
		return errors.New("the token was revoked; leave it empty for a new one")
	case err == nil:
		return errors.New("the token belongs to another account")
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	return tx.ReplaceToken(ctx, account.ID, token, s.config.Clock.Now())
}

// seedSetup gives the account the setup of the configuration or, when it has
// none yet, the built-in one: what it has set up since the last start stays.
func (s *Server) seedSetup(ctx context.Context, tx *store.Tx, account domain.Account) error {
	if s.config.Seed.MAIA != nil {
		return s.putSetup(ctx, tx, account.ID, *s.config.Seed.MAIA)
	}
	if _, err := tx.Setup(ctx, account.ID); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	setup, err := ParseMAIASetup(builtInSetup)
	if err != nil {
		return err
	}
	return s.putSetup(ctx, tx, account.ID, setup)
}
