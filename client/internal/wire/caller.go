package wire

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config sets up a Caller. The clients apply their defaults and check before;
// every field is needed but those that say otherwise.
type Config struct {
	Base *url.URL
	// Credential is added by Authorize to what goes to Base, and removed from
	// what is kept of a response.
	Credential string
	Authorize  func(header http.Header, credential string)
	UserAgent  string
	Transport  http.RoundTripper
	// MessageMembers are the members of an error body that may hold the
	// vendor's short description.
	MessageMembers []string
	// OnResponse sees the header of every response from Base; nil for nobody.
	OnResponse func(http.Header)
	// Limited says that a status which is no success means an exhausted rate
	// limit, and how long to wait when no Retry-After tells; nil for never.
	Limited func(operation string, status int, header http.Header) (wait time.Duration, limited bool)

	Timeout          time.Duration // of one try
	MaxResponseBytes int64
	MaxRetries       int
	RetryDelay       time.Duration
	MaxRetryAfter    time.Duration
	Sleep            func(context.Context, time.Duration) error
	Now              func() time.Time
}

// Caller makes calls. Any number of goroutines may use it.
type Caller struct {
	config Config
	// credential returns it. A function is never printed beyond its address,
	// while fmt follows pointers into unexported fields for some verbs.
	credential func() string
	http       *http.Client
}

// New makes a Caller.
func New(config Config) *Caller {
	credential := config.Credential
	config.Credential = ""
	return &Caller{
		config:     config,
		credential: func() string { return credential },
		http:       NewHTTPClient(config.Transport),
	}
}

// Operation is how a call is named and treated.
type Operation struct {
	ID string
	// Safe says that the call may be repeated although the vendor may have
	// seen it.
	Safe bool
	// Timeout of one try; 0 means the Caller's.
	Timeout time.Duration
}

// Reply is a successful response, read to its end.
type Reply struct {
	Status int
	Body   []byte
}

// Send makes one try, such as one of the generated clients' methods.
type Send func(context.Context) (*http.Response, error)

// Base is the vendor's URL. It must not be changed.
func (c *Caller) Base() *url.URL { return c.config.Base }

// CloseIdleConnections closes what is kept for later calls.
func (c *Caller) CloseIdleConnections() { c.http.CloseIdleConnections() }

// Do is the last step before the network under the generated clients. It alone
// adds the credential, after a look at where the request goes.
func (c *Caller) Do(r *http.Request) (*http.Response, error) {
	base := c.config.Base
	if r.URL.Scheme != base.Scheme || !strings.EqualFold(r.URL.Host, base.Host) || !strings.EqualFold(r.Host, base.Host) || r.URL.User != nil {
		return nil, ErrHost
	}
	c.config.Authorize(r.Header, c.credential())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", c.config.UserAgent)
	response, err := c.http.Do(r)
	if err == nil && c.config.OnResponse != nil {
		c.config.OnResponse(response.Header)
	}
	return response, err
}

// Call sends a request, again where that is safe.
func (c *Caller) Call(ctx context.Context, op Operation, send Send) (Reply, *Failure) {
	for tried := 0; ; tried++ {
		got, failure := c.try(ctx, op, send)
		if failure == nil {
			return got, nil
		}
		delay, again := c.retry(op, tried, failure)
		if !again || c.config.Sleep(ctx, delay) != nil {
			return Reply{}, failure
		}
	}
}

// retry says whether to repeat a call that was tried before so many times, and
// when.
func (c *Caller) retry(op Operation, tried int, failure *Failure) (time.Duration, bool) {
	again := failure.Kind == KindDial || (op.Safe && (failure.Kind == KindNetwork || failure.Limited))
	if op.Safe && failure.Kind == KindStatus {
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

func (c *Caller) try(parent context.Context, op Operation, send Send) (Reply, *Failure) {
	if err := parent.Err(); err != nil {
		return Reply{}, &Failure{Operation: op.ID, Kind: KindEnded, Cause: err, Detail: err.Error()}
	}
	op.Timeout = cmp.Or(op.Timeout, c.config.Timeout)
	ctx, cancel := context.WithTimeout(parent, op.Timeout)
	defer cancel()
	progress := &progress{}
	response, err := send(progress.watch(ctx))
	if err != nil {
		return Reply{}, c.failed(parent, op, progress, err)
	}
	defer response.Body.Close()
	body, err := readBody(response.Body, c.config.MaxResponseBytes)
	got := Reply{Status: response.StatusCode, Body: body}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		// The vendor has spoken, even if its body is cut.
		return Reply{}, c.refused(op, got, response.Header)
	}
	if err == nil {
		return got, nil
	}
	failure := c.failed(parent, op, progress, err)
	failure.Status, failure.RequestSent, failure.Excerpt = got.Status, true, c.excerpt(body)
	return Reply{}, failure
}

// refused is the failure of a status that is no success.
func (c *Caller) refused(op Operation, got Reply, header http.Header) *Failure {
	failure := &Failure{
		Operation:   op.ID,
		Status:      got.Status,
		Header:      header,
		Message:     Printable(VendorMessage(got.Body, c.config.MessageMembers), c.credential(), MaxMessageBytes),
		Excerpt:     c.excerpt(got.Body),
		RetryAfter:  retryAfter(header, c.config.Now),
		RequestSent: true,
		Kind:        KindStatus,
	}
	if got.Status >= 300 && got.Status < 400 {
		failure.Detail = "redirects are not followed"
	}
	if c.config.Limited != nil {
		wait, limited := c.config.Limited(op.ID, got.Status, header)
		failure.Limited = limited
		if limited && failure.RetryAfter == 0 {
			failure.RetryAfter = min(max(wait, 0), maxRetryAfter)
		}
	}
	return failure
}

// Malformed is the failure of a response that reports success but cannot be
// read.
func (c *Caller) Malformed(op Operation, got Reply, err error) *Failure {
	return &Failure{
		Operation:   op.ID,
		Status:      got.Status,
		Excerpt:     c.excerpt(got.Body),
		RequestSent: true,
		Kind:        KindResponse,
		Detail:      err.Error(),
		Cause:       err,
	}
}

func (c *Caller) excerpt(body []byte) string {
	return Printable(string(body), c.credential(), MaxExcerptBytes)
}

// readBody returns up to limit bytes, also beside an error.
func readBody(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], ErrTooLarge
	}
	return body, err
}

// failed is the failure of a try without a complete response.
func (c *Caller) failed(parent context.Context, op Operation, p *progress, err error) *Failure {
	// The text of a url.Error holds the URL with its query.
	var located *url.Error
	if errors.As(err, &located) {
		err = located.Err
	}
	e := &Failure{Operation: op.ID, Cause: err, RequestSent: p.mayBeSent()}
	var dial *net.OpError
	var timeout net.Error
	switch {
	case errors.Is(err, ErrHost):
		e.Kind, e.RequestSent, e.Detail = KindInvalid, false, ErrHost.Error()
	case parent.Err() != nil:
		e.Kind, e.Cause, e.Detail = KindEnded, parent.Err(), parent.Err().Error()
	case errors.Is(err, ErrTooLarge):
		e.Kind, e.Detail = KindResponse, fmt.Sprintf("response is longer than %d bytes", c.config.MaxResponseBytes)
	case errors.As(err, &dial) && dial.Op == "dial": // before the time-outs, of which it may be one
		e.Kind, e.RequestSent, e.Detail = KindDial, false, "not connected: "+c.clean(err)
	case errors.Is(err, context.DeadlineExceeded):
		e.Kind, e.Detail = KindTimeout, fmt.Sprintf("no complete response within %v", op.Timeout)
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Kind, e.Detail = KindTimeout, "time-out: "+c.clean(err)
	default:
		e.Kind, e.Detail = KindNetwork, c.clean(err)
	}
	return e
}

// clean is the text of an error of the transport, which may be one that quotes
// the request.
func (c *Caller) clean(err error) string {
	return Printable(err.Error(), c.credential(), MaxMessageBytes)
}
