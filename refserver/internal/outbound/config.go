package outbound

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net"
	"time"
)

// The defaults of Config.
const (
	DefaultTimeout          = 15 * time.Second
	DefaultConnectTimeout   = 5 * time.Second
	DefaultHeaderTimeout    = 10 * time.Second
	DefaultMaxResponseBytes = 64 << 10
	DefaultMaxRetryAfter    = time.Hour
	DefaultUserAgent        = "parley"
)

// Config holds the settings of a Client; the zero value is a safe one.
type Config struct {
	// AllowPrivate lets loopback, RFC 1918 and unique local addresses and any
	// port pass, for development and tests. Link-local addresses and the
	// metadata services of cloud hosts stay refused.
	AllowPrivate bool
	// Timeout bounds a whole attempt, from name resolution to the last byte
	// read; 0 means DefaultTimeout.
	Timeout time.Duration
	// ConnectTimeout bounds name resolution with connecting, and once more the
	// TLS handshake; 0 means DefaultConnectTimeout.
	ConnectTimeout time.Duration
	// HeaderTimeout bounds the wait for the response's header once the request
	// is written; 0 means DefaultHeaderTimeout.
	HeaderTimeout time.Duration
	// MaxResponseBytes bounds how much of a response's body is read, which
	// serves only to use the connection again; 0 means DefaultMaxResponseBytes.
	MaxResponseBytes int64
	// MaxRetryAfter caps Attempt.RetryAfter; 0 means DefaultMaxRetryAfter.
	MaxRetryAfter time.Duration
	// UserAgent is sent unless a Request has its own; empty means
	// DefaultUserAgent.
	UserAgent string
	// PerDestination protects each destination, and the sender from it; nil
	// means no such protection.
	PerDestination *PerDestination
	// RootCAs verifies receivers; nil means the system's.
	RootCAs *x509.CertPool
	// Resolver resolves host names; nil means net.DefaultResolver.
	Resolver *net.Resolver
	// Now is the clock against which a Retry-After date is read; nil means
	// time.Now. Time-outs always take the system's clock.
	Now func() time.Time
}

// PerDestination limits what is sent to one scheme, host and port.
type PerDestination struct {
	// Failures in a row open the circuit: attempts are deferred unsent. 0
	// means 5. Time-outs, connection failures and 5xx statuses count.
	Failures int
	// OpenFor is how long the circuit stays open before one attempt probes
	// whether the destination is back; 0 means 30 s.
	OpenFor time.Duration
	// InFlight bounds the attempts that run at once; further ones are
	// deferred. 0 means 8.
	InFlight int
}

// withDefaults fills in zero values and refuses negative ones.
func (c Config) withDefaults() (Config, error) {
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, DefaultConnectTimeout)
	c.HeaderTimeout = cmp.Or(c.HeaderTimeout, DefaultHeaderTimeout)
	c.MaxResponseBytes = cmp.Or(c.MaxResponseBytes, DefaultMaxResponseBytes)
	c.MaxRetryAfter = cmp.Or(c.MaxRetryAfter, DefaultMaxRetryAfter)
	c.UserAgent = cmp.Or(c.UserAgent, DefaultUserAgent)
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	limits := PerDestination{}
	if c.PerDestination != nil {
		limits = *c.PerDestination
		limits.Failures = cmp.Or(limits.Failures, 5)
		limits.OpenFor = cmp.Or(limits.OpenFor, 30*time.Second)
		limits.InFlight = cmp.Or(limits.InFlight, 8)
		c.PerDestination = &limits
	}
	for _, setting := range []struct {
		name  string
		value int64
	}{
		{"Timeout", int64(c.Timeout)},
		{"ConnectTimeout", int64(c.ConnectTimeout)},
		{"HeaderTimeout", int64(c.HeaderTimeout)},
		{"MaxResponseBytes", c.MaxResponseBytes},
		{"MaxRetryAfter", int64(c.MaxRetryAfter)},
		{"PerDestination.Failures", int64(limits.Failures)},
		{"PerDestination.OpenFor", int64(limits.OpenFor)},
		{"PerDestination.InFlight", int64(limits.InFlight)},
	} {
		if setting.value < 0 {
			return Config{}, fmt.Errorf("outbound: %s is negative: leave it 0 for the default", setting.name)
		}
	}
	return c, nil
}
