package main

import (
	"bytes"
	"io"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/proxy"
	"github.com/parley-contracts/parley/server"
)

// writer is a response writer that keeps nothing.
type writer struct {
	header http.Header
	status int
}

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) Write(p []byte) (int, error) { return len(p), nil }
func (w *writer) WriteHeader(status int)      { w.status = status }

// upstream answers every request in memory.
type upstream struct{ body []byte }

func (u upstream) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(u.body)), Body: io.NopCloser(bytes.NewReader(u.body)),
	}, r.Body.Close()
}

// whole are the middleware and the proxy with a V2 message, sockets left out,
// beside the same without contracts. They have no floors.
func (k *corpus) whole() ([]benchCase, error) {
	body, err := k.body("v2-valid")
	if err != nil {
		return nil, err
	}
	set := contract.Set{k.documents["convai"].all}
	validate, err := server.Validate(server.Config{Contracts: set})
	if err != nil {
		return nil, err
	}
	answer := func(c *gin.Context) { c.Status(http.StatusOK) }
	plain := gin.New()
	plain.POST("/api/v2/outgoing-messages/", answer)
	checked := gin.New()
	checked.Use(validate)
	checked.POST("/api/v2/outgoing-messages/", answer)

	accepted := []byte(`{"status":"accepted","incoming_message_id":88120031,"conversation_id":4410277}`)
	config := proxy.Config{Upstream: &url.URL{Scheme: "http", Host: "upstream.example"}, Options: proxy.Options{Transport: upstream{accepted}}}
	passing, err := proxy.New(config)
	if err != nil {
		return nil, err
	}
	config.Contracts = set
	observing, err := proxy.New(config)
	if err != nil {
		return nil, err
	}
	return []benchCase{
		{name: "middleware, whole", size: len(body), allocs: -1, field: []contestant{
			{name: "Gin with server.Validate", work: serve(checked, body)},
			{name: "Gin alone", work: serve(plain, body)},
		}},
		{name: "proxy, whole", size: len(body), allocs: -1, field: []contestant{
			{name: "request and response checked", work: serve(observing, body)},
			{name: "without contracts", work: serve(passing, body)},
		}},
	}, nil
}

// serve gives a handler the V2 message, as a server would.
func serve(handler http.Handler, body []byte) func() bool {
	header := messageHeader()
	return func() bool {
		w := &writer{header: http.Header{}}
		handler.ServeHTTP(w, &http.Request{
			Method: http.MethodPost, RequestURI: "/api/v2/outgoing-messages/", URL: &url.URL{Path: "/api/v2/outgoing-messages/"},
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header, Host: "localhost",
			ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
		})
		return w.status == http.StatusOK || w.status == 0
	}
}
