package server

import (
	"net/http"
	"time"
)

// The limits of HTTPServer.
const (
	// ReadHeaderTimeout is the time a client has for the request line and
	// the headers.
	ReadHeaderTimeout = 5 * time.Second
	// ReadTimeout is the time a client has for the whole request.
	ReadTimeout = 30 * time.Second
	// WriteTimeout is the time from the end of the headers to the end of the
	// answer. A handler that streams lifts it for its own connection with
	// http.NewResponseController(w).SetWriteDeadline(time.Time{}).
	WriteTimeout = 60 * time.Second
	// IdleTimeout is how long an idle connection is kept.
	IdleTimeout = 120 * time.Second
	// MaxHeaderBytes is the size of the request line and the headers
	// together; net/http allows some 4 KiB on top.
	MaxHeaderBytes = 64 << 10
)

// HTTPServer returns a server for the handler with limits on time and size.
// The caller sets Addr, listens and shuts it down; every field may be changed
// before that.
func HTTPServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: ReadHeaderTimeout,
		ReadTimeout:       ReadTimeout,
		WriteTimeout:      WriteTimeout,
		IdleTimeout:       IdleTimeout,
		MaxHeaderBytes:    MaxHeaderBytes,
	}
}
