package contract

import (
	"io"
	"net/http"
	"strings"
)

// isJSON reports whether a media type without parameters is JSON.
func isJSON(name string) bool {
	return name == "application/json" || name == "text/json" || strings.HasSuffix(name, "+json")
}

// choose finds the declared media type for a Content-Type: itself, else the
// range of its type, else any.
func (b *body) choose(contentType string) *media {
	name, _, _ := strings.Cut(contentType, ";")
	name = strings.TrimSpace(name)
	for _, m := range b.media {
		if strings.EqualFold(m.name, name) {
			return m
		}
	}
	kind, _, ok := strings.Cut(name, "/")
	if !ok {
		return nil
	}
	for _, m := range b.media {
		if of, ok := strings.CutSuffix(m.name, "/*"); ok && strings.EqualFold(of, kind) {
			return m
		}
	}
	for _, m := range b.media {
		if m.name == "*/*" {
			return m
		}
	}
	return nil
}

// payload is a body as it is checked.
type payload struct {
	header   http.Header
	bytes    []byte
	oversize bool
	// reader brings a body that is not held; nil when bytes is the body.
	reader io.Reader
}

var atBody = Location{In: PartBody}

// checkBody checks a body against its declaration, nil when there is none, and
// sets the account. up is what the body belongs to.
func (k *check) checkBody(declared *body, up *scope, p payload) {
	limit := k.contract.config.MaxBodyBytes
	if p.reader != nil && (k.stream(declared, &p) || !k.gather(&p, up)) {
		return
	}
	if p.oversize || len(p.bytes) > limit {
		k.tooLarge(up)
		return
	}
	if declared == nil {
		if len(p.bytes) > 0 {
			k.add(RuleBodyUnexpected, atBody, up.basis(""), "is given where the contract declares no body")
		}
		return
	}
	if len(p.bytes) == 0 {
		if declared.required {
			k.add(RuleBodyMissing, atBody, declared.scope.basis("required"), "is required and missing")
		}
		return
	}
	if len(declared.media) == 0 {
		return
	}
	m, contentType := k.chooseMedia(declared, p.header)
	if m == nil {
		k.account = AccountUndecodable
		return
	}
	text, ok := k.decode(m, p, limit)
	if !ok {
		return
	}
	if strings.IndexByte(contentType, ';') >= 0 && isJSON(essence(contentType)) {
		k.checkCharset(&m.site, contentType)
	}
	if !k.refused && m.checker.accepts(text) {
		return
	}
	k.account = m.checker.collect(k, &m.site, contentType, text)
}

func (k *check) tooLarge(up *scope) {
	k.tooLargeAs(atBody, up, "is larger than the limit and was not checked")
	k.account = AccountTooLarge
}

// chooseMedia finds the media type to check a body as. Without a Content-Type
// the only declared one is taken, so that the body's own faults are seen too.
func (k *check) chooseMedia(declared *body, header http.Header) (*media, string) {
	at := Location{In: PartHeader, Name: "Content-Type"}
	contentType := header.Get("Content-Type")
	if strings.TrimSpace(contentType) == "" {
		k.add(RuleContentTypeMissing, at, declared.scope.basis("content"), "is missing, expected "+declared.names())
		if len(declared.media) == 1 {
			return declared.media[0], declared.media[0].name
		}
		return nil, ""
	}
	m := declared.choose(contentType)
	if m == nil {
		k.add(RuleContentTypeUnknown, at, declared.scope.basis("content"), "must be "+declared.names())
	}
	return m, contentType
}

func (b *body) names() string {
	names := make([]string, len(b.media))
	for i, m := range b.media {
		names[i] = m.name
	}
	return strings.Join(names, " or ")
}
