package server

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
)

// findable is the target under which the contracts know a request. A wildcard
// route of the engine takes what the contract has as one path parameter, so
// slashes in it are escaped for the contracts where the target as it stands
// matches nothing. The request itself is left as it is.
func findable(c *gin.Context, set contract.Set, raw, base string) string {
	prefix, _, ok := strings.Cut(c.FullPath(), "/*")
	if !ok {
		return raw
	}
	if _, m := set.Match(c.Request.Method, raw); m.Operation != nil && m.Rule == "" {
		return raw
	}
	path, query, hasQuery := strings.Cut(raw, "?")
	// The route's segments before the wildcard, without those of the base.
	start := 0
	for range strings.Count(prefix, "/") - strings.Count(base, "/") + 1 {
		i := strings.IndexByte(path[start:], '/')
		if i < 0 {
			return raw
		}
		start += i + 1
	}
	escaped := path[:start] + strings.ReplaceAll(path[start:], "/", "%2F")
	if hasQuery {
		escaped += "?" + query
	}
	if _, m := set.Match(c.Request.Method, escaped); m.Operation == nil || m.Rule != "" {
		return raw
	}
	return escaped
}

// contractTarget is the target of a request without the base path, as the
// contracts know it; ok is false for one that lies outside of it.
func contractTarget(c *gin.Context, set contract.Set, base string) (raw string, ok bool) {
	if raw, ok = target(c.Request, base); !ok {
		return "", false
	}
	return findable(c, set, raw, base), true
}

// target is the raw request target without the base path; ok is false for one
// that lies outside of it.
func target(r *http.Request, base string) (raw string, ok bool) {
	raw = r.RequestURI
	if !strings.HasPrefix(raw, "/") { // Absolute form, or a request made by hand.
		raw = r.URL.RequestURI()
	}
	rest, ok := strings.CutPrefix(raw, base)
	return rest, ok && strings.HasPrefix(rest, "/")
}
