package maax

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/gen/maaxv2"
)

// Client calls the vendor. Any number of goroutines may use it. It prints and
// logs without the key.
type Client struct {
	config Config
	doer   *doer
	v1     maaxv1.ClientInterface
	v2     maaxv2.ClientInterface
}

// New makes a Client. It fails without a usable APIKey, on a BaseURL that is
// not valid or would show the key, and on a negative setting where that means
// nothing.
func New(config Config) (*Client, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	base, err := config.parseBase()
	if err != nil {
		return nil, err
	}
	if config.Transport == nil {
		config.Transport = newTransport()
	}
	key := config.APIKey
	config.APIKey = "" // see doer.key
	d := &doer{
		base:      base,
		key:       func() string { return key },
		userAgent: config.UserAgent,
		http: &http.Client{
			Transport: config.Transport,
			// A redirect would carry the key and the message elsewhere.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	c := &Client{config: config, doer: d}
	if c.v1, err = maaxv1.NewClient(base.String(), maaxv1.WithHTTPClient(d)); err != nil {
		return nil, fmt.Errorf("maax: %w", err)
	}
	if c.v2, err = maaxv2.NewClient(base.String(), maaxv2.WithHTTPClient(d)); err != nil {
		return nil, fmt.Errorf("maax: %w", err)
	}
	return c, nil
}

// Close closes the connections that are kept for later calls, when the
// transport can. Running calls end undisturbed.
func (c *Client) Close() { c.doer.http.CloseIdleConnections() }

// Format prints the client without the key, whatever the verb.
func (c Client) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, c.describe())
}

// LogValue logs the client without the key.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.describe()) }

func (c Client) describe() string {
	if c.doer == nil {
		return "maax.Client{}"
	}
	return "maax.Client{" + c.doer.base.Scheme + "://" + c.doer.base.Host + ", API key redacted}"
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns:           16,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        90 * time.Second,
		ForceAttemptHTTP2:      true,
	}
}

// proxy takes the environment's proxy for https only, where it sees no more
// than the host's name; with http it would see the key.
func proxy(r *http.Request) (*url.URL, error) {
	if r.URL.Scheme != "https" {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}
