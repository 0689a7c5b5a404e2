// Package pattern matches strings against ECMA-262 regular expressions, the
// dialect of the pattern keyword.
//
// A pattern is read as ECMA-262 reads it in Unicode mode, with the leniency of
// its annex B where documents rely on it, and then runs on the first engine
// that can express it: a table (one look-up a character), Go's regexp, or, for
// lookaround, back-references and very long repetitions, a backtracking engine
// with a time limit. What none can express is an error of Compile.
package pattern

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"time"

	"github.com/dlclark/regexp2"
)

// maxLength bounds the patterns that are compiled, in bytes.
const maxLength = 16 << 10

// ErrTime is the answer of Match when the backtracking engine ran out of time.
var ErrTime = errors.New("pattern took too long")

// Pattern is a compiled regular expression. It is safe for concurrent use.
type Pattern struct {
	table     *table
	linear    *regexp.Regexp
	backtrack *regexp2.Regexp
}

// Compile reads an expression. limit bounds one match of the backtracking
// engine; the other engines need no limit, since their time is proportional to
// the text.
func Compile(expression string, limit time.Duration) (*Pattern, error) {
	if len(expression) > maxLength {
		return nil, fmt.Errorf("pattern of %d bytes, at most %d are compiled", len(expression), maxLength)
	}
	t, err := translate(expression)
	if err != nil {
		return nil, err
	}
	if t.backtrack {
		re, err := regexp2.Compile(t.net, regexp2.ECMAScript|regexp2.Unicode)
		if err != nil {
			return nil, fmt.Errorf("pattern for the backtracking engine: %w", err)
		}
		re.MatchTimeout = limit
		return &Pattern{backtrack: re}, nil
	}
	parsed, err := syntax.Parse(t.linear, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	if tab := newTable(prog); tab != nil {
		return &Pattern{table: tab}, nil
	}
	re, err := regexp.Compile(t.linear)
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	return &Pattern{linear: re}, nil
}

// Match reports whether the pattern occurs in text, which is UTF-8. The error
// is ErrTime, and only from patterns for which Linear is false.
func (p *Pattern) Match(text []byte) (bool, error) {
	switch {
	case p.table != nil:
		return p.table.match(text), nil
	case p.linear != nil:
		return p.linear.Match(text), nil
	}
	ok, err := p.backtrack.MatchString(string(text))
	if err != nil {
		return false, ErrTime
	}
	return ok, nil
}

// Linear reports whether a match takes time proportional to the text and
// allocates nothing.
func (p *Pattern) Linear() bool { return p.backtrack == nil }

// Valid reports whether text is an ECMA-262 regular expression.
func Valid(text []byte) bool {
	if len(text) > maxLength {
		return false
	}
	t, err := translate(string(text))
	if err != nil {
		return false
	}
	if t.backtrack {
		_, err = regexp2.Compile(t.net, regexp2.ECMAScript|regexp2.Unicode)
	} else {
		_, err = syntax.Parse(t.linear, syntax.Perl)
	}
	return err == nil
}
