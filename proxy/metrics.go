package proxy

import (
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// metrics counts exchanges.
type metrics struct {
	messages *prometheus.CounterVec
	findings *prometheus.CounterVec
	failures *prometheus.CounterVec
	blocked  *prometheus.CounterVec
	swapped  *prometheus.CounterVec
	events   prometheus.Counter
	latency  prometheus.Histogram

	// counters of messages, looked up once
	accounts map[accountKey]prometheus.Counter
}

// accountKey names a counter of messages.
type accountKey struct {
	direction contract.Direction
	account   contract.Account
}

// newMetrics registers the metrics, or finds them where they already are.
func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_messages_total", Help: "Messages by direction and how they were accounted for.",
		}, []string{"direction", "account"}),
		findings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_findings_total", Help: "Findings by rule, severity and direction.",
		}, []string{"rule", "severity", "direction"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_failures_total", Help: "Exchanges that broke off or had no response, by failure.",
		}, []string{"direction", "failure"}),
		blocked: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_blocked_total", Help: "Messages that enforce mode refused, by direction.",
		}, []string{"direction"}),
		swapped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_interpositions_total", Help: "Requests of operations with callbacks while interposition is on, by outcome: swapped, kept (no URL found) or streamed (the body was not held).",
		}, []string{"outcome"}),
		events: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "parley_stream_events_total", Help: "Events of streamed responses that were checked as they passed.",
		}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "parley_upstream_response_seconds", Help: "Time until the upstream's response header came.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}),
	}
	err := errors.Join(
		register(registry, &m.messages), register(registry, &m.findings), register(registry, &m.failures),
		register(registry, &m.blocked), register(registry, &m.swapped),
		register(registry, &m.latency), register(registry, &m.events),
	)
	m.accounts = make(map[accountKey]prometheus.Counter)
	for _, d := range []contract.Direction{contract.DirectionRequest, contract.DirectionResponse, contract.DirectionCallback, contract.DirectionCallbackResponse} {
		for _, a := range []contract.Account{contract.AccountValidated, contract.AccountSampledOut, contract.AccountTooLarge, contract.AccountUndecodable, contract.AccountUnmatched, contract.AccountFailed} {
			m.accounts[accountKey{d, a}] = m.messages.WithLabelValues(string(d), string(a))
		}
	}
	return m, err
}

// register registers a collector; one that is already there replaces it.
func register[C prometheus.Collector](registry *prometheus.Registry, collector *C) error {
	err := registry.Register(*collector)
	var already prometheus.AlreadyRegisteredError
	if errors.As(err, &already) {
		if existing, ok := already.ExistingCollector.(C); ok {
			*collector = existing
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("register metrics: %w", err)
	}
	return nil
}

// exchange counts a finished exchange.
func (m *metrics) exchange(x *evidence.Exchange) {
	m.message(x.RequestDirection(), x.Request.Account)
	if x.Response != nil {
		m.message(x.ResponseDirection(), x.Response.Account)
	}
	for i := range x.Findings {
		f := &x.Findings[i]
		m.findings.WithLabelValues(string(f.Rule), string(f.Severity), string(f.Direction)).Inc()
	}
	if x.Failure != "" {
		m.failures.WithLabelValues(string(x.RequestDirection()), x.Failure).Inc()
	}
	if x.Blocked != "" {
		m.blocked.WithLabelValues(string(x.Blocked)).Inc()
	}
}

// message counts one message.
func (m *metrics) message(d contract.Direction, a contract.Account) {
	if counter, ok := m.accounts[accountKey{d, a}]; ok {
		counter.Inc()
		return
	}
	m.messages.WithLabelValues(string(d), string(a)).Inc()
}

// upstream counts the wait for a response.
func (m *metrics) upstream(wait time.Duration, err error) {
	if err == nil {
		m.latency.Observe(wait.Seconds())
	}
}

// RegisterRecorder adds what a recorder did to the metrics of a registry.
func RegisterRecorder(registry *prometheus.Registry, recorder *evidence.Recorder) error {
	outcomes := map[string]func(evidence.RecorderStats) int64{
		"recorded": func(s evidence.RecorderStats) int64 { return s.Recorded },
		"failed":   func(s evidence.RecorderStats) int64 { return s.Failed },
		"dropped":  func(s evidence.RecorderStats) int64 { return s.Dropped },
	}
	var errs []error
	for outcome, count := range outcomes {
		errs = append(errs, registry.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "parley_recorder_exchanges_total", Help: "Exchanges given to the recorder, by outcome; dropped ones found its queue full.",
			ConstLabels: prometheus.Labels{"outcome": outcome},
		}, func() float64 { return float64(count(recorder.Stats())) })))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("register recorder metrics: %w", err)
	}
	return nil
}
