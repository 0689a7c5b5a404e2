package maia

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// The defaults of Config.
const (
	DefaultBaseURL          = maia.ServerURLProduction
	DefaultTimeout          = 30 * time.Second
	DefaultUploadTimeout    = 5 * time.Minute
	DefaultMaxResponseBytes = 4 << 20
	DefaultMaxRetries       = 2
	DefaultRetryDelay       = 500 * time.Millisecond
	DefaultMaxRetryAfter    = 30 * time.Second
	DefaultMegabyteBytes    = 1_000_000
	DefaultUserAgent        = "parley-maia"
)

// credential names the token in the texts of errors.
var credential = wire.Credential{Package: "maia", Name: "token", Setting: "Token"}

// Config holds the settings of a Client. Only Token is needed. It prints and
// logs without the token.
type Config struct {
	// Token is an API token from the vendor's dashboard. Making a new one
	// there revokes the old.
	Token string
	// BaseURL is scheme, host and optional path prefix of the vendor; empty
	// means DefaultBaseURL.
	BaseURL string
	// AllowPlainHTTP lets a BaseURL and upload URLs with http pass whose host
	// is not loopback. Token and files are then readable on the way.
	AllowPlainHTTP bool
	// Transport makes the calls; nil means one of the client's own. It sees
	// the token.
	Transport http.RoundTripper
	// StorageTransport sends files to the storage host; nil means one of the
	// client's own. It is never Transport, which may add credentials.
	StorageTransport http.RoundTripper
	// Timeout bounds one try of one call, its response included; 0 means
	// DefaultTimeout.
	Timeout time.Duration
	// UploadTimeout bounds sending a file to the storage host; 0 means
	// DefaultUploadTimeout.
	UploadTimeout time.Duration
	// MaxResponseBytes bounds a response's body; 0 means
	// DefaultMaxResponseBytes. A longer one is an error with ErrTooLarge.
	MaxResponseBytes int64
	// MaxRetries bounds how often a call is repeated where that is safe; 0
	// means DefaultMaxRetries, a negative value never.
	MaxRetries int
	// RetryDelay is the wait before the first repetition, doubled for each
	// further one, give or take a fifth; 0 means DefaultRetryDelay.
	RetryDelay time.Duration
	// MaxRetryAfter is the longest wait asked for by the vendor that a call
	// still sits out itself; beyond it the error is returned. 0 means
	// DefaultMaxRetryAfter.
	MaxRetryAfter time.Duration
	// MegabyteBytes is what the documented size limits mean by MB, which is
	// not said; 0 means DefaultMegabyteBytes, the smaller reading. The other
	// is 1 << 20.
	MegabyteBytes int64
	// UserAgent is sent with each call; empty means DefaultUserAgent.
	UserAgent string
	// Sleep waits, or returns the context's error when that ends first; nil
	// waits on the system's clock. Tests and virtual clocks replace it. It
	// must be safe for concurrent use.
	Sleep func(context.Context, time.Duration) error
	// Now is the clock against which a Retry-After date and the reset of the
	// rate limit are read; nil means time.Now.
	Now func() time.Time
}

// Format prints the configuration without the token, whatever the verb.
func (c Config) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, c.describe())
}

// LogValue logs the configuration without the token.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.describe()) }

// MarshalJSON writes the configuration's description, without the token.
func (c Config) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%q", c.describe()), nil
}

func (c Config) describe() string {
	return wire.Describe("maia.Config", cmp.Or(c.BaseURL, DefaultBaseURL), "token")
}

// withDefaults fills in what is left out and refuses what cannot work.
func (c Config) withDefaults() (Config, error) {
	c.BaseURL = cmp.Or(c.BaseURL, DefaultBaseURL)
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.UploadTimeout = cmp.Or(c.UploadTimeout, DefaultUploadTimeout)
	c.MaxResponseBytes = cmp.Or(c.MaxResponseBytes, DefaultMaxResponseBytes)
	c.MaxRetries = max(cmp.Or(c.MaxRetries, DefaultMaxRetries), 0)
	c.RetryDelay = cmp.Or(c.RetryDelay, DefaultRetryDelay)
	c.MaxRetryAfter = cmp.Or(c.MaxRetryAfter, DefaultMaxRetryAfter)
	c.MegabyteBytes = cmp.Or(c.MegabyteBytes, DefaultMegabyteBytes)
	c.UserAgent = cmp.Or(c.UserAgent, DefaultUserAgent)
	if c.Sleep == nil {
		c.Sleep = wire.Sleep
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	for _, setting := range []struct {
		name  string
		value int64
	}{
		{"Timeout", int64(c.Timeout)},
		{"UploadTimeout", int64(c.UploadTimeout)},
		{"MaxResponseBytes", c.MaxResponseBytes},
		{"RetryDelay", int64(c.RetryDelay)},
		{"MaxRetryAfter", int64(c.MaxRetryAfter)},
		{"MegabyteBytes", c.MegabyteBytes},
	} {
		if err := credential.NotNegative(setting.name, setting.value); err != nil {
			return Config{}, err
		}
	}
	return c, credential.Check(c.Token)
}
