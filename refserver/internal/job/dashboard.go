package job

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"riverqueue.com/riverui"
)

// Dashboard is web pages about jobs. It asks nobody who they are.
type Dashboard interface {
	http.Handler
	// Start runs what the pages need until ctx ends.
	Start(ctx context.Context) error
}

// Dashboard returns the queue's own web pages for a path such as "/jobs".
func (q *Queue) Dashboard(prefix string) (Dashboard, error) {
	d, err := q.engine.dashboard(prefix, slog.New(quietHandler{q.Logger.Handler()}))
	if err != nil {
		return nil, fmt.Errorf("open job dashboard: %w", err)
	}
	return d, nil
}

func (e *riverEngine[T]) dashboard(prefix string, logger *slog.Logger) (Dashboard, error) {
	return riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints: riverui.NewEndpoints(e.client, nil),
		Logger:    logger,
		Prefix:    prefix,
	})
}
