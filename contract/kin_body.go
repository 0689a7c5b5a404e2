package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
)

// newChecker chooses the checker of a media type.
func (c *Contract) newChecker(m *media, source *openapi3.MediaType, incoming bool) bodyChecker {
	switch {
	case m.json:
		return kinJSON{}
	case source.Schema == nil, isOpaque(source.Schema.Value):
		return anyBytes{}
	}
	return kinForm{media: source}
}

// isOpaque reports a schema that says no more than that there are bytes.
func isOpaque(v *openapi3.Schema) bool {
	plain := v.Type == nil || v.Type.Is("string")
	return plain && v.MinLength == 0 && v.MaxLength == nil && v.Pattern == "" && len(v.Enum) == 0 &&
		len(sameValue(v)) == 0 && len(v.Properties) == 0 && len(v.Required) == 0
}

// anyBytes takes every body.
type anyBytes struct{}

func (anyBytes) accepts([]byte) bool { return true }

func (anyBytes) collect(*check, *site, string, []byte) Account { return AccountValidated }

// kinJSON checks JSON with our own scan first and kin-openapi's validator on the
// decoded value.
type kinJSON struct{}

func (kinJSON) accepts([]byte) bool { return false }

func (kinJSON) collect(k *check, s *site, _ string, body []byte) Account {
	scan := jsonscan.Scan(body, k.contract.config.MaxDepth, maxKept)
	k.reportScan(s, scan)
	if !scan.Decodable {
		return AccountUndecodable
	}
	decoder := json.NewDecoder(bytes.NewReader(body[:scan.End]))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		k.add(RuleJSONSyntax, s.at, s.scope.basis(""), "cannot be decoded")
		return AccountUndecodable
	}
	faults := k.contract.kinValue(s, value, k.incoming())
	k.report(s, faults)
	if k.contract.config.Undeclared != SeverityOff {
		u := undeclared{schemas: s.schemas, limit: maxKept, others: faults}
		u.walk(oneSchema(s.schema), value, nil)
		k.report(s, u.faults)
	}
	return AccountValidated
}

// textKinds are the media types other than JSON whose bodies kin-openapi may
// decode; its other decoders expand archives or guess.
func decodable(mediaType string) bool {
	switch mediaType {
	case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
		return true
	}
	return false
}

// kinForm checks form bodies and plain text with kin-openapi's filter.
type kinForm struct{ media *openapi3.MediaType }

func (kinForm) accepts([]byte) bool { return false }

func (f kinForm) collect(k *check, s *site, contentType string, body []byte) Account {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil || !decodable(mediaType) {
		k.addAs(SeverityWarning, RuleBodyEncoding, s.at, s.scope.basis(""), "has a media type that the checks cannot decode")
		return AccountUndecodable
	}
	input := &openapi3filter.RequestValidationInput{
		Request: &http.Request{
			Method: http.MethodPost, URL: &url.URL{Path: "/"},
			Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(bytes.NewReader(body)),
		},
		Route:   &routers.Route{Spec: k.contract.doc},
		Options: k.filterOptions(),
	}
	declared := &openapi3.RequestBody{Required: true, Content: openapi3.Content{mediaType: f.media}}
	err = openapi3filter.ValidateRequestBody(context.Background(), input, declared)
	if err == nil {
		return AccountValidated
	}
	if parse, ok := errors.AsType[*openapi3filter.ParseError](err); ok && len(parse.Path()) > 0 {
		at := fieldPointer(parse.Path())
		k.report(s, []fault{{rule: RuleType, pointer: at, value: at, keyword: "type"}})
		return AccountValidated
	}
	if !isSchemaError(err) {
		k.add(RuleBodyEncoding, s.at, s.scope.basis(""), "cannot be decoded as "+mediaType)
		return AccountUndecodable
	}
	w := &kinFaults{options: k.options()}
	w.flatten(err, "")
	k.report(s, w.faults)
	return AccountValidated
}

// fieldPointer is the place of a field that kin-openapi could not decode.
func fieldPointer(path []any) string {
	tokens := make([]string, len(path))
	for i, p := range path {
		tokens[i] = fmt.Sprint(p)
	}
	return joinPointer(tokens)
}

func isSchemaError(err error) bool {
	if _, ok := errors.AsType[*openapi3filter.ParseError](err); ok {
		return false
	}
	_, ok := errors.AsType[*openapi3.SchemaError](err)
	return ok
}

func (k *check) options() []openapi3.SchemaValidationOption {
	if k.incoming() {
		return k.contract.optionsIn
	}
	return k.contract.optionsOut
}

// filterOptions are those of kin-openapi's filter. Defaults are never written
// and authentication is ours.
func (k *check) filterOptions() *openapi3filter.Options {
	return &openapi3filter.Options{
		MultiError: true, SkipSettingDefaults: true,
		AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc,
		SchemaValidationOptions: k.options(),
	}
}

// checkStructured checks an array, an object or a parameter with content by
// way of kin-openapi's decoders.
func (k *check) checkStructured(p *parameter, invalid Rule) {
	v := &k.values
	input := &openapi3filter.RequestValidationInput{
		Request: &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Header: v.header},
		Route:   &routers.Route{Spec: k.contract.doc},
		Options: k.filterOptions(),
	}
	if input.QueryParams = v.query.values; input.QueryParams == nil {
		input.QueryParams = url.Values{}
	}
	if p.part == PartPath {
		raw, _ := v.segment(p.source.Name)
		text, err := url.PathUnescape(raw)
		if err != nil {
			k.add(invalid, p.site.at, p.site.scope.basis(""), "has a broken percent-escape")
			return
		}
		input.PathParams = map[string]string{p.source.Name: text}
	}
	err := openapi3filter.ValidateParameter(context.Background(), input, p.source)
	if err == nil {
		return
	}
	if !isSchemaError(err) {
		message := "cannot be decoded"
		if p.types.array || p.types.object {
			message = "cannot be decoded as " + p.types.structure()
		}
		k.add(invalid, p.site.at, p.site.scope.basis(""), message)
		return
	}
	w := &kinFaults{options: k.options()}
	w.flatten(err, "")
	k.report(&p.site, w.faults)
}
