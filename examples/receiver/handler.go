package main

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/parley-contracts/parley/server"
)

// newHandler is all that an integration needs: one function per callback.
func newHandler(secret string, out io.Writer) (*server.CallbackReceiver, error) {
	p := &printer{out: out}
	return server.NewCallbackReceiver(server.CallbackConfig{
		Answer:    p.print,
		FollowUp:  p.print,
		Emergency: p.print,
		Secret:    secret,
	})
}

// printer writes one line per callback. A real integration puts the callback
// into a queue and returns.
type printer struct {
	mu  sync.Mutex
	out io.Writer
}

func (p *printer) print(_ context.Context, c server.Callback) error {
	text, field, ok := c.Text()
	if !ok {
		field = "no known field"
	}
	conversation, _, _ := c.ConversationID()
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := fmt.Fprintf(p.out, "%s message=%q conversation=%q text=%q from=%q findings=%d\n",
		c.Operation, c.Query.Get("message"), conversation, text, field, len(c.Findings))
	return err
}
