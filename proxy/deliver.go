package proxy

import (
	"context"
	"log/slog"
	"runtime/debug"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// deliver hands a finished exchange to whoever wants it. Findings that were
// told when their event passed are not told again. Panics are theirs who take
// it, not the traffic's.
func (c *core) deliver(x *evidence.Exchange, events *eventFeed) {
	if c.OnFinding == nil && c.Sink == nil {
		return
	}
	defer func() {
		if recover() != nil {
			c.Logger.Error("panic in sink", "exchange", x.ID, "stack", string(debug.Stack()))
		}
	}()
	if c.Sink != nil {
		c.Sink.Exchange(*x)
	}
	if c.OnFinding != nil {
		for _, f := range x.Findings {
			if !events.wasTold(f) {
				c.OnFinding(x.ID, f)
			}
		}
	}
}

// tell hands on one finding of a stream that still passes.
func (c *core) tell(id string, f contract.Finding) {
	if c.OnFinding == nil {
		return
	}
	defer func() {
		if recover() != nil {
			c.Logger.Error("panic in sink", "exchange", id, "stack", string(debug.Stack()))
		}
	}()
	c.OnFinding(id, f)
}

// log writes the line of an exchange. Targets stay out: they may hold data.
func (c *core) log(x *evidence.Exchange) {
	ctx := context.Background()
	if !c.Logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	attributes := make([]slog.Attr, 0, 12)
	attributes = append(attributes,
		slog.String("exchange", x.ID),
		slog.String("direction", string(x.RequestDirection())),
		slog.String("method", x.Request.Method),
		slog.String("operation", x.Operation),
		slog.String("request", string(x.Request.Account)),
		slog.Int64("request_bytes", x.Request.BodyBytes),
		slog.Int("findings", len(x.Findings)),
		slog.Duration("duration", x.Duration),
	)
	if x.Response != nil {
		attributes = append(attributes,
			slog.Int("status", x.Response.Status),
			slog.String("response", string(x.Response.Account)),
			slog.Int64("response_bytes", x.Response.BodyBytes))
	}
	if x.Blocked != "" {
		attributes = append(attributes, slog.String("blocked", string(x.Blocked)))
	}
	if x.Failure != "" {
		attributes = append(attributes, slog.String("failure", x.Failure))
	}
	c.Logger.LogAttrs(ctx, slog.LevelInfo, "exchange", attributes...)
}
