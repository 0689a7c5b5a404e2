package maiaapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/session"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// callerKey is the context's key for *caller.
type callerKey struct{}

// caller is who makes the request, set by Authenticate.
type caller struct {
	session.Caller
	// header is that of the response.
	header http.Header
	// query is that of the request.
	query url.Values
}

// WithCaller prepares a request for Authenticate, which can replace neither its
// context nor reach its response.
func WithCaller(w http.ResponseWriter, r *http.Request) *http.Request {
	c := &caller{header: w.Header(), query: r.URL.Query()}
	c.Origin = "http://" + r.Host
	if r.TLS != nil {
		c.Origin = "https://" + r.Host
	}
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, c))
}

// Accounts finds accounts by their token.
type Accounts interface {
	AccountByToken(ctx context.Context, token string) (account domain.Account, revoked bool, err error)
}

// Authenticate returns the check of the API token and of the rate limits for
// server.Validate. It needs WithCaller before it.
func Authenticate(accounts Accounts, limiter *Limiter) server.Authenticate {
	return func(ctx context.Context, in server.AuthInput) error {
		token, ok := bearer(in.Request.Header)
		if !ok {
			return wireError(domain.ErrInvalidToken)
		}
		account, revoked, err := accounts.AccountByToken(ctx, token)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return wireError(domain.ErrInvalidToken)
		case err != nil:
			return wireError(fmt.Errorf("look up API token: %w", err))
		case revoked:
			return wireError(domain.ErrRevokedToken)
		}
		c, ok := ctx.Value(callerKey{}).(*caller)
		if !ok {
			return server.Internal(errors.New("the request's context has no place for the caller"))
		}
		allowance := limiter.take(account.ID)
		allowance.write(c.header)
		if !allowance.allowed {
			return limited(in.Operation.ID)
		}
		c.Account = account
		return nil
	}
}

// bearer is the token of the one Authorization header.
func bearer(header http.Header) (string, bool) {
	values := header.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	return token, ok && token != "" && strings.EqualFold(scheme, "Bearer")
}

// limited is the refusal of a call over the limit. The page about boards says
// 403, the others 429.
func limited(operation string) error {
	status := http.StatusTooManyRequests
	if operation == "listKanbans" {
		status = http.StatusForbidden
	}
	return &server.Error{Status: status, Message: "Rate limit exceeded"}
}

// enter is the start of every operation: the context to go on with and the
// caller, without whom nothing is allowed.
//
// Generated servers hand over Gin's context. Gin uses it again for another
// request as soon as the handler returns, while database/sql still watches the
// context of a query that has just ended, so only the request's own goes on.
func enter(ctx context.Context) (context.Context, session.Caller, error) {
	if c, ok := ctx.(*gin.Context); ok {
		ctx = c.Request.Context()
	}
	c, ok := ctx.Value(callerKey{}).(*caller)
	if !ok || c.Account.ID == 0 {
		return nil, session.Caller{}, wireError(domain.ErrInvalidToken)
	}
	return ctx, c.Caller, nil
}

// query is that of the request, which a parameter without a name of its own is
// read from: the generated binding knows no such parameter.
func query(ctx context.Context) url.Values {
	if c, ok := ctx.Value(callerKey{}).(*caller); ok {
		return c.query
	}
	return nil
}
