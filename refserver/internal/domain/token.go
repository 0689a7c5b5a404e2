package domain

import (
	"encoding/base64"
	"fmt"
	"io"
)

// NewToken reads a new API token of MAIA from random. Like a key it is shown
// once and stored only as HashKey gives it.
func NewToken(random io.Reader) (string, error) {
	raw := make([]byte, keyBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("read randomness for an API token: %w", err)
	}
	return "mref_" + base64.RawURLEncoding.EncodeToString(raw), nil
}

// What an operation of MAIA answers to a token that does not open it.
var (
	ErrInvalidToken error = &Error{Code: CodeUnauthorized, Message: "Invalid or missing API token"}
	ErrRevokedToken error = &Error{Code: CodeUnauthorized, Message: "Token revoked"}
	ErrNoAccess           = forbidden("Token has no access to this resource")
)
