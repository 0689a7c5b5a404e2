package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store/gen"
)

// RecordByPublicID returns the account's record of that id; deleted ones are
// not found.
func (r Reader) RecordByPublicID(ctx context.Context, accountID int64, publicID string) (domain.Record, error) {
	row, err := r.q.MaiaRecordByPublicID(ctx, gen.MaiaRecordByPublicIDParams{AccountID: accountID, PublicID: publicID})
	return record(row, err)
}

// Records returns the records of a session that are not deleted, oldest first.
func (r Reader) Records(ctx context.Context, sessionID int64) ([]domain.Record, error) {
	rows, err := r.q.MaiaRecordsInSession(ctx, sessionID)
	if err != nil {
		return nil, fmt.Errorf("read records of session %d: %w", sessionID, err)
	}
	records := make([]domain.Record, len(rows))
	for i, row := range rows {
		if records[i], err = record(row, nil); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// InsertRecord stores a new record and returns it with its id.
func (tx *Tx) InsertRecord(ctx context.Context, r domain.Record, now time.Time) (domain.Record, error) {
	fields, err := json.Marshal(r.CustomFields)
	if err != nil {
		return domain.Record{}, fmt.Errorf("write fields of a record: %w", err)
	}
	row, err := tx.q.InsertMaiaRecord(ctx, gen.InsertMaiaRecordParams{
		AccountID: r.AccountID, SessionID: r.SessionID, PublicID: r.PublicID, KanbanID: r.KanbanID,
		Title: r.Title, Status: r.Status, CustomFields: string(fields), CreatedBy: r.CreatedBy, CreatedMs: millis(now),
	})
	if err != nil {
		return domain.Record{}, fmt.Errorf("insert record: %w", err)
	}
	return record(row, nil)
}

// SetRecordFields stores the custom fields of r. It reports false when the
// record was deleted since. The caller holds the lock of its session.
func (tx *Tx) SetRecordFields(ctx context.Context, r domain.Record) (bool, error) {
	fields, err := json.Marshal(r.CustomFields)
	if err != nil {
		return false, fmt.Errorf("write fields of record %d: %w", r.ID, err)
	}
	n, err := tx.q.SetMaiaRecordFields(ctx, gen.SetMaiaRecordFieldsParams{ID: r.ID, CustomFields: string(fields)})
	if err != nil {
		return false, fmt.Errorf("set fields of record %d: %w", r.ID, err)
	}
	return n > 0, nil
}

// DeleteRecord hides a record. It reports false when it was deleted before.
func (tx *Tx) DeleteRecord(ctx context.Context, id int64, now time.Time) (bool, error) {
	ms := millis(now)
	n, err := tx.q.DeleteMaiaRecord(ctx, gen.DeleteMaiaRecordParams{ID: id, DeletedMs: &ms})
	if err != nil {
		return false, fmt.Errorf("delete record %d: %w", id, err)
	}
	return n > 0, nil
}

func record(row gen.MaiaRecord, err error) (domain.Record, error) {
	if err != nil {
		return domain.Record{}, err
	}
	r := domain.Record{
		ID: row.ID, AccountID: row.AccountID, SessionID: row.SessionID, PublicID: row.PublicID, KanbanID: row.KanbanID,
		Title: row.Title, Status: row.Status, CreatedBy: row.CreatedBy, CreatedAt: fromMillis(row.CreatedMs),
	}
	if err := json.Unmarshal([]byte(row.CustomFields), &r.CustomFields); err != nil {
		return domain.Record{}, fmt.Errorf("read fields of record %d: %w", row.ID, err)
	}
	return r, nil
}
