package contract

import (
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/form"
)

// isOctets reports a schema that asks nothing of bytes.
func isOctets(ref *openapi3.SchemaRef) bool {
	if ref == nil || ref.Value == nil {
		return true
	}
	v := ref.Value
	return isOpaque(v) && v.Const == nil && (v.Format == "" || v.Format == "binary" || v.Format == "byte")
}

// textBody checks a body that is one value written as text. The characters of
// one that is not text are its octets.
type textBody struct{ made *made }

func (c *Contract) newTextBody(s *site, where string, incoming bool) bodyChecker {
	m := c.newMade(s, where, incoming)
	if structured(m.shape) {
		return unreadable{}
	}
	return textBody{m}
}

func (textBody) accepts([]byte) bool { return false }

func (b textBody) collect(k *check, s *site, contentType string, body []byte) Account {
	text, ok := k.decodeText(s, contentType, body)
	if !ok {
		return AccountUndecodable
	}
	if !isOctets(s.schema) {
		k.keepAll(k.settle(b.made, form.Leaf(b.made.shape, text), bodyProblem), "")
	}
	return AccountValidated
}

// unreadable is the checker of a media type that says how to write what the
// schema describes in a way that the checks do not know, such as XML.
type unreadable struct{}

func (unreadable) accepts([]byte) bool { return false }

func (unreadable) collect(k *check, s *site, _ string, _ []byte) Account {
	k.addAs(SeverityWarning, RuleBodyEncoding, s.at, s.scope.basis(""), "has a media type that the checks cannot decode")
	return AccountUndecodable
}

// charsetOf is the charset that a Content-Type names, lower case, empty for
// none. ok is false where its parameters cannot be read.
func charsetOf(contentType string) (charset string, ok bool) {
	if strings.IndexByte(contentType, ';') < 0 {
		return "", true
	}
	_, params, err := mime.ParseMediaType(contentType)
	return strings.ToLower(params["charset"]), err == nil
}

// isText reports whether a Content-Type is of text, by its name alone.
func isText(contentType string) bool {
	name := essence(contentType)
	return strings.HasPrefix(name, "text/") || strings.HasSuffix(name, "xml") || isJSON(name)
}

// essence is a Content-Type without its parameters, lower case.
func essence(contentType string) string {
	name, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// decodeText reads text in the charset that its Content-Type names. ok is false
// when it cannot be read, which is reported then.
func (k *check) decodeText(s *site, contentType string, body []byte) (text string, ok bool) {
	charset, readable := charsetOf(contentType)
	b := s.scope.basis("")
	if !readable {
		k.addAs(SeverityWarning, RuleBodyEncoding, s.at, b, "has a Content-Type whose parameters cannot be read")
	}
	switch charset {
	case "":
		switch {
		case !isText(contentType):
			return octets(body), true
		case !utf8.Valid(body):
			k.addAs(SeverityWarning, RuleBodyEncoding, s.at, b, "is not UTF-8 and names no other charset")
			return octets(body), true
		}
		return string(body), true
	case "utf-8", "utf8":
		if !utf8.Valid(body) {
			k.add(RuleBodyEncoding, s.at, b, "is not the UTF-8 that its Content-Type says")
			return "", false
		}
		return string(body), true
	case "us-ascii", "ascii":
		for _, c := range body {
			if c >= utf8.RuneSelf {
				k.add(RuleBodyEncoding, s.at, b, "is not the US-ASCII that its Content-Type says")
				return "", false
			}
		}
		return string(body), true
	case "iso-8859-1", "latin1":
		return octets(body), true
	}
	k.addAs(SeverityWarning, RuleBodyEncoding, s.at, b, "has a charset that the checks cannot read")
	return "", false
}

// octets are bytes as the characters of ISO 8859-1: one each.
func octets(body []byte) string {
	var b strings.Builder
	b.Grow(len(body))
	for _, c := range body {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// checkCharset reports the charset of a media type that is UTF-8 by
// definition.
func (k *check) checkCharset(s *site, contentType string) {
	_, params, _ := strings.Cut(contentType, ";")
	if strings.EqualFold(strings.TrimSpace(params), "charset=utf-8") {
		return // nearly always
	}
	charset, readable := charsetOf(contentType)
	switch {
	case !readable:
		k.addAs(SeverityWarning, RuleBodyEncoding, s.at, s.scope.basis(""), "has a Content-Type whose parameters cannot be read")
	case charset == "", charset == "utf-8", charset == "utf8", charset == "us-ascii":
	default:
		k.addAs(SeverityWarning, RuleBodyEncoding, s.at, s.scope.basis(""), "names a charset other than UTF-8, which its media type is written in")
	}
}

// isWide reports text in UTF-16 or UTF-32, by its mark or by the zero byte that
// the first character of JSON then has beside it.
func isWide(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	marked := text[0] == 0xfe && text[1] == 0xff || text[0] == 0xff && text[1] == 0xfe
	return marked || text[0] == 0 || text[1] == 0
}
