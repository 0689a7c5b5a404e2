package server

import (
	"bufio"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
)

// responseWriter keeps a copy of what is written, up to a limit. When hold is
// set nothing reaches the client until release, or until there is too much to
// hold, or the handler flushes.
type responseWriter struct {
	gin.ResponseWriter
	limit    int
	hold     bool
	status   int
	wrote    bool // the header is settled
	body     []byte
	over     bool
	streamed bool
	hijacked bool
}

// response is what was written, for its check.
func (w *responseWriter) response() *contract.Response {
	return &contract.Response{
		Status:   w.status,
		Header:   w.Header(),
		Body:     w.body,
		Oversize: w.over || w.streamed,
	}
}

// release writes what was held back.
func (w *responseWriter) release() {
	if !w.hold {
		return
	}
	w.hold = false
	w.ResponseWriter.WriteHeader(w.status)
	if len(w.body) > 0 {
		// An error here means that the client went away.
		_, _ = w.ResponseWriter.Write(w.body)
	} else if w.wrote {
		w.ResponseWriter.WriteHeaderNow()
	}
}

func (w *responseWriter) WriteHeader(code int) {
	if code <= 0 || w.wrote {
		return
	}
	w.status = code
	if !w.hold {
		w.ResponseWriter.WriteHeader(code)
	}
}

func (w *responseWriter) WriteHeaderNow() {
	w.wrote = true
	if !w.hold {
		w.ResponseWriter.WriteHeaderNow()
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.wrote = true
	if w.streamed || w.over || len(w.body)+len(p) > w.limit {
		if !w.streamed {
			w.over = true
		}
		w.release()
		return w.ResponseWriter.Write(p)
	}
	w.body = append(w.body, p...)
	if w.hold {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

func (w *responseWriter) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

func (w *responseWriter) Flush() {
	w.wrote, w.streamed = true, true
	w.release()
	w.ResponseWriter.Flush()
}

func (w *responseWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.hijacked = true
	return w.ResponseWriter.Hijack()
}

func (w *responseWriter) Status() int { return w.status }

func (w *responseWriter) Written() bool { return w.wrote }

func (w *responseWriter) Size() int {
	if w.hold {
		if !w.wrote {
			return -1
		}
		return len(w.body)
	}
	return w.ResponseWriter.Size()
}

// Unwrap lets http.ResponseController reach the connection's deadlines.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
