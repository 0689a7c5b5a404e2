package manage

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// unavailable is the text of a 503.
const unavailable = "the service cannot do this now; try again later"

// wireError gives err the status it is answered with: that of an error of
// package server, 503 while the database cannot do its work, else 500.
func wireError(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*server.Error](err); ok {
		return err
	}
	if store.Unavailable(err) {
		return &server.Error{Status: http.StatusServiceUnavailable, Message: unavailable, Err: err}
	}
	return server.Internal(err)
}

// missing turns the store's word for nothing into a 404 that names the noun.
func missing(err error, format string, args ...any) error {
	if errors.Is(err, store.ErrNotFound) {
		return server.NotFound("there is no " + fmt.Sprintf(format, args...))
	}
	return err
}

// needAccount reports that there is no such account.
func needAccount(ctx context.Context, r store.Reader, id int64) error {
	_, err := r.AccountByID(ctx, id)
	return missing(err, "account %d", id)
}
