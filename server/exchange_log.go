package server

import (
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"
)

// logExchange writes one line per exchange. The route is logged instead of the
// target, which may carry ids and secrets.
func logExchange(logger *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		defer func() {
			logger.InfoContext(c.Request.Context(), "exchange",
				"request_id", RequestID(c.Request.Context()),
				"method", c.Request.Method,
				"route", c.FullPath(),
				"status", c.Writer.Status(),
				"request_bytes", c.Request.ContentLength,
				"response_bytes", max(c.Writer.Size(), 0),
				"duration", time.Since(start))
		}()
		c.Next()
	}
}
