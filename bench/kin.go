package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/parley-contracts/parley/contract"
)

// messageHeader are the headers of every message, as a server has them.
func messageHeader() http.Header {
	return http.Header{
		"Content-Type": {"application/json"}, http.CanonicalHeaderKey("2hd-api-key"): {"0123456789abcdef"},
		"Authorization": {"Bearer 0123456789abcdef"},
	}
}

// ourRequest is "METHOD target" with a body.
func ourRequest(target string, body []byte) *contract.Request {
	method, path, _ := strings.Cut(target, " ")
	return &contract.Request{Method: method, Target: path, Header: messageHeader(), Body: body}
}

func ourResponse(body []byte) *contract.Response {
	return &contract.Response{Status: http.StatusOK, Header: messageHeader(), Body: body}
}

// httpRequest is the same as net/http has it. Its body is set for each use.
func httpRequest(target string) (*http.Request, error) {
	method, path, _ := strings.Cut(target, " ")
	request, err := http.NewRequestWithContext(context.Background(), method, "http://localhost"+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header = messageHeader()
	request.RequestURI = path
	return request, nil
}

// kinOptions are those of a middleware that leaves credentials to others and
// stops at the first fault.
func kinOptions() *openapi3filter.Options {
	return &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
}

// kinRequest is a whole request checked by kin-openapi: route, parameters and
// body. The request is made once; its body is wound back each time.
func kinRequest(router routers.Router, target string, body []byte) (func() error, error) {
	request, err := httpRequest(target)
	if err != nil {
		return nil, err
	}
	reader, options := bytes.NewReader(body), kinOptions()
	return func() error {
		reader.Reset(body)
		request.Body = io.NopCloser(reader)
		route, params, err := router.FindRoute(request)
		if err != nil {
			return err
		}
		return openapi3filter.ValidateRequest(request.Context(), &openapi3filter.RequestValidationInput{
			Request: request, PathParams: params, Route: route, Options: options,
		})
	}, nil
}

// kinResponse is a response checked by kin-openapi, the route known.
func kinResponse(router routers.Router, target string, body []byte) (func() error, error) {
	request, err := httpRequest(target)
	if err != nil {
		return nil, err
	}
	route, params, err := router.FindRoute(request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", target, err)
	}
	reader, header, options := bytes.NewReader(body), messageHeader(), kinOptions()
	in := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: options}
	return func() error {
		reader.Reset(body)
		return openapi3filter.ValidateResponse(request.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: in, Status: http.StatusOK, Header: header, Body: io.NopCloser(reader), Options: options,
		})
	}, nil
}
