package server

import (
	"context"
	"crypto/rand"

	"github.com/gin-gonic/gin"
)

// RequestIDHeader carries the id of a request, in requests and answers.
const RequestIDHeader = "X-Request-Id"

// maxRequestID is the longest id that is taken from a client.
const maxRequestID = 64

type requestIDKey struct{}

// RequestID is the id of the request that ctx belongs to, empty outside of an
// engine of NewEngine and of a callback receiver.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// withRequestID returns a context that RequestID reads id from.
func withRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

func randomID() string { return rand.Text() }

// identify gives every request an id: its own when it is a plain token, since
// it goes into logs and answers, else a new one.
func identify(newID func() string) gin.HandlerFunc {
	return func(c *gin.Context) {
		id := c.Request.Header.Get(RequestIDHeader)
		if id == "" || len(id) > maxRequestID || !plain(id) {
			id = newID()
		}
		c.Request = c.Request.WithContext(withRequestID(c.Request.Context(), id))
		c.Writer.Header().Set(RequestIDHeader, id)
		c.Next()
	}
}

// plain reports whether s is free of anything that could be taken for something
// else in a log or a URL.
func plain(s string) bool {
	for i := range len(s) {
		switch b := s[i]; {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', b == '-', b == '_', b == '.':
		default:
			return false
		}
	}
	return true
}
