package proxy

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/contract"
)

// InterposerConfig configures an Interposer.
type InterposerConfig struct {
	// PublicURL is where the vendor reaches the proxy or ingress that serves
	// the interposed callbacks, without a query. A token is put behind it.
	PublicURL *url.URL
	// Key seals the tokens, 32 bytes. Every node that may get a callback needs
	// the same; nil makes one that ends with the process.
	Key []byte
	// Random is crypto/rand unless set.
	Random io.Reader
}

// Interposer swaps the callback URLs in outgoing requests for URLs of our own.
// A URL carries the original, sealed, so that whoever has the key can forward
// what comes back, byte for byte, and knows which request it answers. It keeps
// no state and is safe for concurrent use.
//
// A Proxy does the swapping; an Ingress with the same key, or the Proxy itself,
// takes what comes back. The URLs are found by the runtime expressions of the
// contract's callbacks; only those that point into the request's body, such as
// {$request.body#/callback_url}, are swapped, and only in a body that fits the
// limit. A swap changes the request, so a vendor that checks a signature of the
// body, or an allowlist of URLs, will refuse it.
type Interposer struct {
	public string // without a slash at its end
	path   string
	sealer *sealer
}

// NewInterposer returns an interposer. The error says what to correct.
func NewInterposer(config InterposerConfig) (*Interposer, error) {
	u := config.PublicURL
	if err := checkUpstream(u); err != nil {
		return nil, fmt.Errorf("public URL of interposition: %w", err)
	}
	s, err := newSealer(config.Key, config.Random)
	if err != nil {
		return nil, err
	}
	return &Interposer{
		public: strings.TrimSuffix(u.String(), "/"),
		path:   strings.TrimSuffix(u.EscapedPath(), "/") + interposedPath,
		sealer: s,
	}, nil
}

// interposedPath stands between the public URL and the token.
const interposedPath = "/parley-callback/"

// serve takes a callback whose path holds a token and reports whether it did.
// It may be called on nil.
func (i *Interposer) serve(w http.ResponseWriter, r *http.Request, c *core, callbacks *contract.Contract) bool {
	if i == nil {
		return false
	}
	path, query, _ := strings.Cut(originForm(r.RequestURI), "?")
	sealed, found := strings.CutPrefix(path, i.path)
	if !found {
		return false
	}
	end := len(sealed)
	if slash := strings.IndexByte(sealed, '/'); slash >= 0 {
		end = slash
	}
	sealed, added := sealed[:end], sealed[end:]
	t, err := i.sealer.open(sealed)
	if err != nil {
		return false // not ours: to be treated as any other path
	}
	u, err := url.Parse(t.URL)
	if err != nil || u.Host == "" {
		return false
	}
	c.serve(w, r, callbackJudge{callbacks: callbacks, operationID: t.Operation}, exactDestination(u, added, query), t.Exchange)
	return true
}

// swap returns a body with its callback URLs swapped, nil when it has none.
func (i *Interposer) swap(op *contract.Operation, exchange string, body []byte) []byte {
	var out []byte
	for _, ref := range op.Callbacks {
		pointer, ok := bodyPointer(ref.Expression)
		if !ok {
			continue
		}
		if out == nil {
			out = body
		}
		if swapped, err := i.swapOne(ref, exchange, pointer, out); err == nil {
			out = swapped
		}
	}
	if len(out) == len(body) {
		return nil // every swap makes it longer
	}
	return out
}

// swapOne swaps the URL at one pointer.
func (i *Interposer) swapOne(ref contract.CallbackRef, exchange, pointer string, body []byte) ([]byte, error) {
	start, end, value, err := findString(body, pointer)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(value)
	if err != nil || strings.ContainsAny(value, " \t") || checkCallbackURL(u) != nil {
		return nil, errNoString
	}
	sealed, err := i.sealer.seal(token{URL: value, Operation: ref.OperationID, Exchange: exchange})
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(body)+len(i.public)+len(sealed)+32)
	out = append(out, body[:start]...)
	out = append(out, '"')
	out = append(out, i.public+interposedPath+sealed...)
	out = append(out, '"')
	return append(out, body[end:]...), nil
}

// checkCallbackURL says whether a URL is one that can be forwarded to.
func checkCallbackURL(u *url.URL) error {
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return errors.New("not a callback URL")
	}
	return nil
}

// bodyPointer is the JSON Pointer of a runtime expression into the request's
// body.
func bodyPointer(expression string) (string, bool) {
	inner, ok := strings.CutPrefix(expression, "{$request.body#")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(inner, "}")
}

// interposes reports whether the request may hold callback URLs to be swapped.
func (e *exchange) interposes() bool {
	return e.core.interposer != nil && !e.judge.callback() &&
		e.verdict.Operation != nil && len(e.verdict.Operation.Callbacks) > 0
}

// interpose returns the request's body with its callback URLs swapped, nil
// when it stays as it is.
func (e *exchange) interpose() *string {
	if !e.interposes() {
		return nil
	}
	var swapped []byte
	if e.in.Header.Get("Content-Encoding") == "" {
		swapped = e.core.interposer.swap(e.verdict.Operation, e.record.ID, *e.held.buf)
	}
	if swapped == nil {
		e.core.metrics.swapped.WithLabelValues("kept").Inc()
		return nil
	}
	e.core.metrics.swapped.WithLabelValues("swapped").Inc()
	s := string(swapped)
	return &s
}
