package contract

import (
	"strings"

	"github.com/parley-contracts/parley/contract/internal/route"
)

// Match is the outcome of looking for the operation of a call.
type Match struct {
	// Operation is nil when none matched.
	Operation *Operation
	// Params are the path parameters, undecoded.
	Params []Param
	// Rule is empty for a clean match, RulePathTrailingSlash when only the
	// trailing slash differs (Operation is set), RulePathUnknown,
	// RuleMethodUnknown or RuleTargetInvalid when none matched.
	Rule Rule
	// Allowed are the methods the path has, with RuleMethodUnknown.
	Allowed []string
}

// Match finds the operation of a method and a raw request target. Hosts and
// the document's servers are ignored. Literal segments beat templates. Its cost
// does not grow with the number of operations.
func (c *Contract) Match(method, target string) Match {
	path, _, ok := splitTarget(target)
	if !ok {
		return Match{Rule: RuleTargetInvalid}
	}
	var spans route.Spans
	hit := c.routes.Find(method, path, &spans)
	switch hit.Kind {
	case route.Found, route.Slash:
		m := Match{Operation: c.operations[hit.Index]}
		if hit.Kind == route.Slash {
			m.Rule = RulePathTrailingSlash
		}
		if n := len(hit.Names); n > 0 {
			m.Params = make([]Param, n)
			for i, s := range spans.All() {
				m.Params[i] = Param{Name: hit.Names[i], Value: path[s.Start:s.End]}
			}
		}
		return m
	case route.Method:
		return Match{Rule: RuleMethodUnknown, Allowed: append([]string(nil), hit.Allowed...)}
	default:
		return Match{Rule: RulePathUnknown}
	}
}

// splitTarget takes a request target apart into path and query. It accepts the
// origin form and the absolute form; ok is false for anything else, and for
// bytes that no target may hold.
func splitTarget(target string) (path, query string, ok bool) {
	for i := range len(target) {
		if c := target[i]; c <= ' ' || c == 0x7f || c == '#' {
			return "", "", false
		}
	}
	if !strings.HasPrefix(target, "/") {
		target, ok = cutAuthority(target)
		if !ok {
			return "", "", false
		}
	}
	path, query, _ = strings.Cut(target, "?")
	return path, query, goodEscapes(path)
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
