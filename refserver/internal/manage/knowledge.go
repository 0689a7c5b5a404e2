package manage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/gen/management/ginserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/knowledge"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// ListKnowledge lists an account's entries.
//
//contract:operation listKnowledge
func (a *API) ListKnowledge(ctx context.Context, request ginserver.ListKnowledgeRequestObject) (ginserver.ListKnowledgeResponseObject, error) {
	ctx = plain(ctx)
	after, err := readIDCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if err := needAccount(ctx, a.Store.Reader, request.AccountID); err != nil {
		return nil, wireError(err)
	}
	size := pageSize(request.Params.Limit)
	entries, err := a.Store.Knowledge(ctx, request.AccountID, after, size+1)
	if err != nil {
		return nil, wireError(err)
	}
	entries, more := cut(entries, size)
	page := ginserver.ListKnowledge200JSONResponse{Items: make([]management.KnowledgeEntry, len(entries))}
	for i, entry := range entries {
		page.Items[i] = wireEntry(entry)
	}
	if more {
		page.NextCursor = idCursor(entries[size-1].ID)
	}
	return page, nil
}

// CreateKnowledgeEntry adds an entry.
//
//contract:operation createKnowledgeEntry
func (a *API) CreateKnowledgeEntry(ctx context.Context, request ginserver.CreateKnowledgeEntryRequestObject) (ginserver.CreateKnowledgeEntryResponseObject, error) {
	ctx = plain(ctx)
	entry := domainEntry(request.AccountID, 0, request.Body)
	err := a.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if err := needOwner(ctx, tx, entry.AccountID, entry.AIID); err != nil {
			return err
		}
		entry, err = tx.InsertKnowledgeEntry(ctx, entry, a.Clock.Now())
		return err
	})
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.CreateKnowledgeEntry201JSONResponse(wireEntry(entry)), nil
}

// GetKnowledgeEntry shows an entry.
//
//contract:operation getKnowledgeEntry
func (a *API) GetKnowledgeEntry(ctx context.Context, request ginserver.GetKnowledgeEntryRequestObject) (ginserver.GetKnowledgeEntryResponseObject, error) {
	entry, err := a.Store.KnowledgeEntry(plain(ctx), request.AccountID, request.EntryID)
	if err != nil {
		return nil, wireError(missing(err, "entry %d of account %d", request.EntryID, request.AccountID))
	}
	return ginserver.GetKnowledgeEntry200JSONResponse(wireEntry(entry)), nil
}

// ReplaceKnowledgeEntry changes an entry.
//
//contract:operation replaceKnowledgeEntry
func (a *API) ReplaceKnowledgeEntry(ctx context.Context, request ginserver.ReplaceKnowledgeEntryRequestObject) (ginserver.ReplaceKnowledgeEntryResponseObject, error) {
	ctx = plain(ctx)
	entry := domainEntry(request.AccountID, request.EntryID, request.Body)
	err := a.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if err := needOwner(ctx, tx, entry.AccountID, entry.AIID); err != nil {
			return err
		}
		if err := tx.UpdateKnowledgeEntry(ctx, entry, a.Clock.Now()); err != nil {
			return err
		}
		entry, err = tx.KnowledgeEntry(ctx, entry.AccountID, entry.ID)
		return err
	})
	if err != nil {
		return nil, wireError(missing(err, "entry %d of account %d", request.EntryID, request.AccountID))
	}
	return ginserver.ReplaceKnowledgeEntry200JSONResponse(wireEntry(entry)), nil
}

// DeleteKnowledgeEntry deletes an entry.
//
//contract:operation deleteKnowledgeEntry
func (a *API) DeleteKnowledgeEntry(ctx context.Context, request ginserver.DeleteKnowledgeEntryRequestObject) (ginserver.DeleteKnowledgeEntryResponseObject, error) {
	ctx = plain(ctx)
	err := a.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.DeleteKnowledgeEntry(ctx, request.AccountID, request.EntryID)
	})
	if err != nil {
		return nil, wireError(missing(err, "entry %d of account %d", request.EntryID, request.AccountID))
	}
	return ginserver.DeleteKnowledgeEntry204Response{}, nil
}

// UploadKnowledge cuts a text into entries, in place of those that an upload of
// the same name left.
//
//contract:operation uploadKnowledge
func (a *API) UploadKnowledge(ctx context.Context, request ginserver.UploadKnowledgeRequestObject) (ginserver.UploadKnowledgeResponseObject, error) {
	ctx = plain(ctx)
	b := request.Body
	parsed, err := knowledge.Parser{}.Parse(ctx, b.Name, "", strings.NewReader(b.Text))
	for _, known := range []error{knowledge.ErrFormat, knowledge.ErrTooLarge, knowledge.ErrNoText} {
		if errors.Is(err, known) {
			return nil, server.BadRequest("text: " + known.Error())
		}
	}
	if err != nil {
		return nil, &server.Error{Status: 400, Message: "text: cannot be read as what its name says", Err: err}
	}
	result := ginserver.UploadKnowledge201JSONResponse{Name: b.Name, Entries: int64(len(parsed))}
	err = a.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if err := needOwner(ctx, tx, request.AccountID, b.AIID); err != nil {
			return err
		}
		if result.Replaced, err = tx.DeleteKnowledgeOfSource(ctx, request.AccountID, b.Name); err != nil {
			return err
		}
		for _, e := range parsed {
			entry := domain.KnowledgeEntry{AccountID: request.AccountID, AIID: b.AIID, Title: e.Title, Text: e.Text, Source: b.Name}
			if _, err := tx.InsertKnowledgeEntry(ctx, entry, a.Clock.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, wireError(err)
	}
	return result, nil
}

// needOwner reports that there is no such account, or that it has no such AI.
func needOwner(ctx context.Context, tx *store.Tx, accountID int64, aiID *int64) error {
	if err := tx.LockAccount(ctx, accountID); err != nil {
		return missing(err, "account %d", accountID)
	}
	if aiID == nil {
		return nil
	}
	_, err := tx.SalesAI(ctx, accountID, *aiID)
	if errors.Is(err, store.ErrNotFound) {
		return server.BadRequest(fmt.Sprintf("ai_id: account %d has no Sales AI %d", accountID, *aiID))
	}
	return err
}

func domainEntry(accountID, id int64, body *management.KnowledgeContent) domain.KnowledgeEntry {
	return domain.KnowledgeEntry{ID: id, AccountID: accountID, AIID: body.AIID, Title: body.Title, Text: body.Text}
}

func wireEntry(entry domain.KnowledgeEntry) management.KnowledgeEntry {
	return management.KnowledgeEntry{
		ID: entry.ID, AIID: entry.AIID, Title: entry.Title, Text: entry.Text, Source: optional(entry.Source),
		CreatedAt: entry.CreatedAt, UpdatedAt: entry.UpdatedAt,
	}
}
