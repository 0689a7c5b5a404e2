package maax

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
)

// Answer is what the vendor answers to one message.
type Answer struct {
	// MessageID is the message that is answered, as Initiate returned it.
	MessageID int64
	Text      string
}

// Initiate has V1 generate the answer to a message and returns the message's
// id, with which the answer is fetched.
//
//contract:operation initiateAnswerGeneration
func (c *Client) Initiate(ctx context.Context, m Message) (int64, error) {
	request, fault := m.v1()
	if fault != nil {
		return 0, fault
	}
	got, failure := c.call(ctx, opInitiate, func(ctx context.Context) (*http.Response, error) {
		return c.v1.InitiateAnswerGeneration(ctx, request)
	})
	if failure != nil {
		return 0, failure
	}
	id, err := parseMessageID(got.Body)
	if err != nil {
		return 0, c.malformed(opInitiate, got, err)
	}
	return id, nil
}

// RetrieveAnswer fetches the answer to a message of V1 once, and says whether
// it is ready. The service must be the message's. A null or empty answer and
// the statuses of Config.NotReady mean that it is not ready.
//
//contract:operation retrieveAnswer
func (c *Client) RetrieveAnswer(ctx context.Context, messageID int64, service ServiceType) (Answer, bool, error) {
	answer := Answer{MessageID: messageID}
	if !common.ServiceType(service).Valid() {
		return answer, false, invalid(opRetrieve, "the service type is neither ServiceSupport nor ServiceSales")
	}
	got, failure := c.call(ctx, opRetrieve, func(ctx context.Context) (*http.Response, error) {
		return c.v1.RetrieveAnswer(ctx, &maaxv1.RetrieveAnswerParams{
			ServiceType:       common.ServiceType(service),
			IncomingMessageID: messageID,
		})
	})
	switch {
	case failure != nil && failure.Wire() && c.notReady(failure.Status):
		return answer, false, nil
	case failure != nil:
		return answer, false, failure
	case c.notReady(got.Status):
		return answer, false, nil
	}
	text, err := parseAnswer(got.Body)
	if err != nil {
		return answer, false, c.malformed(opRetrieve, got, err)
	}
	answer.Text = text
	return answer, text != "", nil
}

// SendAndWait has V1 answer a message and waits for the answer as Wait does.
// When it fails after the message was accepted, Answer.MessageID is set, so
// that Wait can be called again; sending again may answer twice.
func (c *Client) SendAndWait(ctx context.Context, m Message) (Answer, error) {
	id, err := c.Initiate(ctx, m)
	if err != nil {
		return Answer{}, err
	}
	return c.Wait(ctx, id, m.ServiceType)
}

// Wait fetches the answer to a message of V1 until it is ready: first after
// Config.FirstPoll, then in growing intervals. Temporary errors do not end the
// wait. It fails on any other error, with ErrNotReady after Config.MaxWait and
// with the context's error when that ends; the last two carry the last
// temporary error, too.
func (c *Client) Wait(ctx context.Context, messageID int64, service ServiceType) (Answer, error) {
	delay, interval, waited := c.config.FirstPoll, c.config.PollInterval, time.Duration(0)
	var last error
	for {
		if limit := c.config.MaxWait; limit > 0 && waited+delay > limit {
			if delay = limit - waited; delay <= 0 {
				return Answer{MessageID: messageID}, waitEnded(wire.KindNotReady, ErrNotReady, last)
			}
		}
		if err := c.config.Sleep(ctx, delay); err != nil {
			return Answer{MessageID: messageID}, waitEnded(wire.KindEnded, err, last)
		}
		waited += delay
		answer, ready, err := c.RetrieveAnswer(ctx, messageID, service)
		if ready {
			return answer, nil
		}
		last = err
		delay = interval
		interval = min(interval+interval/2, c.config.MaxPollInterval)
		var failure *Error
		if errors.As(err, &failure) {
			if !failure.Temporary() {
				return answer, err
			}
			delay = max(delay, failure.RetryAfter)
		}
	}
}

// waitEnded is the error of a wait that ended without an answer.
func waitEnded(k wire.Kind, cause, last error) *Error {
	e := &Error{Operation: string(opRetrieve), kind: k, cause: cause, detail: "waiting for the answer: " + cause.Error()}
	if last != nil {
		e.cause = fmt.Errorf("%w; last try: %w", cause, last)
		e.detail += "; last try: " + last.Error()
	}
	return e
}
