package refserver

import (
	"context"
	"errors"
	"fmt"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// fixtureSource names the knowledge that came with fixtures, which the next
// start replaces.
const fixtureSource = "fixtures"

// populate makes the development account and those of the fixtures.
func (s *Server) populate(ctx context.Context) error {
	if err := s.seed(ctx); err != nil {
		return err
	}
	return s.applyFixtures(ctx)
}

// applyFixtures stores what the configuration asks for. What is there under the
// same name, key or id is brought to what the fixtures say; what they do not
// name stays.
func (s *Server) applyFixtures(ctx context.Context) error {
	f, err := parseFixtures(s.config.Fixtures, s.outbound.CheckURL)
	if err != nil {
		return err
	}
	for _, a := range f.Accounts {
		if err := s.store.Write(ctx, func(tx *store.Tx) error { return s.applyAccount(ctx, tx, a) }); err != nil {
			return fmt.Errorf("fixtures: account %q: %w", a.Name, err)
		}
	}
	return nil
}

func (s *Server) applyAccount(ctx context.Context, tx *store.Tx, f accountFixture) error {
	account, err := tx.AccountByName(ctx, f.Name)
	if errors.Is(err, store.ErrNotFound) {
		account, err = tx.InsertAccount(ctx, domain.Account{Name: f.Name}, s.config.Clock.Now())
	}
	if err != nil {
		return err
	}
	if err := tx.SetEmergencyURL(ctx, account.ID, f.EmergencyURL); err != nil {
		return err
	}
	for _, k := range f.Keys {
		if err := s.applyKey(ctx, tx, account, k); err != nil {
			return fmt.Errorf("key %q: %w", k.Label, err)
		}
	}
	for _, ai := range f.AIs {
		if err := s.applyAI(ctx, tx, account, ai); err != nil {
			return fmt.Errorf("Sales AI %d: %w", ai.ID, err)
		}
	}
	if err := s.applyKnowledge(ctx, tx, account, f.Knowledge); err != nil {
		return err
	}
	return s.applyMAIA(ctx, tx, account, f.MAIA)
}

func (s *Server) applyKey(ctx context.Context, tx *store.Tx, account domain.Account, f keyFixture) error {
	stored, owner, err := tx.KeyOf(ctx, f.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return tx.InsertKey(ctx, account.ID, f.Key, f.Label, s.config.Clock.Now())
	case err != nil:
		return err
	case owner != account.ID:
		return errors.New("it belongs to another account")
	case !stored.RevokedAt.IsZero():
		return errors.New("it was revoked; use another one")
	}
	return nil
}

func (s *Server) applyAI(ctx context.Context, tx *store.Tx, account domain.Account, f aiFixture) error {
	delay, err := f.followUpDelay()
	if err != nil {
		return err
	}
	ai := domain.SalesAI{AccountID: account.ID, ID: f.ID, Name: f.Name, Product: f.Product, Goal: f.Goal, FollowUpDelay: delay}
	err = tx.UpdateSalesAI(ctx, ai, s.config.Clock.Now())
	if errors.Is(err, store.ErrNotFound) {
		_, err = tx.InsertSalesAI(ctx, ai, s.config.Clock.Now())
	}
	return err
}

func (s *Server) applyKnowledge(ctx context.Context, tx *store.Tx, account domain.Account, entries []knowledgeFixture) error {
	if _, err := tx.DeleteKnowledgeOfSource(ctx, account.ID, fixtureSource); err != nil {
		return err
	}
	for _, k := range entries {
		entry := domain.KnowledgeEntry{AccountID: account.ID, AIID: k.AIID, Title: k.Title, Text: k.Text, Source: fixtureSource}
		if _, err := tx.InsertKnowledgeEntry(ctx, entry, s.config.Clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) applyMAIA(ctx context.Context, tx *store.Tx, account domain.Account, f *maiaFixture) error {
	if f == nil {
		return nil
	}
	if f.Token != "" {
		owner, revoked, err := tx.AccountByToken(ctx, f.Token)
		switch {
		case errors.Is(err, store.ErrNotFound):
			if err := tx.ReplaceToken(ctx, account.ID, f.Token, s.config.Clock.Now()); err != nil {
				return err
			}
		case err != nil:
			return err
		case revoked || owner.ID != account.ID:
			return errors.New("maia: the token was revoked or belongs to another account; use another one")
		}
	}
	if f.Setup == nil {
		return nil
	}
	return s.putSetup(ctx, tx, account.ID, *f.Setup)
}
