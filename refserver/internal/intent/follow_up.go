package intent

import (
	"regexp"
	"strings"
	"time"
)

// Wish is what a message says about being written to later.
type Wish int

// The wishes.
const (
	// Silent says nothing about it.
	Silent Wish = iota
	// Wanted asks for a follow-up.
	Wanted
	// Unwanted asks for none.
	Unwanted
)

// FollowUp is what a message says about a follow-up.
type FollowUp struct {
	Wish Wish
	// At is the time that was asked for, zero for none; after the message and
	// at most MaxAhead.
	At time.Time
	// Only is set when the message says nothing else, but for a greeting or
	// thanks.
	Only bool
}

// courtesyWords is how long a sentence may be beside a wish that is taken for a
// greeting or thanks.
const courtesyWords = 3

// MaxAhead is how far ahead a requested time may be. A message that names a
// later one asks for nothing that can be done.
const MaxAhead = 2 * 366 * 24 * time.Hour

var (
	// askPattern needs a time beside it: "call me" alone may ask for anything.
	askPattern = regexp.MustCompile(`(?i)\b(?:(?:message|text|write(?: to)?|call|phone|ring|contact|ping|e-?mail|mail|notify|nudge|whatsapp|tell|ask) (?:me|us)|(?:let'?s|can we|could we|shall we|we can|we could) (?:talk|speak|chat|continue)|try (?:me|us))\b`)
	// laterPattern asks for a follow-up by itself.
	laterPattern = regexp.MustCompile(`(?i)\b(?:remind (?:me|us)|follow(?:ing)? up(?: with (?:me|us))?|(?:get|come|write|report) back to (?:me|us)|check (?:back|in)(?: with (?:me|us))?|reach out(?: to (?:me|us))?|(?:message|text|write(?: to)?|contact|ping|e-?mail|ask|try|call|phone) (?:me|us) (?:again|later|another time|some other time|back later))\b`)
	// refusePattern asks for silence.
	refusePattern = regexp.MustCompile(`(?i)\b(?:do not|don'?t|dont|never|stop|no need to|needn'?t|please not|quit)\s+(?:ever |please |you |keep |to )*(?:remind(?:ing)?|message|messaging|text(?:ing)?|writ(?:e|ing)(?: to)?|call(?:ing)?|phon(?:e|ing)|contact(?:ing)?|ping(?:ing)?|e-?mail(?:ing)?|follow(?:ing)? up|get(?:ting)? back|check(?:ing)? (?:back|in)|reach(?:ing)? out|bother(?:ing)?)\b(?: (?:to|with))?(?: (?:me|us))?`)
	// invitation looks like a refusal and is none.
	invitation = regexp.MustCompile(`(?i)\b(?:do not|don'?t|dont|never)\s+(?:forget|hesitate|fail)\s+to\b`)
	// told stands before what somebody did or did not do, and before what the
	// prospect will do.
	told = regexp.MustCompile(`(?i)\b(?:did(?:n'?t| not)?|have(?:n'?t)?|has(?:n'?t)?|had|why|who|nobody|i(?:'ll| will| can| could| would)|we(?:'ll| will))\b[^.!?\n]{0,30}$`)
)

// Reader reads wishes for follow-ups. Make it with NewReader; it may be used
// concurrently.
type Reader struct {
	clock    *timeParser
	location *time.Location
}

// NewReader reads times such as "tomorrow at 5" as those of the location; nil
// means UTC.
func NewReader(location *time.Location) *Reader {
	if location == nil {
		location = time.UTC
	}
	return &Reader{clock: newTimeParser(), location: location}
}

// FollowUp reads what a message that was sent at that time says about a
// follow-up. The last word counts: "Call me tomorrow. No, don't call me."
func (r *Reader) FollowUp(text string, sent time.Time) FollowUp {
	text = invitation.ReplaceAllString(plain(beginning(text)), " please ")
	sent = sent.In(r.location)
	result, only := FollowUp{}, true
	for _, sentence := range sentences(text) {
		if found := r.sentence(sentence, sent); found.Wish != Silent {
			result = found
		} else if strings.HasSuffix(sentence, "?") || len(strings.Fields(sentence)) > courtesyWords {
			only = false
		}
	}
	result.Only = only && result.Wish != Silent
	return result
}

func (r *Reader) sentence(sentence string, sent time.Time) FollowUp {
	if refusePattern.MatchString(sentence) {
		return FollowUp{Wish: Unwanted}
	}
	at := laterPattern.FindStringIndex(sentence)
	enough := at != nil
	if at == nil {
		at = askPattern.FindStringIndex(sentence)
	}
	if at == nil || told.MatchString(before(sentence, at[0])) {
		return FollowUp{}
	}
	// The time usually follows: "message me tomorrow about the course".
	for _, part := range []string{sentence[at[1]:], sentence[:at[0]]} {
		if due, ok := r.clock.parse(part, sent); ok {
			if !due.After(sent) || due.Sub(sent) > MaxAhead {
				return FollowUp{}
			}
			return FollowUp{Wish: Wanted, At: due}
		}
	}
	if enough {
		return FollowUp{Wish: Wanted}
	}
	return FollowUp{}
}

// beginning is what is read of a message. A wish behind it is not seen.
func beginning(text string) string {
	if len(text) > maxReadBytes {
		text = text[:maxReadBytes]
	}
	return strings.ToValidUTF8(text, "")
}

// before is the text before a place, as far as the patterns look back.
func before(text string, at int) string { return text[max(at-lookBackBytes, 0):at] }

// What is read of a message keeps the work on one small, whatever is sent.
const (
	maxReadBytes  = 16 << 10
	lookBackBytes = 64
)

// plain is text with plain apostrophes and spaces.
func plain(text string) string {
	return strings.NewReplacer("’", "'", "\u00a0", " ", "\r", "").Replace(text)
}

// sentences splits text behind full stops that no hour and no number ends in.
func sentences(text string) []string {
	var out []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '!', '?', '\n', ';':
		case '.':
			if i+1 < len(text) && text[i+1] != ' ' && text[i+1] != '\n' || meridiem(text[start:i]) {
				continue
			}
		default:
			continue
		}
		out = append(out, text[start:i+1])
		start = i + 1
	}
	return append(out, text[start:])
}

// meridiem says whether text ends in "a.m" or "p.m".
func meridiem(text string) bool {
	text = strings.ToLower(text[max(len(text)-3, 0):])
	return strings.HasSuffix(text, "a.m") || strings.HasSuffix(text, "p.m")
}
