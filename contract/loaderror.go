package contract

import "strings"

// LoadError says why a document could not be loaded.
type LoadError struct {
	// Position is the place of the fault; its line is 0 when it is not known.
	Position Position
	// Problem says what is wrong there.
	Problem string
	// Remedy says what to do about it; empty when there is nothing to add.
	Remedy string
	// Err is the cause, if there is one.
	Err error
}

// Error is position, problem, cause and remedy on one line.
func (e *LoadError) Error() string {
	var b strings.Builder
	b.WriteString("load ")
	b.WriteString(e.Position.String())
	b.WriteString(": ")
	b.WriteString(e.Problem)
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	if e.Remedy != "" {
		b.WriteString("; ")
		b.WriteString(e.Remedy)
	}
	return b.String()
}

// Unwrap is the cause.
func (e *LoadError) Unwrap() error { return e.Err }
