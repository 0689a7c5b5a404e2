package refserver

import (
	"context"
	"errors"
	"fmt"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// development names the seeded account and its key.
const development = "development"

// AccountConfig describes a new account.
type AccountConfig struct {
	// Name is for people; it need not be unique.
	Name string
	// EmergencyURL is told when a question has no confident answer. Empty
	// for nobody.
	EmergencyURL string
}

// CreateAccount makes an account and returns its API key, which cannot be read
// again: only its hash is stored. Accounts do not see each other's objects.
func (s *Server) CreateAccount(ctx context.Context, config AccountConfig) (string, error) {
	if err := s.checkEmergencyURL(config.EmergencyURL); err != nil {
		return "", err
	}
	key, err := domain.NewKey(s.config.Random)
	if err != nil {
		return "", err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		now := s.config.Clock.Now()
		account, err := tx.InsertAccount(ctx, domain.Account{Name: config.Name, EmergencyURL: config.EmergencyURL}, now)
		if err != nil {
			return err
		}
		return tx.InsertKey(ctx, account.ID, key, "first", now)
	})
	if err != nil {
		return "", fmt.Errorf("create account %q: %w", config.Name, err)
	}
	return key, nil
}

// DevelopmentKey is the API key of the seeded account, empty without a Seed.
// Whoever starts the server decides whether it may be printed: on a listener
// that others can reach it must not.
func (s *Server) DevelopmentKey() string { return s.devKey }

// seed makes the development account when the configuration asks for it.
func (s *Server) seed(ctx context.Context) error {
	seed := s.config.Seed
	if seed == nil {
		return nil
	}
	if err := s.checkEmergencyURL(seed.EmergencyURL); err != nil {
		return err
	}
	key := seed.Key
	if key == "" {
		var err error
		if key, err = domain.NewKey(s.config.Random); err != nil {
			return err
		}
	}
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		account, err := s.developmentAccount(ctx, tx, seed.EmergencyURL)
		if err != nil {
			return err
		}
		if err := s.replaceKey(ctx, tx, account, key); err != nil {
			return err
		}
		return s.seedMAIA(ctx, tx, account)
	})
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	s.devKey = key
	return nil
}

func (s *Server) developmentAccount(ctx context.Context, tx *store.Tx, emergencyURL string) (domain.Account, error) {
	account, err := tx.AccountByName(ctx, development)
	if errors.Is(err, store.ErrNotFound) {
		return tx.InsertAccount(ctx, domain.Account{Name: development, EmergencyURL: emergencyURL}, s.config.Clock.Now())
	}
	if err != nil {
		return domain.Account{}, err
	}
	return account, tx.SetEmergencyURL(ctx, account.ID, emergencyURL)
}

// replaceKey ends the development keys before and stores key, unless it is the
// one in force.
func (s *Server) replaceKey(ctx context.Context, tx *store.Tx, account domain.Account, key string) error {
	switch owner, err := tx.AccountByKey(ctx, key); {
	case err == nil && owner.ID == account.ID:
		return nil
	case err == nil:
		return errors.New("the key belongs to another account")
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	now := s.config.Clock.Now()
	if _, err := tx.RevokeKeys(ctx, account.ID, development, now); err != nil {
		return err
	}
	return tx.InsertKey(ctx, account.ID, key, development, now)
}

func (s *Server) checkEmergencyURL(url string) error {
	if url == "" {
		return nil
	}
	if err := s.outbound.CheckURL(url); err != nil {
		return fmt.Errorf("emergency URL: %w", err)
	}
	return nil
}
