package proxy

import (
	"errors"
	"net/url"
	"strings"
)

// errTarget is a request target that net/http cannot send unchanged.
var errTarget = errors.New("request target cannot be passed on unchanged")

// destination is where requests are sent.
type destination struct {
	scheme, host string
	// base is put in front of every target's path.
	base string
	// exact, when not empty, is sent as target in place of the request's own.
	exact string
	// preserveHost keeps the client's Host header.
	preserveHost bool
	// none answers requests here, with 200.
	none bool
}

// newDestination is the destination at a URL that passed checkUpstream.
func newDestination(u *url.URL, preserveHost bool) destination {
	return destination{
		scheme: u.Scheme, host: u.Host,
		base:         strings.TrimSuffix(u.EscapedPath(), "/"),
		preserveHost: preserveHost,
	}
}

// exactDestination sends every request to u itself, with the path and query
// behind it that the caller added to its own URL.
func exactDestination(u *url.URL, path, query string) destination {
	d := destination{scheme: u.Scheme, host: u.Host, exact: u.EscapedPath() + path}
	if !strings.HasPrefix(d.exact, "/") {
		d.exact = "/" + d.exact
	}
	separator := "?"
	for _, q := range []string{u.RawQuery, query} {
		if q != "" {
			d.exact += separator + q
			separator = "&"
		}
	}
	return d
}

// target is the request target to send for one in origin form.
func (d destination) target(target string) string {
	switch {
	case d.exact != "":
		return d.exact
	case target == "*" || d.base == "":
		return target
	}
	return d.base + target
}

// url is the address of a request target that is to be sent. The path stands
// in Opaque, because net/url would write some paths anew. The error is
// errTarget; the address then still names the host.
func (d destination) url(target string) (*url.URL, error) {
	path, query, hasQuery := strings.Cut(target, "?")
	u := &url.URL{Scheme: d.scheme, Host: d.host, Opaque: path, RawQuery: query, ForceQuery: hasQuery}
	if strings.HasPrefix(path, "//") {
		// Opaque would be taken for an authority here.
		plain, err := url.PathUnescape(path)
		if err != nil {
			return u, errTarget
		}
		u.Opaque, u.Path, u.RawPath = "", plain, path
		if u.EscapedPath() != path {
			return u, errTarget
		}
	}
	return u, nil
}

// originForm is the request target as path and query: clients of forward
// proxies put scheme and host in front.
func originForm(target string) string {
	if target == "" || target[0] == '/' {
		return target
	}
	_, rest, found := strings.Cut(target, "://")
	if !found {
		return target
	}
	i := strings.IndexAny(rest, "/?")
	switch {
	case i < 0:
		return "/"
	case rest[i] == '?':
		return "/" + rest[i:]
	}
	return rest[i:]
}
