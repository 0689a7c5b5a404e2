package maax

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maaxv1"
)

// The defaults of Config. The documentation says that an answer takes 30 to 60
// seconds: the first poll comes at the earliest of them, the next ones after
// 10, 15, 22.5, 33.75 and 50.6 seconds and then every minute, so that an answer
// is fetched soon while one that needs a human costs few calls.
const (
	DefaultBaseURL          = maaxv1.ServerURLProduction
	DefaultTimeout          = 30 * time.Second
	DefaultMaxResponseBytes = 1 << 20
	DefaultFirstPoll        = 30 * time.Second
	DefaultPollInterval     = 10 * time.Second
	DefaultMaxPollInterval  = time.Minute
	DefaultMaxWait          = 15 * time.Minute
	DefaultMaxRetries       = 2
	DefaultRetryDelay       = 500 * time.Millisecond
	DefaultMaxRetryAfter    = 30 * time.Second
	DefaultUserAgent        = "parley-maax"
)

// credential names the key in the texts of errors.
var credential = wire.Credential{Package: "maax", Name: "key", Setting: "APIKey"}

// Config holds the settings of a Client. Only APIKey is needed. It prints and
// logs without the key.
type Config struct {
	// APIKey is the company's key from the vendor's dashboard.
	APIKey string
	// BaseURL is scheme, host and optional path prefix of the vendor; empty
	// means DefaultBaseURL. The documentation prints a second host,
	// app.max.ai; who owns it is not known, so do not send it a live key.
	BaseURL string
	// AllowPlainHTTP lets a BaseURL with http pass whose host is not loopback.
	// The key is then readable on the way.
	AllowPlainHTTP bool
	// Transport makes the calls; nil means one of the client's own. It sees
	// the key.
	Transport http.RoundTripper
	// Timeout bounds one try of one call, its response included; 0 means
	// DefaultTimeout.
	Timeout time.Duration
	// MaxResponseBytes bounds a response's body; 0 means
	// DefaultMaxResponseBytes. A longer one is an error with ErrTooLarge.
	MaxResponseBytes int64
	// FirstPoll is the time from sending a message to the first fetch of its
	// answer; 0 means DefaultFirstPoll, a negative value none.
	FirstPoll time.Duration
	// PollInterval is the time from the first fetch to the second; it grows by
	// half each time up to MaxPollInterval. 0 means the default of each.
	PollInterval    time.Duration
	MaxPollInterval time.Duration
	// MaxWait bounds the sum of the waits for one answer, calls not counted; 0
	// means DefaultMaxWait, a negative value no bound but the context's.
	MaxWait time.Duration
	// NotReady are the statuses of retrieveAnswer that mean that there is no
	// answer yet, besides a null or empty answer; nil means 202, 204, 404 and
	// 425. What the vendor does is not documented.
	NotReady []int
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
	// UserAgent is sent with each call; empty means DefaultUserAgent.
	UserAgent string
	// Sleep waits, or returns the context's error when that ends first; nil
	// waits on the system's clock. Tests and virtual clocks replace it. It
	// must be safe for concurrent use.
	Sleep func(context.Context, time.Duration) error
	// Now is the clock against which a Retry-After date is read; nil means
	// time.Now.
	Now func() time.Time
}

// Format prints the configuration without the key, whatever the verb.
func (c Config) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, c.describe())
}

// LogValue logs the configuration without the key.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.describe()) }

// MarshalJSON writes the configuration's description, without the key.
func (c Config) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%q", c.describe()), nil
}

func (c Config) describe() string {
	return wire.Describe("maax.Config", cmp.Or(c.BaseURL, DefaultBaseURL), "API key")
}

// withDefaults fills in what is left out and refuses what cannot work.
func (c Config) withDefaults() (Config, error) {
	c.BaseURL = cmp.Or(c.BaseURL, DefaultBaseURL)
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.MaxResponseBytes = cmp.Or(c.MaxResponseBytes, DefaultMaxResponseBytes)
	c.FirstPoll = max(cmp.Or(c.FirstPoll, DefaultFirstPoll), 0)
	c.PollInterval = cmp.Or(c.PollInterval, DefaultPollInterval)
	c.MaxPollInterval = max(cmp.Or(c.MaxPollInterval, DefaultMaxPollInterval), c.PollInterval)
	c.MaxWait = cmp.Or(c.MaxWait, DefaultMaxWait)
	c.MaxRetries = max(cmp.Or(c.MaxRetries, DefaultMaxRetries), 0)
	c.RetryDelay = cmp.Or(c.RetryDelay, DefaultRetryDelay)
	c.MaxRetryAfter = cmp.Or(c.MaxRetryAfter, DefaultMaxRetryAfter)
	c.UserAgent = cmp.Or(c.UserAgent, DefaultUserAgent)
	if c.NotReady == nil {
		c.NotReady = []int{http.StatusAccepted, http.StatusNoContent, http.StatusNotFound, http.StatusTooEarly}
	}
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
		{"MaxResponseBytes", c.MaxResponseBytes},
		{"PollInterval", int64(c.PollInterval)},
		{"RetryDelay", int64(c.RetryDelay)},
		{"MaxRetryAfter", int64(c.MaxRetryAfter)},
	} {
		if err := credential.NotNegative(setting.name, setting.value); err != nil {
			return Config{}, err
		}
	}
	return c, credential.Check(c.APIKey)
}
