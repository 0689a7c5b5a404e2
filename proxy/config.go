package proxy

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// Mode says what happens to messages that break the contract.
type Mode string

// The modes.
const (
	// ModeObserve passes everything on as it came. It is the default.
	ModeObserve Mode = "observe"
	// ModeEnforce refuses requests and responses with findings of severity
	// error, and requests beyond the body limit. Streams pass.
	ModeEnforce Mode = "enforce"
)

// Sink takes the exchanges. An evidence.Recorder is one.
type Sink interface {
	// Exchange is called once for every exchange, after its response was
	// passed on, from the goroutine that serves it: it must not block. The
	// bodies are not redacted yet.
	Exchange(x evidence.Exchange)
}

// Config configures a Proxy. Only Upstream is required.
type Config struct {
	// Upstream is where requests go: scheme, host and, when all paths of the
	// vendor stand below one, a base path that is put in front of each target.
	Upstream *url.URL
	// Contracts to check against; without any, all messages are unmatched.
	Contracts contract.Set
	// Mode is ModeObserve unless set.
	Mode Mode
	// Interposer swaps the callback URLs of requests for ours; nil does not.
	// It changes requests, in observe mode too.
	Interposer *Interposer
	// Callbacks is the contract of the callbacks that come back to interposed
	// URLs, when the proxy itself is where they point.
	Callbacks *contract.Contract
	// PreserveHost sends the client's Host header upstream instead of the
	// upstream's own.
	PreserveHost bool
	Options
}

// Options are the settings a Proxy and an Ingress have in common. The zero
// value is ready to use.
type Options struct {
	// MaxBodyBytes is the largest body that is held, checked and recorded.
	// Larger ones pass unchecked in observe mode, and are counted. Default
	// 1 MiB; give contracts the same limit.
	MaxBodyBytes int64
	// DialTimeout bounds connecting to the upstream. Default 10 s.
	DialTimeout time.Duration
	// ResponseTimeout bounds the wait for the response's header. Default 60 s.
	ResponseTimeout time.Duration
	// BodyIdleTimeout bounds the wait for the next bytes of a body of known
	// length, in either direction. Bodies of unknown length, streams above
	// all, have no limit but the connection's. Default 60 s.
	BodyIdleTimeout time.Duration
	// TLS is how the upstream is spoken to over TLS, such as a private
	// authority or a client certificate. Nil verifies against the system's
	// roots.
	TLS *tls.Config
	// MaxIdleConns is how many idle upstream connections are kept. Default 256.
	MaxIdleConns int
	// Transport reaches the upstream. Nil is NewTransport of these options,
	// with a quicker way beside it for short requests. One that is given is
	// used for all; it must not follow redirects, decompress or use a proxy of
	// the environment.
	Transport http.RoundTripper
	// Sink takes the exchanges; nil keeps none, and copies no bodies.
	Sink Sink
	// OnFinding is called for every finding, after the response was passed on,
	// from the goroutine that serves the exchange. Findings in an event of a
	// stream come as soon as the event has passed, from another goroutine, and
	// not again at the end. Exchange is the ID.
	OnFinding func(exchange string, f contract.Finding)
	// Clock is time.Now unless set.
	Clock func() time.Time
	// IDs names the exchanges. Default evidence.NewIDs(Clock, nil).
	IDs *evidence.IDs
	// Logger gets one line for each exchange. Default none.
	Logger *slog.Logger
	// Registry takes the metrics; nil makes one. A Proxy and an Ingress may
	// share it.
	Registry *prometheus.Registry
}

// withLimits returns the options with every limit that is zero set.
func (o Options) withLimits() Options {
	if o.MaxBodyBytes <= 0 {
		o.MaxBodyBytes = 1 << 20
	}
	if o.DialTimeout <= 0 {
		o.DialTimeout = 10 * time.Second
	}
	if o.ResponseTimeout <= 0 {
		o.ResponseTimeout = 60 * time.Second
	}
	if o.BodyIdleTimeout <= 0 {
		o.BodyIdleTimeout = 60 * time.Second
	}
	if o.MaxIdleConns <= 0 {
		o.MaxIdleConns = 256
	}
	return o
}

// withDefaults returns the options with every zero field set, but TLS, Sink
// and OnFinding.
func (o Options) withDefaults() Options {
	o = o.withLimits()
	if o.Transport == nil {
		o.Transport = newDirect(NewTransport(o), o.MaxIdleConns)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.IDs == nil {
		o.IDs = evidence.NewIDs(o.Clock, nil)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Registry == nil {
		o.Registry = prometheus.NewRegistry()
	}
	return o
}

// checkUpstream says what is wrong with the address of an upstream.
func checkUpstream(u *url.URL) error {
	switch {
	case u == nil:
		return errors.New("no upstream: give a URL such as https://api.example.com")
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("upstream %s: scheme must be http or https", u.Redacted())
	case u.Host == "":
		return fmt.Errorf("upstream %s: no host", u.Redacted())
	case u.User != nil:
		return fmt.Errorf("upstream %s: credentials in the URL would be added to requests: let the client send them", u.Redacted())
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("upstream %s: a query or fragment cannot stand in front of a target", u.Redacted())
	}
	return nil
}
