package domain

import (
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// DeliveryState is where a delivery is in its life:
//
//	         delivered
//	       /
//	pending -- exhausted
//	       \
//	         refused
//
// pending goes back to pending after an attempt that may be repeated; the
// other three are final.
type DeliveryState string

// The states.
const (
	// Pending waits for an attempt, or for the deliveries before it.
	Pending DeliveryState = "pending"
	// Delivered was acknowledged with a 2xx.
	Delivered DeliveryState = "delivered"
	// Exhausted failed at every attempt of the schedule.
	Exhausted DeliveryState = "exhausted"
	// Refused names a destination that must not be called, or one that will not
	// take the delivery, so no attempt is repeated.
	Refused DeliveryState = "refused"
)

// Chain names the deliveries of a conversation that wait for each other.
// Answers and follow-ups reach the prospect in order; an emergency notification
// goes to somebody else and must not wait behind an unreachable integration.
type Chain string

// The chains.
const (
	ChainProspect  Chain = "prospect"
	ChainEmergency Chain = "emergency"
)

// Delivery is one event on its way to one URL. Body is fixed when the delivery
// is made: every attempt sends the same bytes.
type Delivery struct {
	ID int64
	// PublicID is sent with every attempt, so that a receiver can tell a
	// repetition from a new delivery.
	PublicID       string
	AccountID      int64
	ConversationID int64
	// SessionID stands for ConversationID in the deliveries of MAIA.
	SessionID int64
	Chain     Chain
	EventID   int64
	URL       string
	Body      string
	// Signature of Body by MAIA's scheme, made with it; empty for none.
	Signature string
	State     DeliveryState
	// Attempts counts the attempts whose result was recorded.
	Attempts int
	// NextAttemptAt is zero unless an attempt is waiting for its time.
	NextAttemptAt time.Time
}

// Attempt is one HTTP try of a delivery.
type Attempt struct {
	DeliveryID int64
	// Number counts from 1.
	Number int
	// Status is 0 when no response was read.
	Status    int
	Outcome   AttemptOutcome
	Reason    string
	StartedAt time.Time
	Duration  time.Duration
}

// AttemptOutcome says what an attempt means for its delivery.
type AttemptOutcome string

// The outcomes.
const (
	AttemptDelivered AttemptOutcome = "delivered"
	AttemptRetry     AttemptOutcome = "retry"
	AttemptRefused   AttemptOutcome = "refused"
)

// NewDeliveryID reads a new public id, 128 bits, from random.
func NewDeliveryID(random io.Reader) (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("read randomness for a delivery id: %w", err)
	}
	return "dlv_" + hex.EncodeToString(raw[:]), nil
}

// Schedule says how long to wait before each attempt; its length is the number
// of attempts. The first wait counts from the event, the others from the end of
// the attempt before.
type Schedule []time.Duration

// DefaultSchedule spreads five attempts over about 13 minutes. It is short
// because the answers of a conversation wait for the one before them.
func DefaultSchedule() Schedule {
	return Schedule{0, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
}

// Next says what becomes of a delivery after attempt number done (1 for the
// first) ended with outcome: the state to go to and, when that is Pending, how
// long to wait. The wait is schedule[done] * (1 + jitter*(2*spread-1)), never
// shorter than retryAfter, which is capped at one hour. With jitter 0.2 and
// 30 s a spread of 0 gives 24 s, of 0.5 gives 30 s and of 1 gives 36 s.
func (s Schedule) Next(done int, outcome AttemptOutcome, retryAfter time.Duration, jitter, spread float64) (DeliveryState, time.Duration) {
	switch {
	case outcome == AttemptDelivered:
		return Delivered, 0
	case outcome == AttemptRefused:
		return Refused, 0
	case done >= len(s):
		return Exhausted, 0
	}
	wait := time.Duration(float64(s[done]) * (1 + jitter*(2*spread-1)))
	return Pending, max(wait, min(retryAfter, maxRetryAfter))
}

// maxRetryAfter keeps a receiver from parking its conversation for days.
const maxRetryAfter = time.Hour
