package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/url"
	"strings"
	"unicode/utf8"
)

// MaxBodyBytes is the size up to which DecodeBody decodes a body.
const MaxBodyBytes = 1 << 20

// BodyType says what a body is.
type BodyType string

// The types of bodies.
const (
	// BodyNone is no body, or an empty one.
	BodyNone BodyType = "none"
	// BodyJSON is decoded to maps, lists, strings, int64, float64, bool, nil.
	BodyJSON BodyType = "json"
	// BodyForm is decoded to a map of strings, a list where a name repeats.
	BodyForm BodyType = "form"
	// BodyText and BodyXML are decoded to a string.
	BodyText BodyType = "text"
	BodyXML  BodyType = "xml"
	// BodyBinary is anything else and not decoded.
	BodyBinary BodyType = "binary"
	// BodyInvalid is not what its content type says, and not decoded.
	BodyInvalid BodyType = "invalid"
)

// Body is a message's body as probes see it. The zero value is no body.
type Body struct {
	// Type is what the body is; empty counts as BodyNone.
	Type BodyType
	// Value is the decoded body; only with Decoded.
	Value any
	// Decoded says that Value holds the body. Probes that look into a body
	// that is not decoded say nothing.
	Decoded bool
	// Size is the length on the wire in bytes.
	Size int64
}

// DecodeBody decodes a whole body by its Content-Type; without one a body that
// is JSON counts as JSON and other text as text. A body above MaxBodyBytes has
// its type but no value.
func DecodeBody(contentType string, data []byte) Body {
	b := Body{Type: bodyType(contentType, data), Size: int64(len(data))}
	if len(data) > MaxBodyBytes {
		return b
	}
	switch b.Type {
	case BodyJSON:
		b.Value, b.Decoded = decodeJSON(data)
	case BodyForm:
		b.Value, b.Decoded = decodeForm(string(data))
	case BodyText, BodyXML:
		b.Value, b.Decoded = string(data), utf8.Valid(data)
	default:
		return b
	}
	if !b.Decoded {
		b.Type, b.Value = BodyInvalid, nil
	}
	return b
}

// bodyType goes by the content type, and by the content without one.
func bodyType(contentType string, data []byte) BodyType {
	if len(data) == 0 {
		return BodyNone
	}
	media, _, err := mime.ParseMediaType(contentType)
	switch {
	case contentType == "" && len(data) <= MaxBodyBytes && json.Valid(data):
		return BodyJSON
	case contentType == "" && utf8.Valid(data):
		return BodyText
	case err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter):
		return BodyBinary
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		return BodyJSON
	case media == "application/x-www-form-urlencoded":
		return BodyForm
	case media == "application/xml" || media == "text/xml" || strings.HasSuffix(media, "+xml"):
		return BodyXML
	case strings.HasPrefix(media, "text/"):
		return BodyText
	}
	return BodyBinary
}

// decodeJSON keeps integers apart from other numbers, as the readings of a
// type depend on it.
func decodeJSON(data []byte) (any, bool) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, false
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, false
	}
	return plain(value), true
}

// plain replaces the json.Numbers in value, in place where it can.
func plain(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = plain(member)
		}
	case []any:
		for i, element := range v {
			v[i] = plain(element)
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	}
	return value
}

// decodeForm maps names to their value, or to the list of their values.
func decodeForm(text string) (any, bool) {
	fields, err := url.ParseQuery(text)
	if err != nil {
		return nil, false
	}
	form := lists(fields)
	for name, values := range fields {
		if len(values) == 1 {
			form[name] = values[0]
		}
	}
	return form, true
}
