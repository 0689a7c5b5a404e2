package contract

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxPairs is how many pairs of a query the quick answer looks at.
const maxPairs = 24

// pair is a name and its value in a query, as they were sent.
type pair struct{ name, value string }

// nextPair takes the first pair off a query. some is false where it is empty,
// as between two "&".
func nextPair(raw string) (p pair, rest string, some bool) {
	text, rest, _ := strings.Cut(raw, "&")
	p.name, p.value, _ = strings.Cut(text, "=")
	return p, rest, text != ""
}

// acceptsQuery answers for the query. Names that are not declared are fine when
// open is set.
func (c *Contract) acceptsQuery(op *operation, raw string, open bool) bool {
	if raw == "" {
		for _, p := range op.quick.inQuery {
			if p.source.Required {
				return false
			}
		}
		return true
	}
	if ok, known := c.acceptsPlainQuery(op, raw, open); known {
		return ok
	}
	return c.acceptsLists(op, raw, open)
}

// acceptsPlainQuery answers for a query in which no name comes twice and no
// parameter spreads over several names. known is false for others.
func (c *Contract) acceptsPlainQuery(op *operation, raw string, open bool) (ok, known bool) {
	if !op.quick.plainQuery {
		return false, false
	}
	seen := uint64(0)
	for raw != "" {
		var p pair
		var some bool
		if p, raw, some = nextPair(raw); !some {
			continue
		}
		i := op.quick.queryIndex(p.name)
		switch {
		case strings.IndexByte(p.value, '%') >= 0 && !goodEscapes(p.value):
			return false, true
		case i >= 0:
			declared := op.quick.inQuery[i]
			if seen&(1<<i) != 0 {
				return false, false
			}
			seen |= 1 << i
			if !declared.plain() && !declared.text.accepts(declared, p.value) {
				return false, false
			}
		case strings.ContainsAny(p.name, "%+"), !open && !op.declares(p.name) && c.config.Undeclared != SeverityOff:
			return false, true
		}
	}
	return op.quick.requiredInQuery&^seen == 0, true
}

// queryIndex is the number of the query parameter with the name, -1 for none.
func (q *quick) queryIndex(name string) int {
	for i, p := range q.inQuery {
		if p.source.Name == name {
			return i
		}
	}
	return -1
}

// acceptsLists answers for a query whose names may come several times.
func (c *Contract) acceptsLists(op *operation, raw string, open bool) bool {
	var room [maxPairs]pair
	n := 0
	for raw != "" {
		var p pair
		var some bool
		if p, raw, some = nextPair(raw); !some {
			continue
		}
		if n == maxPairs || !goodEscapes(p.value) || strings.IndexByte(p.name, '%') >= 0 || strings.IndexByte(p.name, '+') >= 0 {
			return false
		}
		if !open && !op.asksFor(p.name) && !op.declares(p.name) && c.config.Undeclared != SeverityOff {
			return false
		}
		room[n] = p
		n++
	}
	for _, p := range op.quick.inQuery {
		if !p.acceptsPairs(room[:n]) {
			return false
		}
	}
	return true
}

// acceptsPairs answers for a parameter of a query.
func (p *parameter) acceptsPairs(pairs []pair) bool {
	if p.text == nil && !p.plain() {
		return !p.source.Required && p.absent(pairs)
	}
	first, count := -1, 0
	for i := range pairs {
		if pairs[i].name == p.source.Name {
			if count++; count == 1 {
				first = i
			}
		}
	}
	switch {
	case count == 0:
		return !p.source.Required
	case p.plain():
		return count == 1
	case count == 1:
		return p.text.accepts(p, pairs[first].value)
	}
	return p.acceptsRepeated(pairs[first:])
}

// absent reports whether a parameter is surely not there, under whatever names.
func (p *parameter) absent(pairs []pair) bool {
	deep := p.source.Style == openapi3.SerializationDeepObject
	if !deep && len(p.source.Content) == 0 {
		return false
	}
	for i := range pairs {
		rest, is := strings.CutPrefix(pairs[i].name, p.source.Name)
		if is && (rest == "" || deep && rest[0] == '[') {
			return false
		}
	}
	return true
}

// acceptsRepeated answers for a parameter that is there more than once.
func (p *parameter) acceptsRepeated(pairs []pair) bool {
	var room [maxPairs]string
	texts := room[:0]
	for i := range pairs {
		if pairs[i].name == p.source.Name {
			texts = append(texts, pairs[i].value)
		}
	}
	return p.text.accepts(p, texts...)
}

// asksFor reports whether a name is that of a query parameter.
func (op *operation) asksFor(name string) bool {
	for _, p := range op.quick.inQuery {
		if p.source.Name == name {
			return true
		}
	}
	return false
}
