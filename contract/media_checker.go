package contract

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/event"
)

// newMediaChecker chooses the checker of a media type, by its name or, where
// that is a range, by the Content-Type of each message.
func (c *Contract) newMediaChecker(m *media, source *openapi3.MediaType, up *scope, incoming bool) (bodyChecker, error) {
	if !strings.HasSuffix(m.name, "/*") {
		return c.newNamedChecker(m.name, m, source, up, incoming)
	}
	r := &rangeBody{byName: make(map[string]bodyChecker)}
	for _, name := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "text/xml"} {
		if kind, _, _ := strings.Cut(m.name, "/"); kind != "*" && !strings.HasPrefix(name, kind+"/") {
			continue
		}
		checker, err := c.newNamedChecker(name, m, source, up, incoming)
		if err != nil {
			return nil, err
		}
		r.byName[name] = checker
	}
	octets, err := c.newNamedChecker("application/octet-stream", m, source, up, incoming)
	r.octets = octets
	return r, err
}

func (c *Contract) newNamedChecker(name string, m *media, source *openapi3.MediaType, up *scope, incoming bool) (bodyChecker, error) {
	if kind, ok := eventKind(name); ok {
		return c.newEventBody(kind, m, source, incoming)
	}
	s, where := &m.site, "body "+name
	switch {
	case isJSON(name):
		return jsonBody{c.newJSON(s, where, incoming)}, nil
	case strings.HasPrefix(name, "multipart/"):
		return c.newMultipartBody(s, source, up, where, incoming)
	case isOctets(s.schema) && !strings.HasPrefix(name, "text/"):
		return anyBytes{}, nil
	case name == "application/x-www-form-urlencoded":
		return c.newFormBody(s, source, where, incoming), nil
	case strings.HasSuffix(name, "xml") && !isOctets(s.schema) && typesOf(s.schema.Value) != types{text: true}:
		return unreadable{}, nil // what is inside is not text but elements
	}
	return c.newTextBody(s, where, incoming), nil
}

// eventKind is the way a media type writes a stream of events.
func eventKind(name string) (event.Kind, bool) {
	switch name {
	case "text/event-stream":
		return event.ServerSent, true
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
		"application/json-lines", "application/stream+json":
		return event.Lines, true
	case "application/json-seq":
		return event.Sequence, true
	}
	if strings.HasSuffix(name, "+json-seq") {
		return event.Sequence, true
	}
	return 0, false
}

// jsonBody tells JSON in another encoding from text that is no JSON.
type jsonBody struct{ checker bodyChecker }

func (b jsonBody) accepts(body []byte) bool { return b.checker.accepts(body) }

func (b jsonBody) collect(k *check, s *site, contentType string, body []byte) Account {
	if isWide(body) {
		k.add(RuleBodyEncoding, s.at, s.scope.basis(""), "is UTF-16 or UTF-32, JSON is UTF-8")
		return AccountUndecodable
	}
	return b.checker.collect(k, s, contentType, body)
}

// rangeBody checks a body of a range of media types as what it says it is.
type rangeBody struct {
	byName map[string]bodyChecker
	octets bodyChecker
}

func (*rangeBody) accepts([]byte) bool { return false }

func (b *rangeBody) collect(k *check, s *site, contentType string, body []byte) Account {
	return b.checker(contentType).collect(k, s, contentType, body)
}

func (b *rangeBody) checker(contentType string) bodyChecker {
	name := essence(contentType)
	switch {
	case isJSON(name):
		name = "application/json"
	case strings.HasPrefix(name, "multipart/"):
		name = "multipart/form-data"
	case strings.HasSuffix(name, "+xml"), name == "application/xml":
		name = "text/xml"
	case strings.HasPrefix(name, "text/") && name != "text/xml":
		name = "text/plain"
	}
	if checker := b.byName[name]; checker != nil {
		return checker
	}
	if isText(contentType) && b.byName["text/plain"] != nil {
		return b.byName["text/plain"]
	}
	return b.octets
}
