package maax

import (
	"context"
	"net/http"
)

// Send has V2 answer a message and returns the message's id. The answer
// arrives at m.AnswerURL, usually within 30 to 60 seconds.
//
//contract:operation createOutgoingMessage
func (c *Client) Send(ctx context.Context, m OutgoingMessage) (int64, error) {
	request, fault := m.v2()
	if fault != nil {
		return 0, fault
	}
	got, failure := c.call(ctx, opSend, func(ctx context.Context) (*http.Response, error) {
		return c.v2.CreateOutgoingMessage(ctx, request)
	})
	if failure != nil {
		return 0, failure
	}
	id, err := parseMessageID(got.Body)
	if err != nil {
		return 0, c.malformed(opSend, got, err)
	}
	return id, nil
}
