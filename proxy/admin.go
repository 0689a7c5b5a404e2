package proxy

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// AdminConfig configures an admin handler.
type AdminConfig struct {
	// Gatherer gives /metrics; nil leaves it out.
	Gatherer prometheus.Gatherer
	// Ready holds what must be well for /readyz, by name, such as "upstream":
	// proxy.Ready.
	Ready map[string]func(context.Context) error
	// Timeout bounds all checks of one /readyz together. Default 5 s.
	Timeout time.Duration
}

// NewAdmin returns a handler for the listener beside the traffic's, so that it
// shadows no path of the upstream: /healthz answers 200 while the process
// serves; /readyz answers 200 when every check is well and 503 when one is
// not, with a JSON object of each one's state; /metrics is for Prometheus.
func NewAdmin(config AdminConfig) http.Handler {
	if config.Timeout <= 0 {
		config.Timeout = 5 * time.Second
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeState(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), config.Timeout)
		defer cancel()
		status, states := readiness(ctx, config.Ready)
		writeState(w, status, states)
	})
	if config.Gatherer != nil {
		mux.Handle("GET /metrics", promhttp.HandlerFor(config.Gatherer, promhttp.HandlerOpts{}))
	}
	return mux
}

// readiness asks every check, all at once.
func readiness(ctx context.Context, checks map[string]func(context.Context) error) (int, map[string]string) {
	type answer struct {
		name string
		err  error
	}
	answers := make(chan answer, len(checks))
	for name, check := range checks {
		go func() { answers <- answer{name, check(ctx)} }()
	}
	status, states := http.StatusOK, map[string]string{}
	for name := range checks {
		states[name] = "timeout"
	}
	for range checks {
		select {
		case a := <-answers:
			states[a.name] = "ok"
			if a.err != nil {
				states[a.name], status = a.err.Error(), http.StatusServiceUnavailable
			}
		case <-ctx.Done():
			return http.StatusServiceUnavailable, states
		}
	}
	return status, states
}

// writeState answers with a JSON object.
func writeState(w http.ResponseWriter, status int, states map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(states) //nolint:errchkjson // strings always encode; a client that left is nobody's error
}

// dialCheck reports whether a URL's host takes connections.
func dialCheck(ctx context.Context, u *url.URL, timeout time.Duration) error {
	dialer := net.Dialer{Timeout: timeout}
	conn, err := dialer.DialContext(ctx, "tcp", hostPort(u))
	if err != nil {
		return fmt.Errorf("%s does not take connections", u.Host)
	}
	return conn.Close()
}
