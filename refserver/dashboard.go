package refserver

import (
	"context"
	"fmt"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/session"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// MAIASession is all that is known of a session: what its operations and
// webhooks do not tell is here for tests.
type MAIASession = session.Snapshot

// Dashboard does what a person does in the dashboard of MAIA, for the account of
// one token: webhooks tell of it, but no operation leads to it. Its methods may
// be called concurrently. A session, record or field that does not exist is an
// error.
type Dashboard struct {
	server  *Server
	account domain.Account
}

// Dashboard is that of the account that the token opens; a token that is revoked
// later does not end it.
func (s *Server) Dashboard(ctx context.Context, token string) (*Dashboard, error) {
	account, err := s.accountByToken(ctx, token)
	if err != nil {
		return nil, err
	}
	return &Dashboard{server: s, account: account}, nil
}

// Setup is what the account has set up, the secrets of its webhooks with it.
func (d *Dashboard) Setup(ctx context.Context) (MAIASetup, error) {
	return d.server.store.Setup(ctx, d.account.ID)
}

// SetUp replaces the setup. Webhooks without a secret keep the one they had, or
// get a new one. Sessions on what is gone stay where they are.
func (d *Dashboard) SetUp(ctx context.Context, setup MAIASetup) error {
	return d.server.store.Write(ctx, func(tx *store.Tx) error {
		return d.server.putSetup(ctx, tx, d.account.ID, setup)
	})
}

// NewToken makes a new API token, which revokes the one before at once.
func (d *Dashboard) NewToken(ctx context.Context) (string, error) {
	token, err := domain.NewToken(d.server.config.Random)
	if err != nil {
		return "", err
	}
	err = d.server.store.Write(ctx, func(tx *store.Tx) error {
		return tx.ReplaceToken(ctx, d.account.ID, token, d.server.config.Clock.Now())
	})
	if err != nil {
		return "", fmt.Errorf("make API token: %w", err)
	}
	return token, nil
}

// RevokeToken ends the account's API token at once.
func (d *Dashboard) RevokeToken(ctx context.Context) error {
	return d.server.store.Write(ctx, func(tx *store.Tx) error {
		return tx.RevokeToken(ctx, d.account.ID, d.server.config.Clock.Now())
	})
}

// Session reads a session.
func (d *Dashboard) Session(ctx context.Context, sessionID string) (MAIASession, error) {
	return d.server.maia.service.Snapshot(ctx, d.account, sessionID)
}

// Reply answers the customer of a session as an operator.
func (d *Dashboard) Reply(ctx context.Context, sessionID, text string) error {
	return d.server.maia.service.Write(ctx, d.account, sessionID, domain.Operator, text)
}

// WriteOnDevice writes into a session as the owner of the phone. The session
// must be on a channel of type whatsapp_no.
func (d *Dashboard) WriteOnDevice(ctx context.Context, sessionID, text string) error {
	return d.server.maia.service.Write(ctx, d.account, sessionID, domain.Device, text)
}

// SetAIPaused pauses or resumes the AI in a session as the user of that id.
func (d *Dashboard) SetAIPaused(ctx context.Context, sessionID string, paused bool, userID string) error {
	return d.server.maia.service.SetAIPaused(ctx, d.account, sessionID, paused, userID)
}

// UpdateField sets a field of a record to a value as JSON has them, as the user
// of that id. A value that is there already changes nothing, and nobody is told.
func (d *Dashboard) UpdateField(ctx context.Context, recordID, fieldID string, value any, userID string) error {
	return d.server.maia.service.UpdateField(ctx, d.account, recordID, fieldID, value, userID)
}

// DeleteRecord removes a record as the user of that id.
func (d *Dashboard) DeleteRecord(ctx context.Context, recordID, userID string) error {
	return d.server.maia.service.DeleteRecord(ctx, d.account, recordID, userID)
}
