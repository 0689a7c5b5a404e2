package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"time"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// eagerBytes is the length of a body up to which the response's header waits
// for the body's first bytes, to leave in one packet with them.
const eagerBytes = 4 << 10

var (
	// errBlocked says that the vendor's response is refused in enforce mode.
	errBlocked = errors.New("response breaks the contract")
	// errNonsense says that the upstream's answer is no final response.
	errNonsense = errors.New("malformed HTTP response")
	// errBrokeOff says that a response that is held back broke off.
	errBrokeOff = errors.New("response broke off")
)

// forward sends a collected request upstream and passes the response on.
func (e *exchange) forward() {
	if e.to.none {
		e.answerHere()
		return
	}
	out, err := e.outgoing()
	if err != nil {
		e.upstreamFailed(err)
		return
	}
	e.began = time.Now()
	res, err := e.roundTrip(out)
	e.core.metrics.upstream(time.Since(e.began), err)
	e.mu.Lock()
	e.earlyOver = true
	e.mu.Unlock()
	if err != nil {
		e.upstreamFailed(err)
		return
	}
	defer func() { _ = res.Body.Close() }()
	if err := e.accept(res); err != nil {
		e.upstreamFailed(err)
		return
	}
	e.pass(res)
}

// outgoing makes the request to send upstream.
func (e *exchange) outgoing() (*http.Request, error) {
	target := e.to.target(e.target)
	u, err := e.to.url(target)
	if err != nil && e.core.direct() == nil {
		return nil, err
	}
	out := (&http.Request{}).WithContext(e.in.Context())
	out.Method, out.URL, out.Header = e.in.Method, u, outgoingHeader(e.in)
	out.Proto, out.ProtoMajor, out.ProtoMinor = "HTTP/1.1", 1, 1
	out.Body, out.RequestURI = http.NoBody, target
	if e.to.preserveHost {
		out.Host = e.in.Host
	}
	if e.enforcing() {
		delete(out.Header, "Expect") // already met: the body was collected
	}
	e.attachBody(out)
	return out, nil
}

// roundTrip sends the request, and hands 1xx responses to early.
func (e *exchange) roundTrip(out *http.Request) (*http.Response, error) {
	if d := e.core.direct(); d != nil && d.takes(out) {
		return d.send(out, e.early)
	}
	if _, err := e.to.url(out.RequestURI); err != nil {
		return nil, err
	}
	trace := &httptrace.ClientTrace{Got1xxResponse: e.early}
	return e.core.Transport.RoundTrip(out.WithContext(httptrace.WithClientTrace(out.Context(), trace)))
}

// attachBody gives the outgoing request the collected body.
func (e *exchange) attachBody(out *http.Request) {
	if e.held == nil {
		return
	}
	if swapped := e.interpose(); swapped != nil {
		out.Body, out.ContentLength = io.NopCloser(strings.NewReader(*swapped)), int64(len(*swapped))
		out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(*swapped)), nil }
		return
	}
	held := e.held
	if out.ContentLength = int64(len(*held.buf)); out.ContentLength > 0 {
		out.Body = held.reader()
		out.GetBody = func() (io.ReadCloser, error) { return held.reader(), nil }
	}
	if len(e.in.Trailer) > 0 {
		out.Trailer, out.ContentLength = e.in.Trailer, -1
	}
}

// early passes a 1xx response on, as it comes. The transport calls it.
func (e *exchange) early(code int, header textproto.MIMEHeader) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.earlyOver || code == http.StatusContinue {
		return nil // the client's own wish to continue was met when its body was read
	}
	h := e.w.Header()
	passHeader(h, http.Header(header))
	e.w.WriteHeader(code)
	clear(h)
	return nil
}

// accept takes the response's header: records it, and in enforce mode holds
// the body back and checks it. Its errors are for upstreamFailed.
func (e *exchange) accept(res *http.Response) error {
	switching := res.StatusCode == http.StatusSwitchingProtocols
	if res.StatusCode < 200 && !(switching && isUpgrade(e.in.Header)) {
		return errNonsense
	}
	e.record.Response = &evidence.Message{Status: res.StatusCode, Header: res.Header}
	if switching {
		return nil
	}
	e.response = newTee(e.core.pools, e.core.MaxBodyBytes)
	hold := e.enforcing() && e.requestChecked && !isStream(res.Header)
	if hold || res.ContentLength > 0 {
		limitIdle(res, e.core.BodyIdleTimeout)
	}
	if hold {
		return e.hold(res)
	}
	e.watch(res)
	if e.in.Method == http.MethodHead || res.ContentLength == 0 {
		e.response.add(nil, io.EOF)
	}
	res.Body = &teeReader{ReadCloser: res.Body, tee: e.response}
	return nil
}

// hold reads a response up to the limit and checks it before anything of it
// is passed on. A larger one passes, unchecked and counted.
func (e *exchange) hold(res *http.Response) error {
	source := &teeReader{ReadCloser: res.Body, tee: e.response}
	held, err := io.ReadAll(io.LimitReader(source, e.core.MaxBodyBytes+1))
	switch {
	case errors.Is(err, errStalled):
		return err
	case err != nil:
		return errBrokeOff
	case int64(len(held)) > e.core.MaxBodyBytes:
		res.Body = &joined{io.MultiReader(strings.NewReader(string(held)), source), res.Body}
		return nil
	}
	result := e.checkResponse(e.response.take())
	if blocks(result.Findings, contract.BlameVendorResponse) {
		e.record.Blocked = e.record.ResponseDirection()
		return errBlocked
	}
	res.Body = &joined{strings.NewReader(string(held)), res.Body}
	return nil
}

// joined reads from one and closes another.
type joined struct {
	io.Reader
	io.Closer
}

// pass writes the response to the client as it comes.
func (e *exchange) pass(res *http.Response) {
	h := e.w.Header()
	passResponseHeader(h, res)
	announced := len(res.Trailer)
	for name := range res.Trailer {
		h.Add("Trailer", name)
	}
	e.sent = true
	e.w.WriteHeader(res.StatusCode)
	control := http.NewResponseController(e.w)
	if res.ContentLength < 0 || res.ContentLength > eagerBytes {
		_ = control.Flush()
	}
	if !e.copyBody(res, control) {
		e.abort = true
		return
	}
	_ = res.Body.Close() // fills in the trailers
	if len(res.Trailer) == 0 {
		return
	}
	_ = control.Flush() // a chunked body, so that trailers can follow
	for name, values := range res.Trailer {
		if len(res.Trailer) != announced {
			name = http.TrailerPrefix + name
		}
		h[name] = values
	}
}

// copyBody copies the body, flushing what it has whenever it would wait, and
// reports whether it came to its end.
func (e *exchange) copyBody(res *http.Response, control *http.ResponseController) bool {
	buf := e.core.pools.Get()
	defer e.core.pools.Put(buf)
	for {
		n, err := res.Body.Read(buf)
		if n > 0 {
			if _, werr := e.w.Write(buf[:n]); werr != nil {
				e.record.Failure = e.bodyFailure(nil)
				return false
			}
			_ = control.Flush()
		}
		switch {
		case errors.Is(err, io.EOF):
			return true
		case err != nil:
			e.record.Failure = e.bodyFailure(err)
			return false
		}
	}
}

// answerHere answers a request that is forwarded to nobody.
func (e *exchange) answerHere() {
	e.record.Response = &evidence.Message{Status: http.StatusOK, Header: http.Header{}}
	suppressAdditions(e.w.Header())
	delete(e.w.Header(), "Date")
	e.sent = true
	e.w.WriteHeader(http.StatusOK)
}

// clientGone reports whether the client has left.
func (e *exchange) clientGone() bool {
	return errors.Is(e.in.Context().Err(), context.Canceled)
}
