package proxy

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parley-contracts/parley/contract"
)

// IngressConfig configures an Ingress. Callbacks is required.
type IngressConfig struct {
	// Callbacks is the contract of what the vendor calls. Its paths are the
	// default routes.
	Callbacks *contract.Contract
	// ForwardTo is the integration; the request's target is put behind its
	// path. Nil answers every callback here, with 200 and no body.
	ForwardTo *url.URL
	// Routes says which callback operation stands at a URL path of the
	// integration's own, by operationId. The key "/" stands for every path
	// that no other route has.
	Routes map[string]string
	// Interposer opens the callback URLs that it sealed; nil knows none.
	Interposer *Interposer
	Options
}

// Ingress takes the callbacks of a vendor, checks them and forwards them byte
// for byte to the integration. It only observes: a vendor's callback is never
// refused. It is an http.Handler, safe for concurrent use.
type Ingress struct {
	core      *core
	callbacks *contract.Contract
	routes    map[string]string
	forward   destination
}

// NewIngress returns an ingress. The error names a route whose operation the
// contract does not have.
func NewIngress(config IngressConfig) (*Ingress, error) {
	if config.Callbacks == nil {
		return nil, errors.New("ingress without a contract: give Callbacks")
	}
	for path, id := range config.Routes {
		if config.Callbacks.Operation(id) == nil {
			return nil, fmt.Errorf("route %s: %s has no operation %q", path, config.Callbacks.Name(), id)
		}
		if !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf("route %s: a path must begin with /", path)
		}
	}
	forward := destination{none: true}
	if config.ForwardTo != nil {
		if err := checkUpstream(config.ForwardTo); err != nil {
			return nil, fmt.Errorf("forward callbacks: %w", err)
		}
		forward = newDestination(config.ForwardTo, false)
	}
	core, err := newCore(config.Options)
	if err != nil {
		return nil, err
	}
	core.interposer = config.Interposer
	return &Ingress{core: core, callbacks: config.Callbacks, routes: maps.Clone(config.Routes), forward: forward}, nil
}

// ServeHTTP takes one callback.
func (i *Ingress) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if i.core.interposer.serve(w, r, i.core, i.callbacks) {
		return
	}
	j := callbackJudge{callbacks: i.callbacks, operationID: i.operation(r)}
	i.core.serve(w, r, j, i.forward, "")
}

// Registry holds the ingress's metrics.
func (i *Ingress) Registry() *prometheus.Registry { return i.core.Registry }

// CloseIdleConnections closes connections to the integration that nobody uses.
func (i *Ingress) CloseIdleConnections() { i.core.closeIdle() }

// operation is the operationId of the callback a request makes, empty when no
// route has it.
func (i *Ingress) operation(r *http.Request) string {
	target := originForm(r.RequestURI)
	path, _, _ := strings.Cut(target, "?")
	if id, ok := i.routes[path]; ok {
		return id
	}
	if match := i.callbacks.Match(r.Method, target); match.Operation != nil {
		return match.Operation.ID
	}
	return i.routes["/"]
}
