package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// KnowledgeVersion counts the changes of the account's knowledge; 0 when it
// never had any.
func (r Reader) KnowledgeVersion(ctx context.Context, accountID int64) (int64, error) {
	version, err := r.q.KnowledgeVersion(ctx, accountID)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return version, err
}

// KnowledgeEntry returns an entry of the account.
func (r Reader) KnowledgeEntry(ctx context.Context, accountID, id int64) (domain.KnowledgeEntry, error) {
	row, err := r.q.KnowledgeEntryByID(ctx, gen.KnowledgeEntryByIDParams{AccountID: accountID, ID: id})
	return knowledgeEntry(row), err
}

// Knowledge returns up to limit entries of the account with ids over after, by
// id.
func (r Reader) Knowledge(ctx context.Context, accountID, after int64, limit int) ([]domain.KnowledgeEntry, error) {
	rows, err := r.q.ListKnowledgeEntries(ctx, gen.ListKnowledgeEntriesParams{AccountID: accountID, After: after, PageSize: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list knowledge of account %d: %w", accountID, err)
	}
	entries := make([]domain.KnowledgeEntry, len(rows))
	for i, row := range rows {
		entries[i] = knowledgeEntry(row)
	}
	return entries, nil
}

// InsertKnowledgeEntry stores a new entry and returns it with its id.
func (tx *Tx) InsertKnowledgeEntry(ctx context.Context, e domain.KnowledgeEntry, now time.Time) (domain.KnowledgeEntry, error) {
	row, err := tx.q.InsertKnowledgeEntry(ctx, gen.InsertKnowledgeEntryParams{
		AccountID: e.AccountID, AIID: e.AIID, Title: e.Title, Text: e.Text, Source: e.Source,
		CreatedMs: millis(now), UpdatedMs: millis(now),
	})
	if err != nil {
		return domain.KnowledgeEntry{}, fmt.Errorf("insert knowledge: %w", err)
	}
	return knowledgeEntry(row), tx.q.TouchKnowledge(ctx, e.AccountID)
}

// UpdateKnowledgeEntry stores an entry's AI, title and text.
func (tx *Tx) UpdateKnowledgeEntry(ctx context.Context, e domain.KnowledgeEntry, now time.Time) error {
	n, err := tx.q.UpdateKnowledgeEntry(ctx, gen.UpdateKnowledgeEntryParams{
		AccountID: e.AccountID, ID: e.ID, AIID: e.AIID, Title: e.Title, Text: e.Text, UpdatedMs: millis(now),
	})
	if err := found(n, err); err != nil {
		return err
	}
	return tx.q.TouchKnowledge(ctx, e.AccountID)
}

// DeleteKnowledgeEntry deletes one entry.
func (tx *Tx) DeleteKnowledgeEntry(ctx context.Context, accountID, id int64) error {
	n, err := tx.q.DeleteKnowledgeEntry(ctx, gen.DeleteKnowledgeEntryParams{AccountID: accountID, ID: id})
	if err := found(n, err); err != nil {
		return err
	}
	return tx.q.TouchKnowledge(ctx, accountID)
}

// DeleteKnowledgeOfSource deletes the entries of one upload and returns how
// many there were.
func (tx *Tx) DeleteKnowledgeOfSource(ctx context.Context, accountID int64, source string) (int64, error) {
	n, err := tx.q.DeleteKnowledgeOfSource(ctx, gen.DeleteKnowledgeOfSourceParams{AccountID: accountID, Source: source})
	if err != nil || n == 0 {
		return n, err
	}
	return n, tx.q.TouchKnowledge(ctx, accountID)
}

func knowledgeEntry(row gen.KnowledgeEntry) domain.KnowledgeEntry {
	return domain.KnowledgeEntry{
		ID: row.ID, AccountID: row.AccountID, AIID: row.AIID, Title: row.Title, Text: row.Text, Source: row.Source,
		CreatedAt: fromMillis(row.CreatedMs), UpdatedAt: fromMillis(row.UpdatedMs),
	}
}
