package maiaapi

import (
	"errors"
	"net/http"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// unavailable is the text of a 503.
const unavailable = "the service cannot do this now; try again later"

// wireError gives err the status it is answered with: 400, 401, 403 or 404 for a
// broken rule, 503 while the database cannot do its work, else 500.
func wireError(err error) error {
	var rule *domain.Error
	if errors.As(err, &rule) {
		return &server.Error{Status: status(rule.Code), Message: rule.Message, Err: err}
	}
	if store.Unavailable(err) {
		return &server.Error{Status: http.StatusServiceUnavailable, Message: unavailable, Err: err}
	}
	return server.Internal(err)
}

func status(code domain.Code) int {
	switch code {
	case domain.CodeUnauthorized:
		return http.StatusUnauthorized
	case domain.CodeForbidden:
		return http.StatusForbidden
	case domain.CodeNotFound:
		return http.StatusNotFound
	default:
		return http.StatusBadRequest
	}
}
