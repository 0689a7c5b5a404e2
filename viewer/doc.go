// Package viewer serves a reference page for each contract: an established
// OpenAPI viewer (Redoc), embedded, that needs no network. Beside each fact
// stand its grade, the page it was read on and the register entries that
// concern it; the register has a page of its own.
//
//	docs, err := viewer.Handler(viewer.Config{FS: api.FS, Contracts: []string{"openapi-v2"}, Register: r})
//	if err != nil { ... }
//	mux.Handle("/docs/", http.StripPrefix("/docs", docs))
//
// It shows the documents as they are: it checks no message and knows no
// traffic.
package viewer
