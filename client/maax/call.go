package maax

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// operation is an operationId of the contracts.
type operation string

const (
	opInitiate  operation = "initiateAnswerGeneration"
	opRetrieve  operation = "retrieveAnswer"
	opCreate    operation = "createConversation"
	opHistory   operation = "getConversationsHistory"
	opSend      operation = "createOutgoingMessage"
	opHistoryV2 operation = "getConversationHistory"
)

// safe says that a call may be repeated although the vendor may have seen it.
// opHistoryV2 only reads, but is a POST of whose effects nothing is promised.
func (op operation) safe() bool { return op == opRetrieve || op == opHistory }

// maxRetryAfter bounds Error.RetryAfter.
const maxRetryAfter = 24 * time.Hour

// reply is a successful response, read to its end.
type reply struct {
	status int
	body   []byte
}

// send is one of the generated client's methods, ready to be called.
type send func(context.Context) (*http.Response, error)

// call sends a request, again where that is safe. Its error is an *Error.
func (c *Client) call(ctx context.Context, op operation, do send) (reply, *Error) {
	for tried := 0; ; tried++ {
		got, failure := c.try(ctx, op, do)
		if failure == nil {
			return got, nil
		}
		delay, again := c.retry(op, tried, failure)
		if !again || c.config.Sleep(ctx, delay) != nil {
			return reply{}, failure
		}
	}
}

// retry says whether to repeat a call that was tried before so many times, and
// when.
func (c *Client) retry(op operation, tried int, failure *Error) (time.Duration, bool) {
	again := failure.kind == kindDial || (op.safe() && failure.kind == kindNetwork)
	if op.safe() && failure.kind == kindStatus {
		switch failure.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			again = true
		}
	}
	if !again || tried >= c.config.MaxRetries || failure.RetryAfter > c.config.MaxRetryAfter {
		return 0, false
	}
	// 0.5, 1, 2, ... seconds, give or take a fifth so that clients which
	// failed together do not come back together.
	delay := float64(c.config.RetryDelay) * float64(uint64(1)<<min(tried, 16)) * (0.8 + 0.4*rand.Float64())
	return max(time.Duration(delay), failure.RetryAfter), true
}

func (c *Client) try(parent context.Context, op operation, do send) (reply, *Error) {
	if err := parent.Err(); err != nil {
		return reply{}, &Error{Operation: string(op), kind: kindEnded, cause: err, detail: err.Error()}
	}
	ctx, cancel := context.WithTimeout(parent, c.config.Timeout)
	defer cancel()
	progress := &progress{}
	response, err := do(progress.watch(ctx))
	if err != nil {
		return reply{}, c.failed(parent, op, progress, err)
	}
	defer response.Body.Close()
	body, err := readBody(response.Body, c.config.MaxResponseBytes)
	got := reply{status: response.StatusCode, body: body}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		// The vendor has spoken, even if its body is cut.
		return reply{}, c.refused(op, got, response.Header)
	}
	if err == nil {
		return got, nil
	}
	failure := c.failed(parent, op, progress, err)
	failure.Status, failure.RequestSent, failure.Excerpt = got.status, true, c.excerpt(body)
	return reply{}, failure
}

// refused is the error of a status that is no success.
func (c *Client) refused(op operation, got reply, header http.Header) *Error {
	failure := &Error{
		Operation:   string(op),
		Status:      got.status,
		Message:     printable(vendorMessage(got.body), c.doer.key(), maxMessageBytes),
		Excerpt:     c.excerpt(got.body),
		RetryAfter:  c.retryAfter(header),
		RequestSent: true,
		kind:        kindStatus,
	}
	if got.status >= 300 && got.status < 400 {
		failure.detail = "redirects are not followed"
	}
	return failure
}

func (c *Client) excerpt(body []byte) string {
	return printable(string(body), c.doer.key(), maxExcerptBytes)
}

// readBody returns up to limit bytes, also beside an error.
func readBody(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], ErrTooLarge
	}
	return body, err
}

// failed is the error of a try without a complete response.
func (c *Client) failed(parent context.Context, op operation, p *progress, err error) *Error {
	// The text of a url.Error holds the URL with its query.
	var located *url.Error
	if errors.As(err, &located) {
		err = located.Err
	}
	e := &Error{Operation: string(op), cause: err, RequestSent: p.mayBeSent()}
	var dial *net.OpError
	var timeout net.Error
	switch {
	case errors.Is(err, errHost):
		e.kind, e.RequestSent, e.detail = kindInvalid, false, errHost.Error()
	case parent.Err() != nil:
		e.kind, e.cause, e.detail = kindEnded, parent.Err(), parent.Err().Error()
	case errors.Is(err, ErrTooLarge):
		e.kind, e.detail = kindResponse, fmt.Sprintf("response is longer than %d bytes", c.config.MaxResponseBytes)
	case errors.As(err, &dial) && dial.Op == "dial": // before the time-outs, of which it may be one
		e.kind, e.RequestSent, e.detail = kindDial, false, "not connected: "+c.clean(err)
	case errors.Is(err, context.DeadlineExceeded):
		e.kind, e.detail = kindTimeout, fmt.Sprintf("no complete response within %v", c.config.Timeout)
	case errors.As(err, &timeout) && timeout.Timeout():
		e.kind, e.detail = kindTimeout, "time-out: "+c.clean(err)
	default:
		e.kind, e.detail = kindNetwork, c.clean(err)
	}
	return e
}

// clean is the text of an error of the transport, which may be one that quotes
// the request.
func (c *Client) clean(err error) string {
	return printable(err.Error(), c.doer.key(), maxMessageBytes)
}

// retryAfter reads the field of that name, a number of seconds or a date.
func (c *Client) retryAfter(header http.Header) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter
		}
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(c.config.Now()), 0), maxRetryAfter)
}

func (c *Client) notReady(status int) bool { return slices.Contains(c.config.NotReady, status) }

// malformed is the error of a response that reports success but cannot be
// read.
func (c *Client) malformed(op operation, got reply, err error) *Error {
	return &Error{
		Operation:   string(op),
		Status:      got.status,
		Excerpt:     c.excerpt(got.body),
		RequestSent: true,
		kind:        kindResponse,
		detail:      err.Error(),
		cause:       err,
	}
}
