package maia

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// Kanban is a board of the CRM. What the vendor leaves out is the zero value.
type Kanban struct {
	ID          string
	Name        string
	Slug        string
	Description string
	// Default says that records land here when no board is named.
	Default bool
	// Order is the board's place among the others.
	Order    float64
	Created  time.Time
	Updated  time.Time
	Statuses []KanbanStatus
	Fields   []KanbanField
}

// KanbanStatus is a column of a board.
type KanbanStatus struct {
	// Value is the status as records carry it, Label the one for people.
	Value string
	Label string
	Color string
}

// KanbanField is a field of a board's records.
type KanbanField struct {
	// ID is the field's name in a record's custom fields.
	ID   string
	Name string
	// Type is open: the documentation does not list the types.
	Type        string
	Description string
	Order       float64
	// System says that the vendor made the field.
	System bool
}

// KanbanFilter says which boards are listed, and how. The zero value lists
// all.
type KanbanFilter struct {
	// PageSize is how many boards one call asks for; 0 leaves it to the
	// vendor.
	PageSize int
	// Accessible lists the boards only that the user may access.
	Accessible bool
}

// Kanbans lists the boards, a call for each page of them when the one before
// is used up. An error ends the list: it comes once, with a zero Kanban. Each
// range over the list starts it anew.
//
//contract:operation listKanbans
func (c *Client) Kanbans(ctx context.Context, filter KanbanFilter) iter.Seq2[Kanban, error] {
	return func(yield func(Kanban, error) bool) {
		if filter.PageSize < 0 {
			yield(Kanban{}, invalid(opKanbans, "PageSize is negative: leave it 0 for the vendor's"))
			return
		}
		seen := map[string]bool{}
		for token := ""; ; {
			page, next, err := c.kanbanPage(ctx, filter, token, seen)
			if err != nil {
				yield(Kanban{}, err)
				return
			}
			for _, k := range page {
				if !yield(k, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			token = next
		}
	}
}

// kanbanPage fetches one page. A token that was seen before would list the same
// boards for ever.
func (c *Client) kanbanPage(ctx context.Context, filter KanbanFilter, token string, seen map[string]bool) (page []Kanban, next string, err error) {
	got, failure := c.call(ctx, opKanbans, func(ctx context.Context) (*http.Response, error) {
		return c.api.ListKanbans(ctx, &maia.ListKanbansParams{
			Limit:      wire.Optional(filter.PageSize),
			NextToken:  wire.Optional(token),
			Accessible: wire.Optional(filter.Accessible),
		})
	})
	if failure != nil {
		return nil, "", failure
	}
	page, next, err = parseKanbans(got.Body)
	if err == nil && seen[next] {
		err = fmt.Errorf("%w: nextToken leads to a page that was listed before", ErrMalformed)
	}
	if err != nil {
		return nil, "", c.malformed(opKanbans, got, err)
	}
	if next != "" {
		seen[next] = true
	}
	return page, next, nil
}

func parseKanbans(body []byte) ([]Kanban, string, error) {
	m, err := wire.ReadMembers(body)
	if err != nil {
		return nil, "", err
	}
	items, err := wire.Read[[]maia.Kanban](m, "items")
	if err != nil {
		return nil, "", err
	}
	next, err := wire.ReadOptional[string](m, "nextToken")
	if err != nil {
		return nil, "", err
	}
	kanbans := make([]Kanban, len(items))
	for i, item := range items {
		if item.ID == "" {
			return nil, "", fmt.Errorf("%w: items[%d] has no id", ErrMalformed, i)
		}
		kanbans[i] = kanban(item)
	}
	return kanbans, next, nil
}

func kanban(item maia.Kanban) Kanban {
	k := Kanban{
		ID:          item.ID,
		Name:        item.Name,
		Slug:        value(item.Slug),
		Description: value(item.Description),
		Default:     value(item.IsDefault),
		Order:       value(item.Order),
		Created:     millis(item.CreatedAt),
		Updated:     millis(item.UpdatedAt),
	}
	for _, s := range item.Statuses {
		k.Statuses = append(k.Statuses, KanbanStatus{Value: s.Value, Label: value(s.Label), Color: value(s.Color)})
	}
	for _, f := range item.Fields {
		k.Fields = append(k.Fields, KanbanField{
			ID: f.ID, Name: value(f.Name), Type: value(f.Type), Description: value(f.Description),
			Order: value(f.Order), System: value(f.IsSystem),
		})
	}
	return k
}

// value is what p points at, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// millis is a time in epoch milliseconds, or the zero time.
func millis(p *int64) time.Time {
	if p == nil {
		return time.Time{}
	}
	return time.UnixMilli(*p).UTC()
}
