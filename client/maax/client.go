package maax

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/gen/maaxv2"
)

// keyHeader is the contract's security scheme, which is not generated.
const keyHeader = "2hd-api-key"

// Client calls the vendor. Any number of goroutines may use it. It prints and
// logs without the key.
type Client struct {
	config Config
	caller *wire.Caller
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
	base, err := credential.ParseBase(config.BaseURL, config.AllowPlainHTTP)
	if err != nil {
		return nil, err
	}
	if config.Transport == nil {
		config.Transport = wire.NewTransport()
	}
	caller := wire.New(wire.Config{
		Base:             base,
		Credential:       config.APIKey,
		Authorize:        func(header http.Header, key string) { header.Set(keyHeader, key) },
		UserAgent:        config.UserAgent,
		Transport:        config.Transport,
		MessageMembers:   []string{"error", "detail", "message"}, // the contract's, and two that frameworks use
		Timeout:          config.Timeout,
		MaxResponseBytes: config.MaxResponseBytes,
		MaxRetries:       config.MaxRetries,
		RetryDelay:       config.RetryDelay,
		MaxRetryAfter:    config.MaxRetryAfter,
		Sleep:            config.Sleep,
		Now:              config.Now,
	})
	config.APIKey = "" // the caller has it, where it does not print
	c := &Client{config: config, caller: caller}
	if c.v1, err = maaxv1.NewClient(base.String(), maaxv1.WithHTTPClient(caller)); err != nil {
		return nil, fmt.Errorf("maax: %w", err)
	}
	if c.v2, err = maaxv2.NewClient(base.String(), maaxv2.WithHTTPClient(caller)); err != nil {
		return nil, fmt.Errorf("maax: %w", err)
	}
	return c, nil
}

// Close closes the connections that are kept for later calls, when the
// transport can. Running calls end undisturbed.
func (c *Client) Close() { c.caller.CloseIdleConnections() }

// Format prints the client without the key, whatever the verb.
func (c Client) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, c.describe())
}

// LogValue logs the client without the key.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.describe()) }

func (c Client) describe() string {
	if c.caller == nil {
		return "maax.Client{}"
	}
	return wire.Describe("maax.Client", c.caller.Base().String(), "API key")
}
