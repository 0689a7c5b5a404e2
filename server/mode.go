package server

import "fmt"

// Mode says what happens to a message that breaks the contract.
type Mode string

// The modes.
const (
	// ModeEnforce refuses what an error-severity finding is about.
	ModeEnforce Mode = "enforce"
	// ModeObserve reports findings and lets everything through.
	ModeObserve Mode = "observe"
)

// check returns the mode, or fallback for the zero value.
func (m Mode) check(fallback Mode) (Mode, error) {
	switch m {
	case "":
		return fallback, nil
	case ModeEnforce, ModeObserve:
		return m, nil
	default:
		return "", fmt.Errorf("mode %q: unknown; use %q or %q", m, ModeEnforce, ModeObserve)
	}
}
