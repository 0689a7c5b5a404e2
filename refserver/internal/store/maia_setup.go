package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// Setup returns what the account has set up for MAIA.
func (r Reader) Setup(ctx context.Context, accountID int64) (domain.Setup, error) {
	row, err := r.q.MaiaSetup(ctx, accountID)
	if err != nil {
		return domain.Setup{}, err
	}
	var setup domain.Setup
	if err := json.Unmarshal([]byte(row.Document), &setup); err != nil {
		return domain.Setup{}, fmt.Errorf("read setup of account %d: %w", accountID, err)
	}
	return setup, nil
}

// ForeignChannel reports whether an account other than this one has a channel
// of that internal id.
func (r Reader) ForeignChannel(ctx context.Context, accountID int64, channelID string) (bool, error) {
	owners, err := r.q.MaiaChannelOwners(ctx, channelID)
	if err != nil {
		return false, fmt.Errorf("find owner of a channel: %w", err)
	}
	for _, owner := range owners {
		if owner != accountID {
			return true, nil
		}
	}
	return false, nil
}

// PutSetup stores a setup in place of the one before.
func (tx *Tx) PutSetup(ctx context.Context, accountID int64, setup domain.Setup, now time.Time) error {
	document, err := json.Marshal(setup)
	if err != nil {
		return fmt.Errorf("write setup of account %d: %w", accountID, err)
	}
	err = tx.q.PutMaiaSetup(ctx, gen.PutMaiaSetupParams{
		AccountID: accountID, Document: string(document), UpdatedMs: millis(now),
	})
	if err != nil {
		return err
	}
	if err := tx.q.ClearMaiaChannels(ctx, accountID); err != nil {
		return err
	}
	for _, c := range setup.Channels {
		if err := tx.q.InsertMaiaChannel(ctx, gen.InsertMaiaChannelParams{AccountID: accountID, PublicID: c.ID}); err != nil {
			return fmt.Errorf("insert channel %s: %w", c.ID, err)
		}
	}
	return nil
}
