package cli

import (
	"context"
	"fmt"
	"net/url"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/proxy"
)

// proxyCommand runs the proxy.
type proxyCommand struct {
	Upstream     *url.URL `required:"" help:"Where requests go, such as https://app.maax.ai." placeholder:"URL"`
	Contract     []string `help:"Contract to check against, by name or file; may be repeated. Default: every contract that comes with the program." placeholder:"NAME|FILE"`
	Mode         string   `enum:"observe,enforce" default:"observe" help:"observe changes nothing; enforce refuses what breaks a contract (default ${default})."`
	Listen       string   `default:"127.0.0.1:8080" help:"Address to listen on (default ${default})." placeholder:"ADDRESS"`
	Admin        string   `default:"127.0.0.1:8081" help:"Address of health, metrics and reference pages; empty for none (default ${default})." placeholder:"ADDRESS"`
	Record       string   `help:"File to append a redacted recording to." placeholder:"FILE"`
	Format       string   `enum:"text,json" default:"text" help:"Form of the findings: text or json (default ${default})."`
	FailOn       string   `enum:"error,warning,never" default:"never" help:"Least severity that makes the exit code 1: error, warning or never (default ${default})."`
	MaxBody      int64    `default:"1048576" help:"Largest body that is checked, in bytes (default ${default})." placeholder:"BYTES"`
	PreserveHost bool     `help:"Send the client's Host header upstream instead of the upstream's own."`
	Interpose    bool     `help:"Swap callback URLs in requests for URLs of the proxy, so that callbacks are seen too. Changes requests."`
	PublicURL    *url.URL `help:"Where the vendor reaches this proxy, with --interpose." placeholder:"URL"`
}

// Run serves until the context ends, then prints the summary.
func (c proxyCommand) Run(ctx context.Context, to console) error {
	if c.Interpose && c.PublicURL == nil {
		return misused(fmt.Errorf("interpose: no public URL"), "name with --public-url where the vendor reaches this proxy")
	}
	limits := contract.Config{MaxBodyBytes: int(c.MaxBody)}
	contracts, err := loadSet(c.Contract, limits)
	if err != nil {
		return err
	}
	callbacks, err := loadContract(callbacksName, limits)
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	seen, err := newObservation(to, observationConfig{contracts: contracts, callbacks: callbacks, format: c.Format, record: c.Record, registry: registry})
	if err != nil {
		return err
	}
	config := proxy.Config{
		Upstream: c.Upstream, Contracts: contracts, Mode: proxy.Mode(c.Mode), PreserveHost: c.PreserveHost,
		Options: proxy.Options{MaxBodyBytes: c.MaxBody, Sink: seen, Registry: registry},
	}
	if c.Interpose {
		config.Interposer, err = proxy.NewInterposer(proxy.InterposerConfig{PublicURL: c.PublicURL})
		if err != nil {
			return misused(err, "give --public-url as scheme, host and, if need be, a path")
		}
	}
	p, err := proxy.New(config)
	if err != nil {
		return misused(err, "give --upstream as scheme and host, such as https://app.maax.ai")
	}
	defer p.CloseIdleConnections()
	err = c.serve(ctx, to, p, registry)
	if closed := seen.close(); err == nil {
		err = closed
	}
	if err == nil && failing(seen.tally.Summary(), c.FailOn) {
		err = errFindings
	}
	return err
}

// serve listens and waits.
func (c proxyCommand) serve(ctx context.Context, to console, p *proxy.Proxy, registry *prometheus.Registry) error {
	group := newServing()
	defer group.stop()
	traffic, err := listen(c.Listen)
	if err != nil {
		return err
	}
	group.start(traffic, newHTTPServer(p))
	to.say("proxy on http://%s for %s, mode %s", traffic.Addr(), c.Upstream.Redacted(), c.Mode)
	if err := startAdmin(group, to, c.Admin, proxy.AdminConfig{
		Gatherer: registry,
		Ready:    map[string]func(context.Context) error{"upstream": p.Ready},
	}); err != nil {
		return err
	}
	return group.wait(ctx)
}

// startAdmin serves health, metrics and the reference pages when an address is
// given.
func startAdmin(group *serving, to console, address string, config proxy.AdminConfig) error {
	if address == "" {
		return nil
	}
	handler, err := withDocs(proxy.NewAdmin(config))
	if err != nil {
		return err
	}
	l, err := listen(address)
	if err != nil {
		return err
	}
	group.start(l, newHTTPServer(handler))
	pages := "/healthz /readyz"
	if config.Gatherer != nil {
		pages += " /metrics"
	}
	to.say("admin on http://%s: %s %s", l.Addr(), pages, docsPath)
	return nil
}
