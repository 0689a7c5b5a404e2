package proxy

import (
	"context"
	"maps"
	"net/http"
	"net/http/httputil"
	"slices"
	"time"

	"github.com/parley-contracts/parley/contract"
)

// exchangeKey finds the exchange in the context of a streamed request.
type exchangeKey struct{}

// stream sends a request upstream while it arrives, through
// httputil.ReverseProxy, which also knows how to switch protocols.
func (e *exchange) stream() {
	if _, err := e.to.url(e.to.target(e.target)); err != nil {
		e.upstreamFailed(err)
		return
	}
	if e.enforcing() && !e.admitStream() {
		return
	}
	in := e.in.WithContext(context.WithValue(e.in.Context(), exchangeKey{}, e))
	if in.Body != nil && in.Body != http.NoBody {
		e.request = newTee(e.core.pools, e.core.MaxBodyBytes)
		in.Body = &teeReader{ReadCloser: in.Body, tee: e.request}
	}
	// Otherwise net/http would read the request to its end before it sends
	// the first byte of the response.
	_ = http.NewResponseController(e.w).EnableFullDuplex()
	e.began = time.Now()
	e.core.reverse.ServeHTTP(e.w, in)
}

// admitStream checks what there is of a streamed request before its body: in
// enforce mode that alone decides whether it may begin. A request that passes
// is checked once more, and counted, with what passed of its body.
func (e *exchange) admitStream() bool {
	e.checkRequest(body{oversize: true, whole: true})
	header := slices.DeleteFunc(slices.Clone(e.verdict.Findings), func(f contract.Finding) bool {
		return f.Location.In == contract.PartBody
	})
	if e.verdict.Findings = header; !e.admit() {
		e.record.Findings = header
		return false
	}
	e.requestChecked, e.record.Findings = false, nil
	return true
}

// streamOf is the exchange of a streamed request.
func streamOf(r *http.Request) *exchange {
	return r.Context().Value(exchangeKey{}).(*exchange) //nolint:forcetypeassert // every streamed request has one
}

// rewriteStream undoes what httputil changed and aims the request.
func rewriteStream(r *httputil.ProxyRequest) {
	e := streamOf(r.In)
	u, err := e.to.url(e.to.target(e.target))
	if err != nil {
		return // cannot be: stream has tried
	}
	r.Out.URL, r.Out.Host = u, ""
	if e.to.preserveHost {
		r.Out.Host = e.in.Host
	}
	r.Out.Header = outgoingHeader(e.in)
	if isUpgrade(e.in.Header) {
		r.Out.Header["Connection"] = []string{"Upgrade"}
		r.Out.Header["Upgrade"] = e.in.Header["Upgrade"]
	}
	if body, ok := r.In.Body.(*teeReader); ok {
		// httputil copies the trailers before the body has brought them.
		trailer := make(http.Header, len(e.in.Trailer))
		maps.Copy(trailer, e.in.Trailer)
		r.Out.Trailer = trailer
		body.atEnd = func() { maps.Copy(trailer, e.in.Trailer) }
	}
}

// streamResponse takes the response to a streamed request.
func streamResponse(res *http.Response) error {
	e := streamOf(res.Request)
	e.core.metrics.upstream(time.Since(e.began), nil)
	if err := e.accept(res); err != nil {
		return err
	}
	// A switch of protocols is only sent once httputil agrees to it.
	e.sent = res.StatusCode != http.StatusSwitchingProtocols
	// httputil adds what is in the response to what already stands here.
	h := e.w.Header()
	passResponseHeader(h, res)
	res.Header = nil
	if !e.sent {
		res.Header = e.record.Response.Header
		clear(h)
	}
	suppressAdditions(h)
	return nil
}

// streamError takes the error of a streamed request.
func streamError(_ http.ResponseWriter, r *http.Request, err error) {
	streamOf(r).upstreamFailed(err)
}
