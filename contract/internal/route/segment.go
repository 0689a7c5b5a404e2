package route

import (
	"fmt"
	"strings"
)

// segment is one path segment of a template that holds parameters: literal,
// parameter, literal, parameter, ..., literal. The first and the last literal
// may be empty, those between two parameters are not.
type segment struct {
	literals []string
	names    []string
}

// key is the segment with the parameters' names left out, so that "{a}" and
// "{b}" are the same segment.
func (s *segment) key() string { return strings.Join(s.literals, "{}") }

// fixed is the number of literal bytes: the more, the more specific.
func (s *segment) fixed() int {
	n := 0
	for _, l := range s.literals {
		n += len(l)
	}
	return n
}

// parseSegment reads one segment of a template. It returns nil for a segment
// without parameters.
func parseSegment(text string) (*segment, error) {
	if !strings.ContainsAny(text, "{}") {
		return nil, nil
	}
	s := &segment{}
	rest := text
	for {
		literal, after, found := strings.Cut(rest, "{")
		if strings.Contains(literal, "}") {
			return nil, fmt.Errorf("segment %q closes a brace it did not open", text)
		}
		if len(s.names) > 0 && found && literal == "" {
			return nil, fmt.Errorf("segment %q has two parameters with nothing between them", text)
		}
		s.literals = append(s.literals, literal)
		if !found {
			return s, nil
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed || name == "" || strings.Contains(name, "{") {
			return nil, fmt.Errorf("segment %q has a parameter without a name or a closing brace", text)
		}
		s.names = append(s.names, name)
		rest = tail
	}
}

// match reports whether text fits and appends the parameters' spans, offset by
// base, to spans. No parameter is empty. A parameter takes as much as it can,
// so that "{name}.{ext}" splits at the last dot.
func (s *segment) match(text string, base int, spans *Spans) bool {
	first, last := s.literals[0], s.literals[len(s.literals)-1]
	if len(text) < len(first)+len(last)+len(s.names) ||
		text[:len(first)] != first || text[len(text)-len(last):] != last {
		return false
	}
	if spans.n+len(s.names) > MaxParams {
		return false
	}
	// From the right: each inner literal at its last place that leaves every
	// parameter a byte. Taking the last place never spoils a match further left.
	low, end := len(first), len(text)-len(last)
	for i := len(s.names) - 1; i > 0; i-- {
		literal := s.literals[i]
		window := text[low : end-1]
		at := strings.LastIndex(window, literal)
		if at < 1 {
			return false
		}
		spans.at[spans.n+i] = Span{Start: base + low + at + len(literal), End: base + end}
		end = low + at
	}
	spans.at[spans.n] = Span{Start: base + low, End: base + end}
	spans.n += len(s.names)
	return true
}
