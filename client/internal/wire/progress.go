package wire

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// progress tells how far a try came, by the transport's own trace.
type progress struct {
	asked     atomic.Bool // the transport reports, and looked for a connection
	connected atomic.Bool
}

func (p *progress) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { p.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { p.connected.Store(true) },
	})
}

// mayBeSent is false only if the transport says that there was no connection:
// one that does not report may have sent anything.
func (p *progress) mayBeSent() bool { return p.connected.Load() || !p.asked.Load() }
