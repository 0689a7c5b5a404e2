package domain

import "time"

// SalesAI is an AI of MAAX that sells one product, as an account has set it up.
type SalesAI struct {
	AccountID int64
	// ID is what messages name in ai_id; it is unique within the account.
	ID      int64
	Name    string
	Product string
	// Goal is what a conversation is to lead to, such as a booked call.
	Goal string
	// FollowUpDelay is the silence after which its prospects are followed up.
	// Nil means the server's, 0 never.
	FollowUpDelay *time.Duration
	CreatedAt     time.Time
	UpdatedAt     time.Time
}
