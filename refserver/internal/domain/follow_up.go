package domain

import "time"

// EmergencyReason says why a human is needed.
type EmergencyReason string

// The reasons.
const (
	// NoConfidentAnswer is a question that the generator has no answer to.
	NoConfidentAnswer EmergencyReason = "no confident answer"
	// HumanRequested is a prospect who asked for a person.
	HumanRequested EmergencyReason = "a human was asked for"
)

// The texts of answers that no generator writes, beside HandOver.
const (
	// HumanHandOver answers a prospect who asks for a person.
	HumanHandOver = "Of course. A colleague will get in touch with you."
	// FollowUpRefused answers a prospect who asks not to be written to.
	FollowUpRefused = "All right, we will not follow up on this."
	// RequestedFollowUpText is what a prospect is sent who asked for a
	// follow-up.
	RequestedFollowUpText = "You asked us to write to you again. How can we help?"
)

// FollowUpPromise answers a prospect who asks for a follow-up at that time,
// which is told in its location.
func FollowUpPromise(at time.Time) string {
	return "We will write to you again on " + at.Format("Monday, 2 January 2006, at 15:04 (MST).")
}

// UnspecifiedFollowUpDelay is when a prospect is followed up who asked for it
// without a time, counted from the message.
const UnspecifiedFollowUpDelay = 24 * time.Hour
