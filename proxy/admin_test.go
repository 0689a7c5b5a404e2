package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAdmin(t *testing.T) {
	t.Parallel()
	u, _ := okUpstream(t)
	h := start(t, Config{Upstream: u, Contracts: vendor(t)}, nil)
	h.roundTrip(t, send(badBody))
	h.ledger.next(t)
	never := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	tests := []struct {
		name, path string
		ready      map[string]func(context.Context) error
		status     int
		holds      []string
	}{
		{"health", "/healthz", map[string]func(context.Context) error{"down": never}, 200, []string{`"ok"`}},
		{"ready", "/readyz", map[string]func(context.Context) error{"upstream": h.proxy.Ready}, 200, []string{`"upstream":"ok"`}},
		{"not ready", "/readyz", map[string]func(context.Context) error{
			"upstream": h.proxy.Ready, "store": func(context.Context) error { return errors.New("store is full") },
		}, 503, []string{`"upstream":"ok"`, `"store":"store is full"`}},
		{"not ready in time", "/readyz", map[string]func(context.Context) error{"slow": never}, 503, []string{`"slow":`}},
		{"metrics", "/metrics", nil, 200, []string{
			`parley_messages_total{account="validated",direction="request"} 1`,
			`parley_messages_total{account="validated",direction="response"} 1`,
			`parley_messages_total{account="failed",direction="request"} 0`,
			`parley_findings_total{direction="request",rule="schema-min-length",severity="error"} 1`,
			`parley_upstream_response_seconds_count 1`,
		}},
		{"unknown", "/messages/", nil, 404, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			admin := httptest.NewServer(NewAdmin(AdminConfig{Gatherer: h.proxy.Registry(), Ready: tt.ready, Timeout: 50 * time.Millisecond}))
			t.Cleanup(admin.Close)
			res, err := http.Get(admin.URL + tt.path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != tt.status {
				t.Errorf("status is %d, want %d: %s", res.StatusCode, tt.status, body)
			}
			for _, want := range tt.holds {
				if !strings.Contains(string(body), want) {
					t.Errorf("answer lacks %q:\n%s", want, body)
				}
			}
		})
	}
}

func TestLogHoldsNoData(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	u, _ := okUpstream(t)
	h := start(t, Config{Upstream: u, Contracts: vendor(t), Options: Options{Logger: log.logger()}}, nil)
	h.roundTrip(t, message{
		Start:  "POST /messages/?contact=someone@example.com HTTP/1.1",
		Fields: []field{{"Host", "a"}, {"Content-Type", "application/json"}, {"X-Vendor-Pass", "hush-hush"}},
		Body:   []byte(`{"text":"confidential"}`),
	}.bytes())
	x := h.ledger.next(t)
	line := log.String()
	if !strings.Contains(line, x.ID) || !strings.Contains(line, "operation=sendMessage") {
		t.Errorf("log is %q, want a line of the exchange", line)
	}
	for _, secret := range []string{"someone", "hush-hush", "confidential"} {
		if strings.Contains(line, secret) {
			t.Errorf("log holds %q: %s", secret, line)
		}
	}
}
