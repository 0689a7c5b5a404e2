package cli

import (
	"context"
	"net/url"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
	"github.com/parley-contracts/parley/proxy"
)

// listenCommand receives callbacks.
type listenCommand struct {
	ForwardTo *url.URL          `help:"The integration that gets every callback, byte for byte. Default: every callback is answered here, with 200." placeholder:"URL"`
	Listen    string            `default:"127.0.0.1:8090" help:"Address to listen on (default ${default})." placeholder:"ADDRESS"`
	Admin     string            `default:"" help:"Address of health, metrics and reference pages; empty for none." placeholder:"ADDRESS"`
	Route     map[string]string `help:"Which callback comes in on a path, besides the contract's own paths: /my/path=maaxAnswer. The path / stands for all others." placeholder:"PATH=OPERATION"`
	Record    string            `help:"File to append a redacted recording to." placeholder:"FILE"`
	Format    string            `enum:"text,json" default:"text" help:"Form of the findings: text or json (default ${default})."`
	FailOn    string            `enum:"error,warning,never" default:"never" help:"Least severity that makes the exit code 1: error, warning or never (default ${default})."`
}

// Run serves until the context ends, then prints the summary.
func (c listenCommand) Run(ctx context.Context, to console) error {
	callbacks, err := loadContract(callbacksName, contract.Config{})
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	seen, err := newObservation(to, observationConfig{callbacks: callbacks, format: c.Format, record: c.Record, registry: registry, also: c.arrivals(to)})
	if err != nil {
		return err
	}
	ingress, err := proxy.NewIngress(proxy.IngressConfig{
		Callbacks: callbacks, ForwardTo: c.ForwardTo, Routes: c.Route,
		Options: proxy.Options{Sink: seen, Registry: registry},
	})
	if err != nil {
		return misused(err, "the operations are maaxAnswer, maaxFollowUp and others: see 'parley contract show callbacks'")
	}
	defer ingress.CloseIdleConnections()
	err = c.serve(ctx, to, ingress, callbacks, registry)
	if closed := seen.close(); err == nil {
		err = closed
	}
	if err == nil && failing(seen.tally.Summary(), c.FailOn) {
		err = errFindings
	}
	return err
}

// serve listens and waits.
func (c listenCommand) serve(ctx context.Context, to console, ingress *proxy.Ingress, callbacks *contract.Contract, registry *prometheus.Registry) error {
	group := newServing()
	defer group.stop()
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	group.start(l, newHTTPServer(ingress))
	for _, op := range callbacks.Operations() {
		to.say("%s on http://%s%s", op.ID, l.Addr(), op.Path)
	}
	if err := startAdmin(group, to, c.Admin, proxy.AdminConfig{Gatherer: registry}); err != nil {
		return err
	}
	return group.wait(ctx)
}

// arrivals prints every callback, unless the output is for programs.
func (c listenCommand) arrivals(to console) []evidence.Keeper {
	if c.Format == "json" {
		return nil
	}
	return []evidence.Keeper{newArrivals(to.out)}
}
