package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
	"github.com/parley-contracts/parley/proxy"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/server"
)

// demoTime bounds the sample traffic; it usually takes a second or two.
const demoTime = time.Minute

// demoCommand shows everything on one machine.
type demoCommand struct {
	Keep bool `help:"Leave all running afterwards and print calls to try."`
}

// Run sets everything up in a temporary directory, sends the sample traffic
// and compares the findings with the expected ones.
func (c demoCommand) Run(ctx context.Context, to console) error {
	dir, err := os.MkdirTemp("", "parley-demo-")
	if err != nil {
		return failed(fmt.Errorf("temporary directory: %w", err), "")
	}
	defer func() { _ = os.RemoveAll(dir) }() // the system clears what is left
	s, err := newStage(to, dir)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.open(ctx); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, demoTime)
	defer cancel()
	played := s.play(limited)
	if err := s.settle(played); err != nil {
		return err
	}
	if !c.Keep {
		return nil
	}
	s.invite()
	return s.group.wait(ctx)
}

// stage is the reference server, the proxy in front of it and a receiver for
// its callbacks, all on loopback.
type stage struct {
	to        console
	refserver *refserver.Server
	group     *serving
	tally     *evidence.Tally
	lines     chan evidence.Exchange

	vendor, proxy, receiver, admin string // base URLs
	callbacks                      chan server.Callback
	closers                        []func()
}

// newStage makes the reference server in a directory.
func newStage(to console, dir string) (*stage, error) {
	srv, err := refserver.New(refserver.Config{
		Database: filepath.Join(dir, "parley.db"), Seed: &refserver.Seed{},
		AnswerDelay: 200 * time.Millisecond, UnsafeAllowPrivate: true,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, failed(err, "")
	}
	return &stage{
		to: to, refserver: srv, group: newServing(), tally: &evidence.Tally{},
		lines: make(chan evidence.Exchange, 64), callbacks: make(chan server.Callback, 16),
	}, nil
}

// open starts the three parts.
func (s *stage) open(ctx context.Context) error {
	if err := s.refserver.Start(ctx); err != nil {
		return failed(fmt.Errorf("start reference server: %w", err), "")
	}
	var err error
	if s.vendor, err = s.serve(server.HTTPServer(s.refserver)); err != nil {
		return err
	}
	if err = s.openProxy(); err != nil {
		return err
	}
	return s.openReceiver()
}

// serve starts a server on a free loopback port and returns its URL.
func (s *stage) serve(h *http.Server) (string, error) {
	l, err := listen("127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s.group.start(l, h)
	return "http://" + l.Addr().String(), nil
}

// openProxy starts the proxy in front of the reference server.
func (s *stage) openProxy() error {
	contracts, err := loadSet([]string{"openapi-v1", "openapi-v2"}, contract.Config{})
	if err != nil {
		return err
	}
	upstream, err := url.Parse(s.vendor)
	if err != nil {
		return failed(err, "")
	}
	registry := prometheus.NewRegistry()
	p, err := proxy.New(proxy.Config{Upstream: upstream, Contracts: contracts, Options: proxy.Options{Sink: s, Registry: registry}})
	if err != nil {
		return failed(err, "")
	}
	s.closers = append(s.closers, p.CloseIdleConnections)
	if s.proxy, err = s.serve(newHTTPServer(p)); err != nil {
		return err
	}
	s.admin, err = s.serve(newHTTPServer(proxy.NewAdmin(proxy.AdminConfig{
		Gatherer: registry, Ready: map[string]func(context.Context) error{"upstream": p.Ready},
	})))
	return err
}

// openReceiver starts the integration's side: an ingress that checks callbacks
// in front of a receiver as an integrator would mount it.
func (s *stage) openReceiver() error {
	receiver, err := server.NewCallbackReceiver(server.CallbackConfig{Answer: s.answered})
	if err != nil {
		return failed(err, "")
	}
	behind, err := s.serve(server.HTTPServer(receiver))
	if err != nil {
		return err
	}
	forward, err := url.Parse(behind)
	if err != nil {
		return failed(err, "")
	}
	callbacks, err := loadContract(callbacksName, contract.Config{})
	if err != nil {
		return err
	}
	ingress, err := proxy.NewIngress(proxy.IngressConfig{Callbacks: callbacks, ForwardTo: forward, Options: proxy.Options{Sink: s}})
	if err != nil {
		return failed(err, "")
	}
	s.closers = append(s.closers, ingress.CloseIdleConnections)
	s.receiver, err = s.serve(newHTTPServer(ingress))
	return err
}

// answered is the integration's handler for answers.
func (s *stage) answered(ctx context.Context, c server.Callback) error {
	select {
	case s.callbacks <- c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Exchange takes what proxy and ingress saw. With --keep nobody may be reading
// the lines any more, so they are dropped rather than holding traffic; the
// tally has them all.
func (s *stage) Exchange(x evidence.Exchange) {
	s.tally.Add(x)
	select {
	case s.lines <- x:
	default:
	}
}

// close ends everything, the proxy before what it forwards to.
func (s *stage) close() {
	s.group.stop()
	for _, c := range s.closers {
		c()
	}
	_ = s.refserver.Close() // the database goes with its directory
}

// invite prints what can be tried while all keeps running.
func (s *stage) invite() {
	out := s.to.out
	fmt.Fprintf(out, "\nEverything keeps running until you interrupt it. The proxy is %s, its metrics are at %s/metrics.\n", s.proxy, s.admin)
	fmt.Fprintln(out, "Try, in another terminal:")
	key := s.refserver.DevelopmentKey()
	fmt.Fprintf(out, `
  curl -i %[1]s/api/v2/outgoing-messages/ -H '2hd-api-key: %[2]s' -H 'Content-Type: application/json' \
    -d '{"message_content":"What does the course cost?","platform":"sms","ai_id":1,"service_type":"sales_automation","prospect_info":{"first_name":"Ada","phone":"+15550100"},"send_response_url":"%[3]s/maax/answer","followup_url":"%[3]s/maax/follow-up"}'

  curl -i %[1]s/api/initiate_answer_generation/ -H '2hd-api-key: %[2]s' -H 'Content-Type: application/json' \
    -d '{"message_content":"How do I reset my password?","platform":"fax"}'

  curl -s %[4]s/metrics | grep parley_findings
`, s.proxy, key, s.receiver, s.admin)
}
