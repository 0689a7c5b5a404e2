package server

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
)

// decodeFields reads the fields of a callback wherever they are. How a vendor
// encodes its callbacks is not documented, so the body decides where the media
// type says nothing.
func decodeFields(r *http.Request, query url.Values, body []byte) (map[string]any, Encoding) {
	if len(body) == 0 {
		if len(query) == 0 {
			return nil, EncodingNone
		}
		return formFields(query), EncodingQuery
	}
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType == "application/x-www-form-urlencoded" {
		if form, err := url.ParseQuery(string(body)); err == nil && !looksLikeJSON(body) {
			return formFields(form), EncodingForm
		}
	}
	if fields, ok := jsonFields(body); ok {
		return fields, EncodingJSON
	}
	return nil, EncodingNone
}

// looksLikeJSON reports whether the body starts as a JSON object, which some
// senders label as a form.
func looksLikeJSON(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{"))
}

// jsonFields decodes a body that is one JSON object and nothing else.
func jsonFields(body []byte) (map[string]any, bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var fields map[string]any
	if err := d.Decode(&fields); err != nil || fields == nil {
		return nil, false
	}
	return fields, len(bytes.TrimSpace(body[d.InputOffset():])) == 0
}

// formFields gives form values the shape of decoded JSON.
func formFields(form url.Values) map[string]any {
	fields := make(map[string]any, len(form))
	for name, values := range form {
		if len(values) == 1 {
			fields[name] = values[0]
			continue
		}
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		fields[name] = list
	}
	return fields
}
