package domain

import "time"

// APIKey is one key of an account, without the key itself: only its hash is
// stored.
type APIKey struct {
	ID    int64
	Label string
	// CreatedAt and RevokedAt are UTC; RevokedAt is zero while the key opens
	// the account.
	CreatedAt time.Time
	RevokedAt time.Time
}

// ShortestKey is the length from which a key chosen by people is taken. Keys of
// NewKey are longer.
const ShortestKey = 8
