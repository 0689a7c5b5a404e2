package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/blob"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Upload is where an announced file goes.
type Upload struct {
	URL     string
	Key     string
	Expires time.Time
}

// AnnounceFile checks a file against the limits and says where it goes.
func (s *Service) AnnounceFile(ctx context.Context, caller Caller, name, contentType string, size int64) (Upload, error) {
	now := s.Clock.Now()
	id, err := domain.NewUUID(s.Random)
	if err != nil {
		return Upload{}, err
	}
	file, err := domain.NewFile(caller.Account, id, name, contentType, size, now)
	if err != nil {
		return Upload{}, err
	}
	signed, err := s.Files.SignPut(ctx, file.Key, file.ContentType, file.Size, s.UploadTTL)
	if err != nil {
		return Upload{}, err
	}
	upload := Upload{Key: file.Key, Expires: now.Add(s.UploadTTL)}
	if upload.URL, err = absolute(signed, caller.Origin); err != nil {
		return Upload{}, err
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error { return tx.InsertFile(ctx, file, now) })
	if err != nil {
		return Upload{}, fmt.Errorf("announce file: %w", err)
	}
	return upload, nil
}

// Download is where a file can be fetched.
type Download struct {
	URL     string
	Expires time.Time
	File    domain.File
}

// Download says where an uploaded file can be fetched.
func (s *Service) Download(ctx context.Context, caller Caller, key string) (Download, error) {
	file, err := s.Store.FileByKey(ctx, key)
	if err != nil {
		return Download{}, notFoundOr(err, domain.ErrUnknownFile)
	}
	if file.AccountID != caller.Account.ID {
		return Download{}, domain.ErrNoAccess
	}
	if _, err := s.Files.Stat(ctx, key); err != nil {
		return Download{}, notFoundOr(err, domain.ErrUnknownFile)
	}
	expires := s.Clock.Now().Add(s.DownloadTTL)
	signed, err := s.Files.SignGet(ctx, key, s.DownloadTTL)
	if err != nil {
		return Download{}, err
	}
	url, err := absolute(signed, caller.Origin)
	return Download{URL: url, Expires: expires, File: file}, err
}

// checkFiles checks that the attachments were announced so and uploaded, and
// gives them their ids.
func (s *Service) checkFiles(ctx context.Context, caller Caller, attachments []domain.Attachment) error {
	for i := range attachments {
		a := &attachments[i]
		file, err := s.Store.FileByKey(ctx, a.FileKey)
		if err != nil {
			return notFoundOr(err, domain.UnknownAttachment(i))
		}
		if err := a.CheckFile(i, caller.Account, file); err != nil {
			return err
		}
		if _, err := s.Files.Stat(ctx, a.FileKey); err != nil {
			return notFoundOr(err, domain.UnknownAttachment(i))
		}
		if a.ID, err = domain.NewUUID(s.Random); err != nil {
			return err
		}
	}
	return nil
}

// links are the presigned URLs of attachments, for webhooks.
func (s *Service) links(ctx context.Context, origin string, attachments []domain.Attachment) ([]string, error) {
	links := make([]string, len(attachments))
	for i, a := range attachments {
		signed, err := s.Files.SignGet(ctx, a.FileKey, s.DownloadTTL)
		if err != nil {
			return nil, err
		}
		if links[i], err = absolute(signed, origin); err != nil {
			return nil, err
		}
	}
	return links, nil
}

// notFoundOr is broken when err says that there is no such object, else err.
func notFoundOr(err, broken error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, blob.ErrNotFound) {
		return broken
	}
	return err
}
