package chat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// The defaults of Config.
const (
	DefaultTimeout          = 20 * time.Second
	DefaultAttempts         = 3
	DefaultBackoff          = 500 * time.Millisecond
	DefaultMaxWait          = 20 * time.Second
	DefaultMaxResponseBytes = 1 << 20
)

// Config holds the settings of a Client. BaseURL and Model are needed.
type Config struct {
	// BaseURL is the address below which /chat/completions is, such as
	// "https://api.example/v1".
	BaseURL string
	Model   string
	// Key is sent as bearer token; empty for none.
	Key string
	// Timeout bounds one attempt, to the last byte. 0 means DefaultTimeout.
	Timeout time.Duration
	// Attempts is how often a question is sent at most. 0 means
	// DefaultAttempts.
	Attempts int
	// Backoff is the wait before the second attempt; each further one is
	// twice as long, and all vary by a fifth either way: 0.4 to 0.6 s, then
	// 0.8 to 1.2 s. 0 means DefaultBackoff. A longer Retry-After takes its
	// place.
	Backoff time.Duration
	// MaxWait is the longest Retry-After that is waited for; beyond it, and
	// beyond the context's deadline, the attempts end. 0 means DefaultMaxWait.
	MaxWait time.Duration
	// MaxResponseBytes bounds one response. 0 means DefaultMaxResponseBytes.
	MaxResponseBytes int64
	// Stream asks for the answer in pieces, so that a server that sends
	// nothing is told from one that is slow in each of them: the connection is
	// kept busy where proxies cut idle ones. The answer is the same.
	Stream bool
	// Transport sends the requests. Nil means a direct one, without a proxy.
	Transport http.RoundTripper
	// Sleep waits between attempts; its error ends them. Nil means to wait for
	// d or the end of ctx.
	Sleep func(ctx context.Context, d time.Duration) error
	// Spread is a random number from 0 up to 1 for the variation of waits. Nil
	// means one of math/rand.
	Spread func() float64
	// Now is the clock against which a Retry-After date is read. Nil means
	// time.Now. Time-outs always take the system's clock.
	Now func() time.Time
}

func (c Config) withDefaults() Config {
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.Attempts = cmp.Or(c.Attempts, DefaultAttempts)
	c.Backoff = cmp.Or(c.Backoff, DefaultBackoff)
	c.MaxWait = cmp.Or(c.MaxWait, DefaultMaxWait)
	c.MaxResponseBytes = cmp.Or(c.MaxResponseBytes, DefaultMaxResponseBytes)
	if c.Transport == nil {
		c.Transport = &http.Transport{
			TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			MaxIdleConnsPerHost: 32, IdleConnTimeout: 90 * time.Second,
		}
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Spread == nil {
		c.Spread = rand.Float64
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// check reports what is wrong with a configuration that has its defaults. It
// does not quote the address, which may hold a password.
func (c Config) check() error {
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("chat base URL: want one such as https://api.example/v1")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("chat base URL: want neither user, query nor fragment; the key has a setting of its own")
	case c.Model == "":
		return errors.New("chat model: empty: name one that the server offers")
	case c.Timeout < 0 || c.Backoff < 0 || c.MaxWait < 0 || c.Attempts < 0 || c.MaxResponseBytes < 0:
		return fmt.Errorf("chat: a setting is negative: leave it 0 for the default")
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
