package domain

import (
	"html"
	"strings"
)

// Inquiry is what a generator is asked: one message and where it came from.
type Inquiry struct {
	AccountID      int64
	ConversationID int64
	MessageID      int64
	// AIID is the Sales AI named in the request, nil for customer support.
	AIID        *int64
	ServiceType ServiceType
	Platform    string
	Text        string
	// SessionID and AgentID are set for a message of MAIA, whose
	// ConversationID is 0 and whose Platform is the type of its channel.
	SessionID string
	AgentID   string
}

// Answer is what a generator found.
type Answer struct {
	// Text is plain text with blank lines between paragraphs. Empty means that
	// the generator does not know: the prospect is told that a colleague will
	// answer, and an emergency notification is raised.
	Text string
	// Confidence is between 0 and 1.
	Confidence float64
	// Source names the passage or model that the answer came from.
	Source string
}

// Known reports whether there is an answer at all.
func (a Answer) Known() bool { return strings.TrimSpace(a.Text) != "" }

// HandOver is what a prospect is told when there is no confident answer.
const HandOver = "Thank you for your question. A colleague will come back to you about it."

// FollowUpText is what a silent prospect is sent.
const FollowUpText = "Did that answer your question? We are happy to help with anything else."

// Format is how an answer is rendered.
type Format string

// The formats.
const (
	Plain Format = "plain"
	HTML  Format = "html"
)

// DefaultFormat is the format of a message that names none: the versions
// differ, V1 takes plain text and V2 HTML.
func DefaultFormat(version Version) Format {
	if version == V2 {
		return HTML
	}
	return Plain
}

// Render returns text in format f. HTML escapes everything, wraps each
// paragraph in <p> and keeps line breaks within one as <br>.
func (f Format) Render(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if f != HTML {
		return text
	}
	var b strings.Builder
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		paragraph = strings.TrimSpace(paragraph)
		if paragraph == "" {
			continue
		}
		b.WriteString("<p>")
		b.WriteString(strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>"))
		b.WriteString("</p>")
	}
	return b.String()
}
