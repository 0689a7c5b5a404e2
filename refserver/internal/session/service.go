package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/blob"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// Queue takes the jobs that operations lead to.
type Queue interface {
	// AnswerSession has the message answered at the time given.
	AnswerSession(ctx context.Context, tx *store.Tx, messageID int64, at time.Time) error
	// DeliverWebhook delivers d, which is not stored yet, after those of its
	// chain that wait. The session's lock is held.
	DeliverWebhook(ctx context.Context, tx *store.Tx, d domain.Delivery, now time.Time) error
}

// Files keeps the contents of attachments.
type Files interface {
	Stat(ctx context.Context, key string) (blob.Info, error)
	SignPut(ctx context.Context, key, contentType string, size int64, ttl time.Duration) (string, error)
	SignGet(ctx context.Context, key string, ttl time.Duration) (string, error)
}

// Service is the operations. All fields are needed but those whose zero value
// is described; it may be used concurrently. Its errors are *domain.Error where
// the caller broke a rule.
type Service struct {
	Store    *store.Store
	Queue    Queue
	Files    Files
	Payloads Payloads
	Clock    Clock
	// Random is read concurrently.
	Random io.Reader
	// AnswerDelay is how long an answer is held back, to look like work.
	AnswerDelay time.Duration
	// UploadTTL and DownloadTTL are how long presigned URLs are valid.
	UploadTTL   time.Duration
	DownloadTTL time.Duration
}

// Caller is who calls an operation.
type Caller struct {
	Account domain.Account
	// Origin is the scheme and host that the caller used.
	Origin string
}

// setup reads what the account has set up; nothing when it never did.
func (s *Service) setup(ctx context.Context, account domain.Account) (domain.Setup, error) {
	setup, err := s.Store.Setup(ctx, account.ID)
	if errors.Is(err, store.ErrNotFound) {
		return domain.Setup{}, nil
	}
	return setup, err
}

// inSession runs fn in a transaction that holds the lock of the account's
// session of that id.
func (s *Service) inSession(ctx context.Context, account domain.Account, publicID string, fn func(*store.Tx, domain.Session, time.Time) error) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		session, err := lockedSession(ctx, tx, account, publicID)
		if errors.Is(err, store.ErrNotFound) {
			return domain.ErrUnknownSession
		}
		if err != nil {
			return err
		}
		return fn(tx, session, s.Clock.Now())
	})
}

// lockedSession reads a session again once it holds its lock: whoever held the
// lock before may have changed it.
func lockedSession(ctx context.Context, tx *store.Tx, account domain.Account, publicID string) (domain.Session, error) {
	session, err := tx.SessionByPublicID(ctx, account.ID, publicID)
	if err != nil {
		return domain.Session{}, fmt.Errorf("read session: %w", err)
	}
	if err := tx.LockSession(ctx, session.ID); err != nil {
		return domain.Session{}, fmt.Errorf("lock session %d: %w", session.ID, err)
	}
	if session, err = tx.SessionByID(ctx, session.ID); err != nil {
		return domain.Session{}, fmt.Errorf("read session: %w", err)
	}
	return session, nil
}

// absolute makes a presigned URL that is a path one that can be called.
func absolute(signed, origin string) (string, error) {
	from, err := url.Parse(origin)
	if err != nil {
		return "", errors.New("the origin of the caller is not a URL")
	}
	to, err := from.Parse(signed)
	if err != nil {
		return "", errors.New("the presigned URL is not a URL")
	}
	return to.String(), nil
}
