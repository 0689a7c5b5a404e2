package domain

import (
	"slices"
	"strings"
)

// Template is a text that a channel may begin a conversation with.
type Template struct {
	ChannelID string `json:"channelId" yaml:"channelId"`
	Name      string `json:"name" yaml:"name"`
	Language  string `json:"language" yaml:"language"`
	Category  string `json:"category" yaml:"category"`
	Status    string `json:"status" yaml:"status"`
	Text      string `json:"text" yaml:"text"`
}

// approved is the status of the templates that a search without one finds.
const approved = "APPROVED"

// maxPageSize keeps Page times PageSize far from an overflow.
const maxPageSize = 10_000

// ErrPageNumber answers a page that cannot be.
var ErrPageNumber = invalid("page and pageSize are numbers from 1 to 10000")

// TemplateQuery asks for templates.
type TemplateQuery struct {
	// Words must all be in the name or the text, in any case; empty for all
	// templates.
	Words string
	// Status is "APPROVED" when empty.
	Status string
	// Page counts from 1; 0 means 1. PageSize 0 means DefaultPageSize.
	Page     int
	PageSize int
}

// FoundTemplates is one page of the templates that a query finds.
type FoundTemplates struct {
	Templates []Template
	Page      int
	PageSize  int
	// Total counts all pages.
	Total int
}

// Search returns a page of the templates of a channel that fit, in their order.
func (q TemplateQuery) Search(templates []Template, channelID string) (FoundTemplates, error) {
	if q.Page < 0 || q.Page > maxPageSize || q.PageSize < 0 || q.PageSize > maxPageSize {
		return FoundTemplates{}, ErrPageNumber
	}
	found := FoundTemplates{Page: max(q.Page, 1), PageSize: q.PageSize}
	if found.PageSize == 0 {
		found.PageSize = DefaultPageSize
	}
	status := q.Status
	if status == "" {
		status = approved
	}
	words := strings.Fields(strings.ToLower(q.Words))
	for _, t := range templates {
		if t.ChannelID != channelID || !strings.EqualFold(t.Status, status) || !t.has(words) {
			continue
		}
		if first := (found.Page - 1) * found.PageSize; found.Total >= first && found.Total < first+found.PageSize {
			found.Templates = append(found.Templates, t)
		}
		found.Total++
	}
	return found, nil
}

func (t Template) has(words []string) bool {
	text := strings.ToLower(t.Name + "\n" + t.Text)
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}
