package proxy

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// gather returns the counters of a registry by name and labels.
func gather(t testing.TB, registry *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			name := family.GetName() + "{"
			for i, label := range m.GetLabel() {
				if i > 0 {
					name += ","
				}
				name += label.GetName() + `="` + label.GetValue() + `"`
			}
			out[name+"}"] = m.GetCounter().GetValue()
		}
	}
	return out
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lockedBuffer) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func TestProxyAndIngressShareARegistry(t *testing.T) {
	t.Parallel()
	u, _ := okUpstream(t)
	registry := prometheus.NewRegistry()
	h := start(t, Config{Upstream: u, Options: Options{Registry: registry}}, fakeJudge{})
	in := ingress(t, IngressConfig{Options: Options{Registry: registry}})
	h.roundTrip(t, get("/"))
	in.roundTrip(t, post("/callbacks/reply", `{"answer":""}`))
	h.ledger.next(t)
	in.ledger.next(t)
	got := gather(t, registry)
	for _, direction := range []string{"request", "response", "callback", "callback-response"} {
		if n := got[`parley_messages_total{account="validated",direction="`+direction+`"}`]; n != 1 {
			t.Errorf("%v messages of direction %s, want 1", n, direction)
		}
	}
}
