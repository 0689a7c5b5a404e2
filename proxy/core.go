package proxy

import (
	"bytes"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"

	"github.com/parley-contracts/parley/contract"
)

// core is the forwarding that a Proxy and an Ingress share.
type core struct {
	Options
	enforce    bool
	interposer *Interposer
	metrics    *metrics
	pools      *pools
	reverse    *httputil.ReverseProxy
}

// newCore fills in the defaults and registers the metrics.
func newCore(o Options) (*core, error) {
	o = o.withDefaults()
	m, err := newMetrics(o.Registry)
	if err != nil {
		return nil, err
	}
	c := &core{Options: o, metrics: m, pools: newPools()}
	streams := o.Transport
	if d := c.direct(); d != nil {
		streams = d.Transport
	}
	c.reverse = &httputil.ReverseProxy{
		Rewrite:        rewriteStream,
		Transport:      streams,
		FlushInterval:  -1,
		BufferPool:     c.pools,
		ModifyResponse: streamResponse,
		ErrorHandler:   streamError,
		ErrorLog:       log.New(debugLog{o.Logger}, "", 0),
	}
	return c, nil
}

// direct is the quicker way for short requests, nil with a transport that was
// given.
func (c *core) direct() *direct {
	d, _ := c.Transport.(*direct)
	return d
}

// serve takes one request through: read, check, forward, check, record.
func (c *core) serve(w http.ResponseWriter, r *http.Request, j judge, to destination, cause string) {
	e := c.newExchange(w, r, j, to, cause)
	defer e.end()
	if r.Method == http.MethodConnect {
		e.refuseConnect()
		return
	}
	switch e.intake() {
	case intakeBuffer:
		if e.collect() && e.admit() {
			e.forward()
		}
	case intakeStream:
		e.stream()
	case intakeRefuse:
		e.refuseOversize()
	}
}

// intake is how a request's body is taken in.
type intake int

const (
	intakeBuffer intake = iota // read whole, checked, then forwarded
	intakeStream               // forwarded while it arrives, checked after
	intakeRefuse               // beyond the limit of enforce mode
)

// intake decides how to take in the request's body.
func (e *exchange) intake() intake {
	length := e.in.ContentLength
	switch {
	case e.to.none:
		return intakeBuffer
	case isUpgrade(e.in.Header):
		return intakeStream
	case e.enforcing() && length > e.core.MaxBodyBytes:
		return intakeRefuse
	case e.enforcing():
		if length < 0 && isStream(e.in.Header) {
			return intakeStream
		}
		return intakeBuffer
	case length < 0 || length > e.core.MaxBodyBytes || len(e.in.Header["Expect"]) > 0:
		return intakeStream
	}
	return intakeBuffer
}

// closeIdle closes idle upstream connections, when the transport can.
func (c *core) closeIdle() {
	if t, ok := c.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// recordBody returns a copy of a body for the sink, nothing without one.
func (c *core) recordBody(body []byte) string {
	if c.Sink == nil {
		return ""
	}
	return string(body)
}

// checkFailed is the finding that a check itself failed.
func checkFailed(direction contract.Direction) contract.Finding {
	return contract.Finding{
		Rule: contract.RuleCheckFailed, Severity: contract.SeverityWarning, Blame: contract.BlameContract,
		Direction: direction, Location: contract.Location{In: contract.PartBody},
		Message: "the message could not be checked: the check itself failed",
	}
}

// debugLog takes what httputil has to say; the exchange's own line says it
// better.
type debugLog struct{ logger *slog.Logger }

func (d debugLog) Write(p []byte) (int, error) {
	d.logger.Debug("reverse proxy", "message", string(bytes.TrimSpace(p)))
	return len(p), nil
}
