package contract

import (
	"io"
	"net/http"
	"sync"
)

// Transport is an http.RoundTripper that checks what passes through it. It
// never alters, refuses or holds back traffic: bodies are copied on the way,
// and the check is made when the response's body has been read to its end or
// closed. It is safe for concurrent use once its fields are set.
type Transport struct {
	// Set holds the contracts to check against.
	Set Set
	// Base sends the requests. Nil means http.DefaultTransport.
	Base http.RoundTripper
	// MaxBodyBytes is how much of a body is copied; larger ones are accounted
	// for as too large. Default 1 MiB (1 << 20). It should not be smaller than
	// the contracts' own limit.
	MaxBodyBytes int
	// Report is called once for each request that was sent, from the goroutine
	// that reads the response or, without a response, that sent the request. The
	// results are those of the request and of its response. A body that was not
	// read to its end, and the body of a protocol upgrade, leaves its message
	// accounted for as sampled out; without a response the second result is
	// zero. Nil reports nothing, which makes the transport pointless.
	Report func(*http.Request, Result, Result)
}

// RoundTrip sends the request by Base.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	if t.Report == nil {
		return base.RoundTrip(request)
	}
	limit := t.MaxBodyBytes
	if limit <= 0 {
		limit = 1 << 20
	}
	x := &observed{transport: t, request: request, sent: newCopier(limit, request.ContentLength)}
	response, err := base.RoundTrip(x.outgoing())
	if err != nil || response == nil {
		sent, _, _ := x.checkRequest()
		t.Report(request, sent, Result{})
		return response, err
	}
	x.response = response
	x.received = newCopier(limit, response.ContentLength)
	if response.StatusCode == http.StatusSwitchingProtocols || response.Body == nil || response.Body == http.NoBody {
		x.received.done = response.StatusCode != http.StatusSwitchingProtocols
		x.report()
		return response, nil
	}
	x.received.source, x.received.finished = response.Body, x.report
	response.Body = x.received
	return response, nil
}

// observed is one exchange under way.
type observed struct {
	transport *Transport
	request   *http.Request
	response  *http.Response
	received  *copier

	mu   sync.Mutex
	sent *copier
}

// outgoing is the request with its body copied as it is read. When Base sends
// the request again the copy begins anew.
func (x *observed) outgoing() *http.Request {
	r := x.request
	if r.Body == nil || r.Body == http.NoBody {
		x.sent.done = true
		return r
	}
	out := *r
	x.sent.source = r.Body
	out.Body = x.sent
	if again := r.GetBody; again != nil {
		out.GetBody = func() (io.ReadCloser, error) {
			body, err := again()
			if err != nil {
				return nil, err
			}
			x.mu.Lock()
			defer x.mu.Unlock()
			x.sent = newCopier(x.sent.limit, r.ContentLength)
			x.sent.source = body
			return x.sent, nil
		}
	}
	return &out
}

// checkRequest checks the request as far as its body was read.
func (x *observed) checkRequest() (Result, *Contract, *Operation) {
	x.mu.Lock()
	copied := x.sent
	x.mu.Unlock()
	body, whole, oversize := copied.copied()
	message := &Request{Method: x.request.Method, Target: x.request.URL.RequestURI(), Header: x.request.Header, Body: body, Oversize: oversize}
	if message.Method == "" {
		message.Method = http.MethodGet
	}
	if !whole && !oversize {
		c, m := x.transport.Set.Match(message.Method, message.Target)
		return Result{Operation: m.Operation, Params: m.Params, Account: AccountSampledOut}, c, m.Operation
	}
	c, result := x.transport.Set.CheckRequest(message)
	return result, c, result.Operation
}

func (x *observed) report() {
	sent, c, op := x.checkRequest()
	body, whole, oversize := x.received.copied()
	received := Result{Operation: op, Account: AccountUnmatched}
	switch {
	case c == nil || op == nil:
	case !whole && !oversize:
		received.Account = AccountSampledOut
	default:
		received = c.CheckResponse(op, &Response{Status: x.response.StatusCode, Header: x.response.Header, Body: body, Oversize: oversize})
	}
	x.transport.Report(x.request, sent, received)
}
