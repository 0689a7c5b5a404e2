package domain

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
)

// Account is one company: everything else belongs to exactly one of them.
type Account struct {
	ID   int64
	Name string
	// EmergencyURL receives a notification when no confident answer exists;
	// empty means that none is sent.
	EmergencyURL string
}

// keyBytes makes keys of 256 bits, out of reach of any search.
const keyBytes = 32

// NewKey reads a new API key from random. It is shown once and stored only as
// HashKey gives it. An error means that random failed.
func NewKey(random io.Reader) (string, error) {
	raw := make([]byte, keyBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("read randomness for an API key: %w", err)
	}
	return "ref_" + base64.RawURLEncoding.EncodeToString(raw), nil
}

// HashKey returns the form of a key that is stored, as hex.
//
// A plain SHA-256 is right here, where it would be wrong for a password: a key
// is 256 random bits, so there is no dictionary to slow an attacker down in,
// and a deliberately slow hash would only tax every request. The stored value is
// looked up by equality, which leaks nothing useful about a random key.
func HashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// ErrUnauthorized is what every operation answers to a missing, unknown or
// revoked key; the three are not told apart.
var ErrUnauthorized error = &Error{Code: CodeUnauthorized, Message: "Invalid API key"}
