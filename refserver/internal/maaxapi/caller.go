package maaxapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// KeyHeader carries the API key.
const KeyHeader = "2hd-api-key"

// callerKey is the context's key for *caller.
type callerKey struct{}

// caller is who makes the request, set by Authenticate.
type caller struct{ account domain.Account }

// WithCaller prepares the context of a request for Authenticate to fill in:
// the check of a request cannot replace its context.
func WithCaller(ctx context.Context) context.Context {
	return context.WithValue(ctx, callerKey{}, &caller{})
}

// Accounts finds accounts by their key.
type Accounts interface {
	AccountByKey(ctx context.Context, key string) (domain.Account, error)
}

// Authenticate returns the check of the API key for server.Validate. It needs
// WithCaller before it.
func Authenticate(accounts Accounts) server.Authenticate {
	return func(ctx context.Context, in server.AuthInput) error {
		key := in.Request.Header.Get(KeyHeader)
		if key == "" {
			return wireError(domain.ErrUnauthorized)
		}
		account, err := accounts.AccountByKey(ctx, key)
		if errors.Is(err, store.ErrNotFound) {
			return wireError(domain.ErrUnauthorized)
		}
		if err != nil {
			return wireError(fmt.Errorf("look up API key: %w", err))
		}
		c, ok := ctx.Value(callerKey{}).(*caller)
		if !ok {
			return server.Internal(errors.New("the request's context has no place for the caller"))
		}
		c.account = account
		return nil
	}
}

// enter is the start of every operation: the context to go on with and the
// account of the caller, without which nothing is allowed.
//
// Generated servers hand over Gin's context. Gin uses it again for another
// request as soon as the handler returns, while database/sql still watches the
// context of a query that has just ended, so only the request's own goes on.
func enter(ctx context.Context) (context.Context, domain.Account, error) {
	if c, ok := ctx.(*gin.Context); ok {
		ctx = c.Request.Context()
	}
	c, ok := ctx.Value(callerKey{}).(*caller)
	if !ok || c.account.ID == 0 {
		return nil, domain.Account{}, wireError(domain.ErrUnauthorized)
	}
	return ctx, c.account, nil
}
