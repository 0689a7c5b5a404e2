package domain

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"time"
)

// Kanban is a board that records live on.
type Kanban struct {
	ID          string `json:"id" yaml:"id"`
	Name        string `json:"name" yaml:"name"`
	Slug        string `json:"slug" yaml:"slug"`
	Description string `json:"description" yaml:"description"`
	// IsDefault boards take the sessions that no rule leads to another.
	IsDefault bool      `json:"isDefault,omitempty" yaml:"isDefault,omitempty"`
	Order     int       `json:"order" yaml:"order"`
	CreatedAt time.Time `json:"createdAt" yaml:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt" yaml:"updatedAt"`
	// Statuses are the columns; a new record is in the first.
	Statuses []KanbanStatus `json:"statuses" yaml:"statuses"`
	Fields   []KanbanField  `json:"fields" yaml:"fields"`
}

// KanbanStatus is a column of a board.
type KanbanStatus struct {
	Value string `json:"value" yaml:"value"`
	Label string `json:"label" yaml:"label"`
	Color string `json:"color" yaml:"color"`
}

// KanbanField is a field of a board's records.
type KanbanField struct {
	ID          string `json:"id" yaml:"id"`
	Name        string `json:"name" yaml:"name"`
	Type        string `json:"type" yaml:"type"`
	Description string `json:"description" yaml:"description"`
	Order       int    `json:"order" yaml:"order"`
	IsSystem    bool   `json:"isSystem,omitempty" yaml:"isSystem,omitempty"`
}

// FirstStatus is the column of a new record, empty on a board without columns.
func (k Kanban) FirstStatus() string {
	if len(k.Statuses) == 0 {
		return ""
	}
	return k.Statuses[0].Value
}

// Field returns the field of that id.
func (k Kanban) Field(id string) (KanbanField, bool) {
	i := slices.IndexFunc(k.Fields, func(f KanbanField) bool { return f.ID == id })
	if i < 0 {
		return KanbanField{}, false
	}
	return k.Fields[i], true
}

// DefaultPageSize is how many boards or templates a page has that says nothing.
const DefaultPageSize = 50

// PageOfKanbans returns the boards in their order from the one that token leads
// to, at most limit (0 means DefaultPageSize), and the token of the next page,
// empty on the last.
func PageOfKanbans(kanbans []Kanban, limit int, token string) (page []Kanban, next string, err error) {
	sorted := slices.SortedStableFunc(slices.Values(kanbans), func(a, b Kanban) int { return cmp.Compare(a.Order, b.Order) })
	start, err := readPageToken(token)
	if err != nil || start > len(sorted) {
		return nil, "", invalid("nextToken is not one that a page before has returned")
	}
	if limit == 0 {
		limit = DefaultPageSize
	}
	if end := start + min(limit, len(sorted)-start); end < len(sorted) {
		return sorted[start:end], pageToken(end), nil
	}
	return sorted[start:], "", nil
}

func pageToken(start int) string {
	return base64.RawURLEncoding.EncodeToString(strconv.AppendInt(nil, int64(start), 10))
}

func readPageToken(token string) (int, error) {
	if token == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, err
	}
	start, err := strconv.ParseUint(string(raw), 10, 31)
	return int(start), err
}
