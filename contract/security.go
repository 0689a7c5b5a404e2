package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func newCredential(scheme *openapi3.SecurityScheme) credential {
	switch scheme.Type {
	case "apiKey":
		switch scheme.In {
		case openapi3.ParameterInHeader:
			return credential{part: PartHeader, name: scheme.Name, header: http.CanonicalHeaderKey(scheme.Name)}
		case openapi3.ParameterInQuery:
			return credential{part: PartQuery, name: scheme.Name}
		case openapi3.ParameterInCookie:
			return credential{part: PartCookie, name: scheme.Name}
		}
	case "http":
		return credential{part: PartHeader, name: "Authorization", header: "Authorization", prefix: scheme.Scheme}
	case "oauth2", "openIdConnect":
		return credential{part: PartHeader, name: "Authorization", header: "Authorization", prefix: "Bearer"}
	}
	return credential{unseen: true}
}

// wanted says what the credential is, for a message.
func (c credential) wanted() string {
	if c.prefix != "" {
		return fmt.Sprintf("lacks %s credentials in the header %s", strings.ToLower(c.prefix), c.name)
	}
	return fmt.Sprintf("lacks the credential in the %s %q", c.part, c.name)
}

// checkSecurity reports a request that satisfies none of the operation's
// requirements. It looks at presence and form, never at the value.
func (k *check) checkSecurity() {
	header, q := k.values.header, &k.values.query
	if len(k.op.security) == 0 {
		return
	}
	for _, r := range k.op.security {
		if !slices.ContainsFunc(r, func(c credential) bool { return !c.present(header, q) }) {
			return
		}
	}
	for _, c := range k.op.security[0] {
		if !c.present(header, q) {
			message := c.wanted()
			if n := len(k.op.security); n > 1 {
				message += fmt.Sprintf(", and those of the %d other ways to authenticate", n-1)
			}
			k.add(RuleSecurityMissing, Location{In: c.part, Name: c.name}, k.op.scope.basis("security"), message)
			return
		}
	}
}

func (c credential) present(header http.Header, q *query) bool {
	switch {
	case c.unseen:
		return true
	case c.part == PartQuery:
		return q.first(c.name) != ""
	}
	return c.inHeader(header)
}

// inHeader is present for a credential that is not in the query.
func (c credential) inHeader(header http.Header) bool {
	if c.part == PartCookie {
		value, found := cookie(header, c.name)
		return found && value != ""
	}
	value := strings.TrimSpace(first(header, c.header))
	if c.prefix == "" {
		return value != ""
	}
	scheme, rest, _ := strings.Cut(value, " ")
	return strings.EqualFold(scheme, c.prefix) && strings.TrimSpace(rest) != ""
}

// first is the first value of a header with a canonical name.
func first(header http.Header, name string) string {
	if values := header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// cookie finds a cookie by name without judging the others.
func cookie(header http.Header, name string) (value string, found bool) {
	for _, line := range header["Cookie"] {
		for pair := range strings.SplitSeq(line, ";") {
			n, v, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if n == name {
				return strings.Trim(v, `"`), true
			}
		}
	}
	return "", false
}

// SecurityHeaders are the names of the headers that carry credentials in any
// operation of the contract, canonical, sorted. Credentials in cookies count as
// the header Cookie.
func (c *Contract) SecurityHeaders() []string {
	return slices.Clone(c.securityHeaders)
}

func headersOf(doc *openapi3.T) []string {
	if doc.Components == nil {
		return nil
	}
	var names []string
	for _, ref := range doc.Components.SecuritySchemes {
		if ref.Value == nil {
			continue
		}
		switch cred := newCredential(ref.Value); {
		case cred.unseen:
		case cred.part == PartHeader:
			names = append(names, cred.header)
		case cred.part == PartCookie:
			names = append(names, "Cookie")
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
