package contract

import (
	"strings"

	"github.com/parley-contracts/parley/contract/internal/route"
)

// Match is the outcome of looking for the operation of a call.
type Match struct {
	// Operation is nil when none matched.
	Operation *Operation
	// Params are the path parameters, views of the target.
	Params Params
	// Rule is empty for a clean match, RulePathTrailingSlash when only the
	// trailing slash differs (Operation is set), RulePathUnknown,
	// RuleMethodUnknown or RuleTargetInvalid when none matched.
	Rule Rule
	// Allowed are the methods the path has, with RuleMethodUnknown.
	Allowed []string
}

// Match finds the operation of a method and a raw request target. Hosts and
// the document's servers are ignored. Literal segments beat templates. Its cost
// does not grow with the number of operations, and it allocates nothing for a
// path with up to four parameters.
func (c *Contract) Match(method, target string) Match {
	m := c.match(method, target)
	return m.public()
}

// matched is a Match with what the checks need of it.
type matched struct {
	op      *operation
	params  Params
	query   string
	rule    Rule
	allowed []string
}

func (m *matched) public() Match {
	out := Match{Params: m.params, Rule: m.rule}
	if m.op != nil {
		out.Operation = m.op.public
	}
	if m.allowed != nil {
		out.Allowed = append([]string(nil), m.allowed...)
	}
	return out
}

// match is Match for the checks.
func (c *Contract) match(method, target string) (m matched) {
	path, query, ok := splitTarget(target)
	if !ok {
		return matched{rule: RuleTargetInvalid}
	}
	var spans route.Spans
	hit := c.routes.Find(method, path, &spans)
	switch hit.Kind {
	case route.Found, route.Slash:
		m.op, m.query = c.ops[hit.Index], query
		if hit.Kind == route.Slash {
			m.rule = RulePathTrailingSlash
		}
		if len(hit.Names) > 0 {
			m.params = newParams(path, hit.Names, &spans)
		}
		return m
	case route.Method:
		return matched{rule: RuleMethodUnknown, allowed: hit.Allowed}
	default:
		return matched{rule: RulePathUnknown}
	}
}

// splitTarget takes a request target apart into path and query. It accepts the
// origin form and the absolute form; ok is false for anything else, and for
// bytes that no target may hold.
func splitTarget(target string) (path, query string, ok bool) {
	escapes := false
	for i := range len(target) {
		switch c := target[i]; {
		case c > '%' && c != 0x7f:
		case c <= ' ' || c == 0x7f || c == '#':
			return "", "", false
		case c == '%':
			escapes = true
		}
	}
	if !strings.HasPrefix(target, "/") {
		target, ok = cutAuthority(target)
		if !ok {
			return "", "", false
		}
	}
	path, query, _ = strings.Cut(target, "?")
	return path, query, !escapes || goodEscapes(path)
}

// cutAuthority takes scheme and authority off an absolute URL.
func cutAuthority(target string) (rest string, ok bool) {
	scheme, after, ok := strings.Cut(target, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return "", false
	}
	end := strings.IndexAny(after, "/?")
	switch {
	case after == "" || end == 0:
		return "", false
	case end < 0:
		return "/", true
	case after[end] == '?':
		return "/" + after[end:], true
	}
	return after[end:], true
}

// goodEscapes reports whether every "%" is followed by two hexadecimal digits.
func goodEscapes(path string) bool {
	for i := strings.IndexByte(path, '%'); i >= 0; {
		if i+2 >= len(path) || !isHexDigit(path[i+1]) || !isHexDigit(path[i+2]) {
			return false
		}
		next := strings.IndexByte(path[i+3:], '%')
		if next < 0 {
			return true
		}
		i += 3 + next
	}
	return true
}

func isHexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
