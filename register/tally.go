package register

import (
	"fmt"
	"strings"
)

// Key names a reading of an entry; its text form is A-33=b.
type Key struct{ Entry, Reading string }

// ParseKey reads the text form of a key. Whether there is such a reading is
// not looked at.
func ParseKey(text string) (Key, error) {
	entry, reading, ok := strings.Cut(text, "=")
	if !ok || !entryID.MatchString(entry) || !readingID.MatchString(reading) {
		return Key{}, fmt.Errorf("reading %q: write it as A-33=b", text)
	}
	return Key{Entry: entry, Reading: reading}, nil
}

// String is the text form.
func (k Key) String() string { return k.Entry + "=" + k.Reading }

// MarshalText is the text form, so that a Tally is a JSON object.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the text form.
func (k *Key) UnmarshalText(text []byte) error {
	parsed, err := ParseKey(string(text))
	if err != nil {
		return err
	}
	*k = parsed
	return nil
}

// Count counts votes on one reading. Their sum is how often it was asked about.
type Count struct {
	Supports   int64 `json:"supports"`
	Refutes    int64 `json:"refutes"`
	CannotTell int64 `json:"cannot_tell"`
	// Trouble counts those of CannotTell where the probe is to blame.
	Trouble int64 `json:"trouble,omitempty"`
}

// Tally counts votes by reading. It is not safe for concurrent use; tallies
// merge, so that several can be kept.
type Tally map[Key]Count

// Add counts votes.
func (t Tally) Add(votes []Vote) {
	for _, v := range votes {
		c := t[v.Key()]
		switch v.Outcome {
		case OutcomeSupports:
			c.Supports++
		case OutcomeRefutes:
			c.Refutes++
		default:
			c.CannotTell++
			if v.Trouble != "" {
				c.Trouble++
			}
		}
		t[v.Key()] = c
	}
}

// Merge adds what another tally counted.
func (t Tally) Merge(other Tally) {
	for key, more := range other {
		c := t[key]
		c.Supports += more.Supports
		c.Refutes += more.Refutes
		c.CannotTell += more.CannotTell
		c.Trouble += more.Trouble
		t[key] = c
	}
}
