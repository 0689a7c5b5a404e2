package wire

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of what is kept of a response.
const (
	MaxExcerptBytes = 512
	MaxMessageBytes = 200
)

// VendorMessage returns the short description of an error body: the first of
// the named members that holds a text.
func VendorMessage(body []byte, names []string) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return ""
	}
	for _, name := range names {
		var text string
		if raw, ok := members[name]; ok && json.Unmarshal(raw, &text) == nil && text != "" {
			return text
		}
	}
	return ""
}

// Printable makes text that others wrote fit for a terminal or a log: one
// line, without control characters and the secret, at most limit bytes.
func Printable(text, secret string, limit int) string {
	if secret != "" {
		// The secret goes first: a cut or a replaced character could hide part
		// of it from the search.
		text = strings.ReplaceAll(text, secret, "[redacted]")
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case !unicode.IsPrint(r):
			r = utf8.RuneError
		}
		if b.Len()+utf8.RuneLen(r) > limit {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
