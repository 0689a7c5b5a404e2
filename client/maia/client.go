package maia

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// Client calls the vendor. Any number of goroutines may use it. It prints and
// logs without the token.
type Client struct {
	config  Config
	caller  *wire.Caller
	api     maia.ClientInterface
	storage *http.Client
	limit   *atomic.Pointer[RateLimit]
}

// New makes a Client. It fails without a usable Token, on a BaseURL that is not
// valid or would show the token, and on a negative setting where that means
// nothing.
func New(config Config) (*Client, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	base, err := credential.ParseBase(config.BaseURL, config.AllowPlainHTTP)
	if err != nil {
		return nil, err
	}
	if config.Transport == nil {
		config.Transport = wire.NewTransport()
	}
	if config.StorageTransport == nil {
		config.StorageTransport = wire.NewTransport()
	}
	limit := &atomic.Pointer[RateLimit]{}
	caller := wire.New(wire.Config{
		Base:             base,
		Credential:       config.Token,
		Authorize:        func(header http.Header, token string) { header.Set("Authorization", "Bearer "+token) },
		UserAgent:        config.UserAgent,
		Transport:        config.Transport,
		MessageMembers:   []string{"message", "error"},
		OnResponse:       remember(limit),
		Limited:          limited(config.Now),
		Timeout:          config.Timeout,
		MaxResponseBytes: config.MaxResponseBytes,
		MaxRetries:       config.MaxRetries,
		RetryDelay:       config.RetryDelay,
		MaxRetryAfter:    config.MaxRetryAfter,
		Sleep:            config.Sleep,
		Now:              config.Now,
	})
	config.Token = "" // the caller has it, where it does not print
	c := &Client{config: config, caller: caller, storage: wire.NewHTTPClient(config.StorageTransport), limit: limit}
	if c.api, err = maia.NewClient(base.String(), maia.WithHTTPClient(caller)); err != nil {
		return nil, fmt.Errorf("maia: %w", err)
	}
	return c, nil
}

// Close closes the connections that are kept for later calls, when the
// transports can. Running calls end undisturbed.
func (c *Client) Close() {
	c.caller.CloseIdleConnections()
	c.storage.CloseIdleConnections()
}

// RateLimit is what the latest response of the vendor said about the account's
// rate limit, which all calls of the account share. With calls at the same
// time, whichever response came last counts. Known is false before the first
// response that says something.
func (c *Client) RateLimit() RateLimit {
	if last := c.limit.Load(); last != nil {
		return *last
	}
	return RateLimit{}
}

// Format prints the client without the token, whatever the verb.
func (c Client) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, c.describe())
}

// LogValue logs the client without the token.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.describe()) }

func (c Client) describe() string {
	if c.caller == nil {
		return "maia.Client{}"
	}
	return wire.Describe("maia.Client", c.caller.Base().String(), "token")
}
