package evidence

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/contract"
)

// maxDecodedBytes is the most a compressed body may become.
const maxDecodedBytes = 16 << 20

// Mask stands in place of a value that was redacted.
const Mask = "redacted"

// Redactor replaces what could be somebody's data in an exchange. The zero
// value knows no contract: it keeps no body at all. It is safe for concurrent
// use.
type Redactor struct {
	// Contracts tell which values of a body are data, and which headers carry
	// credentials.
	Contracts contract.Set
	// Callbacks is the contract of exchanges whose Callback is set; nil keeps
	// no body of theirs.
	Callbacks *contract.Contract
}

// Redact returns the exchange with credentials, query values and the data in
// its bodies replaced. A body that is not JSON the contract can walk is kept
// as length and digest. The exchange given is not changed. To redact twice
// changes nothing more.
func (r Redactor) Redact(x Exchange) Exchange {
	c, op := r.lookup(&x)
	secret := r.secretHeaders()
	x.Request = redactMessage(x.Request, c, op, secret)
	if x.Response != nil {
		m := redactMessage(*x.Response, c, op, secret)
		x.Response = &m
	}
	return x
}

// lookup finds the contract and operation of an exchange by name.
func (r Redactor) lookup(x *Exchange) (*contract.Contract, *contract.Operation) {
	if x.Callback {
		if r.Callbacks == nil {
			return nil, nil
		}
		return r.Callbacks, r.Callbacks.Operation(x.Operation)
	}
	for _, c := range r.Contracts {
		if c.Name() == x.Contract {
			return c, c.Operation(x.Operation)
		}
	}
	return nil, nil
}

// secretHeaders are the contracts' credential headers.
func (r Redactor) secretHeaders() []string {
	var names []string
	for _, c := range r.Contracts {
		names = append(names, c.SecurityHeaders()...)
	}
	if r.Callbacks != nil {
		names = append(names, r.Callbacks.SecurityHeaders()...)
	}
	return names
}

// redactMessage returns the message without data.
func redactMessage(m Message, c *contract.Contract, op *contract.Operation, secret []string) Message {
	var parts []string
	m.Target, parts = redactTarget(m.Target)
	var headers []string
	m.Header, headers = redactHeader(m.Header, secret)
	m.RedactedParameters = mergeSorted(m.RedactedParameters, parts, headers)
	if m.Body == "" {
		return m
	}
	if text, decoded, ok := plainBody(&m); ok && c != nil && op != nil {
		if body, pointers, ok := walkBody(c, op, &m, text); ok {
			m.Body, m.Redacted, m.Decoded = string(body), mergeSorted(m.Redacted, pointers), decoded
			return m
		}
	}
	sum := sha256.Sum256([]byte(m.Body))
	m.BodySHA256, m.Body, m.Redacted = hex.EncodeToString(sum[:]), "", nil
	return m
}

// plainBody undoes the body's Content-Encoding and says whether there was one.
func plainBody(m *Message) (text []byte, decoded, ok bool) {
	encoding := m.Header.Get("Content-Encoding")
	switch strings.ToLower(encoding) {
	case "", "identity":
		return []byte(m.Body), m.Decoded, true
	case "gzip", "x-gzip":
	default:
		return nil, false, false
	}
	if m.Decoded {
		return []byte(m.Body), true, true
	}
	reader, err := gzip.NewReader(strings.NewReader(m.Body))
	if err != nil {
		return nil, false, false
	}
	text, err = io.ReadAll(io.LimitReader(reader, maxDecodedBytes+1))
	return text, true, err == nil && len(text) <= maxDecodedBytes
}

// walkBody redacts a body by its schema; a panic of the contract keeps nothing.
func walkBody(c *contract.Contract, op *contract.Operation, m *Message, text []byte) (body []byte, pointers []string, ok bool) {
	defer func() {
		if recover() != nil {
			body, pointers, ok = nil, nil, false
		}
	}()
	return c.RedactBody(op, m.Status, m.Header.Get("Content-Type"), text)
}

// mergeSorted returns the distinct strings of all lists, sorted; nil for none.
func mergeSorted(lists ...[]string) []string {
	all := slices.Concat(lists...)
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// redactHeader returns the fields with credentials masked, and the locations
// of what was masked. The header given is not changed.
func redactHeader(h http.Header, secret []string) (http.Header, []string) {
	var out http.Header
	var masked []string
	for name, values := range h {
		replaced := redactField(name, values, secret)
		if replaced == nil {
			continue
		}
		if out == nil {
			out = h.Clone()
		}
		out[name] = replaced
		masked = append(masked, contract.Location{In: contract.PartHeader, Name: name}.String())
	}
	if out == nil {
		return h, nil
	}
	return out, masked
}

// redactField returns the masked values of a field, nil when it may stay.
func redactField(name string, values []string, secret []string) []string {
	switch {
	case isSecret(name, secret):
		out := make([]string, len(values))
		for i, v := range values {
			out[i] = maskCredential(name, v)
		}
		return out
	case isAddress(name):
		out := make([]string, len(values))
		changed := false
		for i, v := range values {
			var parts []string
			out[i], parts = redactTarget(v)
			changed = changed || parts != nil
		}
		if changed {
			return out
		}
	}
	return nil
}

// secretWords end the names of headers that carry credentials.
var secretWords = [...]string{"authorization", "cookie", "token", "key", "apikey", "secret", "signature", "password"}

// isSecret reports whether a header carries a credential.
func isSecret(name string, secret []string) bool {
	lower := strings.ToLower(name)
	for _, word := range secretWords {
		rest, ok := strings.CutSuffix(lower, word)
		if ok && (rest == "" || strings.HasSuffix(rest, "-") || strings.HasSuffix(rest, "_")) {
			return true
		}
	}
	return slices.ContainsFunc(secret, func(s string) bool { return strings.EqualFold(s, name) })
}

// isAddress reports whether a header's value is a URL, whose query is redacted
// as that of a target is.
func isAddress(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Location", "Content-Location", "Referer":
		return true
	}
	return false
}

// maskCredential masks a credential but keeps the scheme in front of it, which
// is what a contract says something about.
func maskCredential(name, value string) string {
	if strings.HasSuffix(strings.ToLower(name), "authorization") {
		scheme, _, found := strings.Cut(value, " ")
		switch strings.ToLower(scheme) {
		case "basic", "bearer", "digest", "negotiate", "hmac", "dpop", "hawk":
			if found {
				return scheme + " " + Mask
			}
		}
	}
	return Mask
}
