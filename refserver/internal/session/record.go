package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// createRecord makes the session's record on the board it is on now, if it is on
// one, and tells of it.
func (s *Service) createRecord(ctx context.Context, tx *store.Tx, setup domain.Setup, session domain.Session, by string, now time.Time) error {
	kanban, err := setup.Kanban(session.KanbanID)
	if err != nil {
		return nil //nolint:nilerr // a session without a board has no record
	}
	publicID, err := domain.NewRecordID(now, s.Random)
	if err != nil {
		return err
	}
	record, err := tx.InsertRecord(ctx, domain.Record{
		AccountID: session.AccountID, SessionID: session.ID, PublicID: publicID, KanbanID: kanban.ID,
		Title: session.Title(), Status: kanban.FirstStatus(), CustomFields: map[string]any{}, CreatedBy: by,
	}, now)
	if err != nil {
		return err
	}
	notice := RecordNotice{Session: session, Record: record, Kanban: kanban, By: by, At: now}
	return s.tellOfRecord(ctx, tx, setup, domain.RecordCreated, notice, "", s.Payloads.RecordCreated)
}

// tellOfRecord writes an event of a record and its webhooks.
func (s *Service) tellOfRecord(ctx context.Context, tx *store.Tx, setup domain.Setup, kind domain.SessionEventKind, n RecordNotice, fieldID string, payload func(RecordNotice) ([]byte, error)) error {
	event := eventOf(n.Session, kind)
	event.RecordID = &n.Record.ID
	event, err := tx.InsertSessionEvent(ctx, event, n.At)
	if err != nil {
		return err
	}
	body, err := payload(n)
	if err != nil {
		return fmt.Errorf("write %s webhook: %w", kind, err)
	}
	return s.tellWebhooks(ctx, tx, setup, event, subject{n.Record.KanbanID, fieldID}, body, n.At)
}

// UpdateField sets a field of a record as a user of the dashboard, who is told
// as by. A value that is there already changes nothing, and nobody is told.
func (s *Service) UpdateField(ctx context.Context, account domain.Account, recordID, fieldID string, value any, by string) error {
	return s.withRecord(ctx, account, recordID, func(tx *store.Tx, setup domain.Setup, n RecordNotice) error {
		field, ok := n.Kanban.Field(fieldID)
		if !ok {
			return domain.ErrUnknownField
		}
		previous := n.Record.CustomFields[fieldID]
		if reflect.DeepEqual(previous, value) {
			return nil
		}
		fields := maps.Clone(n.Record.CustomFields)
		if fields == nil {
			fields = map[string]any{}
		}
		fields[fieldID] = value
		n.Record.CustomFields, n.By = fields, by
		if updated, err := tx.SetRecordFields(ctx, n.Record); err != nil || !updated {
			return errors.Join(err, notUpdated(updated))
		}
		return s.tellOfRecord(ctx, tx, setup, domain.RecordFieldUpdated, n, fieldID, func(n RecordNotice) ([]byte, error) {
			return s.Payloads.FieldUpdated(FieldNotice{RecordNotice: n, Field: field, Previous: previous, New: value})
		})
	})
}

// DeleteRecord removes a record as a user of the dashboard.
func (s *Service) DeleteRecord(ctx context.Context, account domain.Account, recordID, by string) error {
	return s.withRecord(ctx, account, recordID, func(tx *store.Tx, setup domain.Setup, n RecordNotice) error {
		n.By = by
		if deleted, err := tx.DeleteRecord(ctx, n.Record.ID, n.At); err != nil || !deleted {
			return errors.Join(err, notUpdated(deleted))
		}
		return s.tellOfRecord(ctx, tx, setup, domain.RecordDeleted, n, "", s.Payloads.RecordDeleted)
	})
}

// withRecord runs fn with the record read under the lock of its session.
func (s *Service) withRecord(ctx context.Context, account domain.Account, recordID string, fn func(*store.Tx, domain.Setup, RecordNotice) error) error {
	setup, err := s.setup(ctx, account)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		record, err := tx.RecordByPublicID(ctx, account.ID, recordID)
		if err == nil {
			err = tx.LockSession(ctx, record.SessionID)
		}
		if err == nil {
			record, err = tx.RecordByPublicID(ctx, account.ID, recordID)
		}
		if errors.Is(err, store.ErrNotFound) {
			return domain.ErrUnknownRecord
		}
		if err != nil {
			return fmt.Errorf("read record: %w", err)
		}
		session, err := tx.SessionByID(ctx, record.SessionID)
		if err != nil {
			return fmt.Errorf("read session %d: %w", record.SessionID, err)
		}
		// A board that was removed since has no name any more.
		kanban, _ := setup.Kanban(record.KanbanID)
		return fn(tx, setup, RecordNotice{Session: session, Record: record, Kanban: kanban, At: s.Clock.Now()})
	})
}

// notUpdated is the error of an update that met no row, which the session's
// lock rules out.
func notUpdated(updated bool) error {
	if updated {
		return nil
	}
	return errors.New("the row has changed under the lock of its session")
}
