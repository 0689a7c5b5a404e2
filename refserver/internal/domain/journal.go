package domain

import "time"

// Exchange is one request and its response as the journal keeps them: without
// their bodies, their headers and the target, which may hold secrets.
type Exchange struct {
	ID        int64
	RequestID string
	// AccountID is 0 when nobody was known by the credentials.
	AccountID int64
	// Contract and Operation are empty when none matched.
	Contract  string
	Operation string
	Method    string
	Status    int
	// RequestBytes is -1 when the request did not say.
	RequestBytes  int64
	ResponseBytes int64
	StartedAt     time.Time
	Duration      time.Duration
}

// Vendor says whose callbacks a delivery carries.
type Vendor string

// The vendors.
const (
	VendorMAAX Vendor = "maax"
	VendorMAIA Vendor = "maia"
)

// JournaledDelivery is a delivery as the journal shows it: without its body and
// signature.
type JournaledDelivery struct {
	PublicID  string
	AccountID int64
	Vendor    Vendor
	// ThreadID is the conversation of MAAX or the session of MAIA.
	ThreadID int64
	Chain    Chain
	Kind     EventKind
	URL      string
	State    DeliveryState
	Attempts int
	// NextAttemptAt is zero unless an attempt is waiting for its time, and
	// FinishedAt while the delivery is pending.
	NextAttemptAt time.Time
	CreatedAt     time.Time
	FinishedAt    time.Time
}

// Replayable reports whether a delivery in this state may be sent once more:
// one that was given up.
func (s DeliveryState) Replayable() bool { return s == Exhausted || s == Refused }
