package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parley-contracts/parley/contract"
)

// kinFilter is a whole request checked by kin-openapi: route, parameters and
// body. The request is made once; its body is wound back each time.
func kinFilter(router routers.Router, target string, body []byte) func() bool {
	method, path, _ := strings.Cut(target, " ")
	request, err := http.NewRequestWithContext(context.Background(), method, "http://localhost"+path, http.NoBody)
	if err != nil {
		return func() bool { return false }
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("2hd-api-key", "0123456789abcdef")
	reader := bytes.NewReader(body)
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	return func() bool {
		reader.Reset(body)
		request.Body = io.NopCloser(reader)
		route, params, err := router.FindRoute(request)
		if err != nil {
			return false
		}
		return openapi3filter.ValidateRequest(request.Context(), &openapi3filter.RequestValidationInput{
			Request: request, PathParams: params, Route: route, Options: options,
		}) == nil
	}
}

// public is the whole request checked through the engine's public API.
func public(document, target string, body []byte) (func() bool, error) {
	c, err := contract.LoadFile(document, contract.Config{MaxBodyBytes: 8 << 20})
	if err != nil {
		return nil, err
	}
	method, path, _ := strings.Cut(target, " ")
	header := http.Header{
		"Content-Type": {"application/json"}, http.CanonicalHeaderKey("2hd-api-key"): {"0123456789abcdef"},
		"Authorization": {"Bearer 0123456789abcdef"},
	}
	request := &contract.Request{Method: method, Target: path, Header: header, Body: body}
	return func() bool { return len(c.CheckRequest(request).Findings) == 0 }, nil
}

// independent compiles a component with an implementation of JSON Schema that
// shares nothing with the others. It reads only what JSON Schema has.
func independent(doc *openapi3.T, name string) (*jsonschema.Schema, error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("http://bench.invalid/openapi.json", value); err != nil {
		return nil, err
	}
	return c.Compile("http://bench.invalid/openapi.json#/components/schemas/" + name)
}
