package domain

import "time"

// KnowledgeEntry is one passage of an account's knowledge base.
type KnowledgeEntry struct {
	ID        int64
	AccountID int64
	// AIID keeps the entry to the answers of one Sales AI; nil for all.
	AIID  *int64
	Title string
	Text  string
	// Source names the upload that the entry came with; empty for an entry
	// made on its own.
	Source    string
	CreatedAt time.Time
	UpdatedAt time.Time
}
