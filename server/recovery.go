package server

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

// recoverPanic answers a panic with 500. When the answer has begun it cannot be
// taken back, so the connection is broken: a client must not take the half of
// it for the whole.
func recoverPanic(logger *slog.Logger, shape ErrorShape) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			logger.ErrorContext(c.Request.Context(), "panic in handler",
				"request_id", RequestID(c.Request.Context()),
				"method", c.Request.Method,
				"route", c.FullPath(),
				"panic", panicText(v),
				"stack", string(debug.Stack()))
			if c.Writer.Written() {
				panic(http.ErrAbortHandler)
			}
			refuse(c, shape, Refusal{Status: http.StatusInternalServerError, Detail: internalDetail})
		}()
		c.Next()
	}
}

// panicText describes a panic value. Only errors of the runtime are quoted:
// any other value may hold a part of a message.
func panicText(v any) string {
	if err, ok := v.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("value of type %T", v)
}
