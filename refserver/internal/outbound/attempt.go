package outbound

import (
	"net/http"
	"time"
)

// Request is what one attempt sends with POST.
type Request struct {
	// URL of the receiver: http or https, without user information.
	URL string
	// Header is sent as it is. Content-Type is application/json and User-Agent
	// the configured one unless given; Host and the framing fields cannot be
	// set.
	Header http.Header
	Body   []byte
}

// Outcome says what an attempt means for its delivery.
type Outcome string

// The outcomes.
const (
	// OutcomeDelivered: the receiver answered 2xx.
	OutcomeDelivered Outcome = "delivered"
	// OutcomeRetry: try again later; the attempt counts.
	OutcomeRetry Outcome = "retry"
	// OutcomeRefused: trying again is of no use.
	OutcomeRefused Outcome = "refused"
	// OutcomeDeferred: nothing was sent because the destination's circuit is
	// open or enough attempts are running; come back after RetryAfter without
	// counting the attempt. Only with Config.PerDestination.
	OutcomeDeferred Outcome = "deferred"
)

// Attempt is the result of one HTTP try.
type Attempt struct {
	Outcome Outcome
	// Status of the response, 0 when there was none.
	Status int
	// Duration from the call to its end.
	Duration time.Duration
	// RetryAfter is what the receiver asked for, capped, or for a deferred
	// attempt when to come back; 0 when nothing is known.
	RetryAfter time.Duration
	// Reason says why the attempt did not deliver, in words made here: never
	// the URL, an address, a header or anything the receiver wrote. Empty when
	// delivered.
	Reason string
	// BodyCut says that the response's body was not read to its end, because
	// of its size or the time-out. It does not change the outcome: the status
	// was complete.
	BodyCut bool
}
