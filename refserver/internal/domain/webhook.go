package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// Webhook is a subscription to events of the account.
type Webhook struct {
	ID   string `json:"id" yaml:"id"`
	Name string `json:"name" yaml:"name"`
	URL  string `json:"url" yaml:"url"`
	// Secret signs the events. Empty means one that is made.
	Secret string `json:"secret,omitempty" yaml:"secret,omitempty"`
	// EventTypes are the events that are wanted; none means none.
	EventTypes []SessionEventKind `json:"eventTypes" yaml:"eventTypes"`
	// KanbanFilter keeps events on other boards back. An event without a board
	// passes. Empty for no filter.
	KanbanFilter []string `json:"kanbanFilter,omitempty" yaml:"kanbanFilter,omitempty"`
	// FieldFilter keeps updates of other fields back, by id. Empty for no
	// filter.
	FieldFilter []string `json:"fieldFilter,omitempty" yaml:"fieldFilter,omitempty"`
}

// Wants reports whether the subscription is to be told of an event. The board
// is empty for an event without one, the field for all but updates.
func (w Webhook) Wants(kind SessionEventKind, kanbanID, fieldID string) bool {
	passes := func(filter []string, value string) bool {
		return value == "" || len(filter) == 0 || slices.Contains(filter, value)
	}
	return slices.Contains(w.EventTypes, kind) && passes(w.KanbanFilter, kanbanID) && passes(w.FieldFilter, fieldID)
}

// ChainMessages holds the webhooks about a session's messages.
const ChainMessages Chain = "messages"

// Chain holds the subscription's deliveries: one that is down must not hold up
// the others.
func (w Webhook) Chain() Chain { return Chain("webhook:" + w.ID) }

// Sign is the signature of a webhook's body: HMAC-SHA256 in hexadecimal.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// NewSecret reads a new webhook secret, 256 bits, from random.
func NewSecret(random io.Reader) (string, error) {
	raw := make([]byte, keyBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("read randomness for a webhook secret: %w", err)
	}
	return "whsec_" + hex.EncodeToString(raw), nil
}

// WebhookSchedule is that of MAIA's webhooks: three repetitions, after 1 s, 2 s
// and 4 s.
func WebhookSchedule() Schedule {
	return Schedule{0, time.Second, 2 * time.Second, 4 * time.Second}
}

// WebhookOutcome is what an attempt means under MAIA's rule: time-outs, 429 and
// 5xx are tried again, other statuses but 2xx are not. Status 0 is no response.
func WebhookOutcome(status int, outcome AttemptOutcome) AttemptOutcome {
	final := status >= 300 && status < 500 && status != http.StatusTooManyRequests
	if outcome == AttemptRetry && final {
		return AttemptRefused
	}
	return outcome
}
