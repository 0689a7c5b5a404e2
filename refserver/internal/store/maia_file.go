package store

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// FileByKey returns an announced file of any account.
func (r Reader) FileByKey(ctx context.Context, key string) (domain.File, error) {
	row, err := r.q.MaiaFileByKey(ctx, key)
	return domain.File{
		AccountID: row.AccountID, Key: row.FileKey, Name: row.Name, ContentType: row.ContentType, Size: row.Size,
	}, err
}

// InsertFile stores that a file was announced.
func (tx *Tx) InsertFile(ctx context.Context, f domain.File, now time.Time) error {
	err := tx.q.InsertMaiaFile(ctx, gen.InsertMaiaFileParams{
		AccountID: f.AccountID, FileKey: f.Key, Name: f.Name, ContentType: f.ContentType, Size: f.Size, CreatedMs: millis(now),
	})
	if err != nil {
		return fmt.Errorf("insert file: %w", err)
	}
	return nil
}
