package proxy

import (
	"net/http"
	"net/textproto"
	"strings"
	"unsafe"
)

// isHop reports whether a header concerns one connection only and is not
// passed on (RFC 9110 section 7.6.1, and what older clients send).
func isHop(name string) bool {
	switch name {
	case "Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
		"Te", "Trailer", "Transfer-Encoding", "Upgrade":
		return true
	}
	return false
}

// hasToken reports whether a list-valued header names a token.
func hasToken(values []string, token string) bool {
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(textproto.TrimString(part), token) {
				return true
			}
		}
	}
	return false
}

// isUpgrade reports whether a header asks for, or agrees to, another protocol.
func isUpgrade(h http.Header) bool {
	return len(h["Upgrade"]) > 0 && hasToken(h["Connection"], "upgrade")
}

// passHeader copies the fields that are passed on into dst. The values are
// shared. Fields that Connection names are the connection's own.
func passHeader(dst, src http.Header) {
	connection := src["Connection"]
	for name, values := range src {
		if isHop(name) || len(connection) > 0 && hasToken(connection, name) {
			continue
		}
		dst[name] = values
	}
}

// outgoingHeader is the header sent on for a request.
func outgoingHeader(in *http.Request) http.Header {
	out := make(http.Header, len(in.Header)+1)
	passHeader(out, in.Header)
	if hasToken(in.Header["Te"], "trailers") {
		out["Te"] = []string{"trailers"}
	}
	undoPragma(out)
	agents := out["User-Agent"]
	if len(agents) != 1 || agents[0] == "" {
		// The transport writes one value that is not empty; others go by a
		// spelling that it leaves alone.
		if len(agents) > 0 {
			out["user-agent"] = agents
		}
		out["User-Agent"] = nil
	}
	return out
}

// passResponseHeader copies a response's header to the client's writer and
// keeps net/http from changing it.
func passResponseHeader(dst http.Header, res *http.Response) {
	passHeader(dst, res.Header)
	undoPragma(dst)
	suppressAdditions(dst)
	if values := dst["Content-Type"]; res.StatusCode == http.StatusNotModified && len(values) > 0 {
		// net/http deletes this field of a 304, but only by this spelling.
		delete(dst, "Content-Type")
		dst["content-type"] = values
	}
}

// noCache is the value that net/http adds as Cache-Control to messages that
// only have Pragma.
const noCache = "no-cache"

// undoPragma removes a Cache-Control that net/http made of a Pragma header. A
// value that came over the wire is a string of its own, while the added one is
// the program's constant; where the two could not be told apart, the field
// would stay.
func undoPragma(h http.Header) {
	if len(h["Pragma"]) == 0 {
		return
	}
	values := h["Cache-Control"]
	if len(values) == 1 && values[0] == noCache && unsafe.StringData(values[0]) == unsafe.StringData(noCache) { //nolint:gosec // compared, never followed
		delete(h, "Cache-Control")
	}
}

// suppressAdditions keeps net/http from adding fields that are not there.
func suppressAdditions(h http.Header) {
	if _, ok := h["Date"]; !ok {
		h["Date"] = nil
	}
	if _, ok := h["Content-Type"]; !ok {
		h["Content-Type"] = nil
	}
}

// isStream reports whether a body is made to be read as it comes.
func isStream(h http.Header) bool {
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	media = strings.ToLower(strings.TrimSpace(media))
	switch media {
	case "text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl",
		"application/json-seq", "application/stream+json", "multipart/x-mixed-replace":
		return true
	}
	return strings.HasPrefix(media, "application/grpc")
}
