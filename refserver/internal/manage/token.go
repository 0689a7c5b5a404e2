package manage

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/parley-contracts/parley/server"
)

// ShortestToken is the length from which a token is taken.
const ShortestToken = 16

// Token checks the management token. It keeps its hash only.
type Token struct{ hash [sha256.Size]byte }

// NewToken returns the check of a token.
func NewToken(token string) (Token, error) {
	if len(token) < ShortestToken {
		return Token{}, errors.New("management token: shorter than 16 characters; make one with a password generator")
	}
	return Token{sha256.Sum256([]byte(token))}, nil
}

// is reports whether token is the one, in a time that tells nothing about it.
func (t Token) is(token string) bool {
	hash := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(hash[:], t.hash[:]) == 1
}

// bearer reports whether the request carries the token as programs do.
func (t Token) bearer(r *http.Request) bool {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return ok && strings.EqualFold(scheme, "Bearer") && t.is(strings.TrimSpace(token))
}

// Authenticate is the check for server.Validate.
func (t Token) Authenticate(_ context.Context, in server.AuthInput) error {
	if t.bearer(in.Request) {
		return nil
	}
	return server.Unauthorized("the management token is missing or wrong")
}

// Pages lets in whoever has the token, also as the password that browsers ask
// for, whatever the user name. As a browser sends that along with what other
// sites make it send, requests that change something must come from the pages
// themselves.
func (t Token) Pages(next http.Handler) http.Handler {
	checked := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t.bearer(r) {
			next.ServeHTTP(w, r)
			return
		}
		if _, password, ok := r.BasicAuth(); ok && t.is(password) {
			checked.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="management: any name, and the token for a password", charset="UTF-8"`)
		http.Error(w, "the management token is missing or wrong", http.StatusUnauthorized)
	})
}
