package outbound

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/http/httpguts"
)

// maxResponseHeaderBytes bounds a response's header.
const maxResponseHeaderBytes = 64 << 10

// Client makes attempts. Any number of goroutines may use it.
type Client struct {
	config       Config
	guard        guard
	http         *http.Client
	transport    *http.Transport
	destinations *destinations // nil for no protection
}

// New makes a Client; it fails on a negative setting. Close it when done.
func New(config Config) (*Client, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Client{config: config, guard: newGuard(config.AllowPrivate)}
	dialer := &net.Dialer{
		Timeout:  config.ConnectTimeout,
		Resolver: config.Resolver,
		Control:  c.guard.control,
	}
	c.transport = &http.Transport{
		// With a proxy the guard would see only the proxy's address.
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: config.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    config.ConnectTimeout,
		ResponseHeaderTimeout:  config.HeaderTimeout,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxResponseHeaderBytes,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        time.Minute,
		ForceAttemptHTTP2:      true,
		// Bodies are thrown away, so nothing is to be inflated.
		DisableCompression: true,
	}
	c.http = &http.Client{
		Transport:     c.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if config.PerDestination != nil {
		c.destinations = newDestinations(*config.PerDestination)
	}
	return c, nil
}

// Close closes the connections that are kept for later. Running attempts end
// undisturbed.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Post makes one attempt. It always returns an Attempt and never retries; ctx
// ends it early with OutcomeRetry.
func (c *Client) Post(ctx context.Context, r Request) Attempt {
	start := time.Now()
	attempt := c.post(ctx, r)
	attempt.Duration = time.Since(start)
	return attempt
}

func (c *Client) post(parent context.Context, r Request) Attempt {
	ctx, cancel := context.WithTimeout(parent, c.config.Timeout)
	defer cancel()
	request, err := c.newRequest(ctx, r)
	if err != nil {
		return Attempt{Outcome: OutcomeRefused, Reason: err.Error()}
	}
	if c.destinations == nil {
		return c.send(parent, request)
	}
	release, deferral := c.destinations.acquire(destinationKey(request.URL))
	if release == nil {
		return deferral
	}
	told := healthUnknown
	defer func() { release(told) }() // also when something below panics
	attempt := c.send(parent, request)
	told = healthOf(parent, attempt)
	return attempt
}

func (c *Client) newRequest(ctx context.Context, r Request) (*http.Request, error) {
	target, err := c.parseURL(r.URL)
	if err != nil {
		return nil, err
	}
	target.Fragment, target.RawFragment = "", ""
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, errors.New("url is not valid")
	}
	for name, values := range r.Header {
		if !httpguts.ValidHeaderFieldName(name) {
			return nil, errors.New("a header name is not valid")
		}
		for _, value := range values {
			if !httpguts.ValidHeaderFieldValue(value) {
				return nil, fmt.Errorf("the value of header %s is not valid", http.CanonicalHeaderKey(name))
			}
			request.Header.Add(name, value)
		}
	}
	// The connection is ours to frame: a Host, length or encoding of the
	// caller's would let one request pass for another.
	for _, name := range []string{"Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Trailer", "Te", "Expect", "Proxy-Authorization"} {
		request.Header.Del(name)
	}
	if request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if request.Header.Get("User-Agent") == "" {
		request.Header.Set("User-Agent", c.config.UserAgent)
	}
	return request, nil
}

func (c *Client) send(parent context.Context, request *http.Request) Attempt {
	response, err := c.http.Do(request)
	if err != nil {
		return failed(parent, err)
	}
	defer response.Body.Close()
	// The status is complete, so the body changes nothing any more.
	read, err := io.Copy(io.Discard, io.LimitReader(response.Body, c.config.MaxResponseBytes+1))
	attempt := Attempt{
		Status:  response.StatusCode,
		BodyCut: err != nil || read > c.config.MaxResponseBytes,
	}
	attempt.Outcome, attempt.Reason = judge(response.StatusCode)
	if attempt.Outcome == OutcomeRetry {
		attempt.RetryAfter = retryAfter(response.Header, c.config.Now(), c.config.MaxRetryAfter)
	}
	return attempt
}

// judge says what a status means; the package's documentation says why.
func judge(status int) (Outcome, string) {
	switch {
	case status >= 200 && status < 300:
		return OutcomeDelivered, ""
	case status >= 300 && status < 400:
		return OutcomeRetry, fmt.Sprintf("status %d: redirects are not followed", status)
	case status == http.StatusGone:
		return OutcomeRefused, fmt.Sprintf("status %d: the receiver is gone for good", status)
	default:
		return OutcomeRetry, fmt.Sprintf("status %d", status)
	}
}

// healthOf says what an attempt tells about its destination. A receiver that
// answers 4xx is up, even if it does not want the delivery.
func healthOf(parent context.Context, a Attempt) health {
	switch {
	case a.Status >= 500:
		return healthDown
	case a.Status != 0:
		return healthUp
	case a.Outcome == OutcomeRefused || parent.Err() != nil:
		return healthUnknown
	default:
		return healthDown
	}
}
