package proxy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parley-contracts/parley/contract"
)

// Proxy forwards what an integration asks a vendor, and checks both sides. It
// is an http.Handler, safe for concurrent use, and holds no goroutine of its
// own.
//
// It reads the request target as it was sent, so a handler that rewrites
// Request.URL in front of it, such as http.StripPrefix, has no effect.
type Proxy struct {
	core      *core
	judge     judge
	callbacks *contract.Contract
	upstream  destination
	address   *url.URL
}

// New returns a proxy. The error says what to correct in the configuration.
func New(config Config) (*Proxy, error) {
	if err := checkUpstream(config.Upstream); err != nil {
		return nil, err
	}
	switch config.Mode {
	case "":
		config.Mode = ModeObserve
	case ModeObserve, ModeEnforce:
	default:
		return nil, fmt.Errorf("mode %q: must be %q or %q", config.Mode, ModeObserve, ModeEnforce)
	}
	core, err := newCore(config.Options)
	if err != nil {
		return nil, err
	}
	core.enforce = config.Mode == ModeEnforce
	core.interposer = config.Interposer
	return &Proxy{
		core:      core,
		judge:     setJudge{config.Contracts},
		callbacks: config.Callbacks,
		upstream:  newDestination(config.Upstream, config.PreserveHost),
		address:   config.Upstream,
	}, nil
}

// ServeHTTP forwards one request, or one callback to an interposed URL.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.core.interposer.serve(w, r, p.core, p.callbacks) {
		return
	}
	p.core.serve(w, r, p.judge, p.upstream, "")
}

// Registry holds the proxy's metrics.
func (p *Proxy) Registry() *prometheus.Registry { return p.core.Registry }

// Ready reports whether the upstream takes connections, within the dial
// timeout.
func (p *Proxy) Ready(ctx context.Context) error {
	return dialCheck(ctx, p.address, p.core.DialTimeout)
}

// CloseIdleConnections closes upstream connections that nobody uses.
func (p *Proxy) CloseIdleConnections() { p.core.closeIdle() }

// hostPort is the address of a URL, with the scheme's port when it has none.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	return net.JoinHostPort(u.Hostname(), port)
}
