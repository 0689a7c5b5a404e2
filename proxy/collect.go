package proxy

import (
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/parley-contracts/parley/contract"
)

// maxDiscardBytes is how much of a body beyond the limit is read when nobody
// is there to forward it to.
const maxDiscardBytes = 64 << 20

// collect reads the request's body whole. It reports false when it answered
// already: the body did not come, or is beyond the limit of enforce mode.
func (e *exchange) collect() bool {
	if e.in.ContentLength == 0 {
		e.checkRequest(body{whole: true})
		return true
	}
	limit := e.core.MaxBodyBytes
	buf := e.core.pools.body()
	e.held = share(e.core.pools, buf)
	if e.in.ContentLength > 0 {
		*buf = slices.Grow(*buf, int(min(e.in.ContentLength, limit)))
	}
	err := e.readBody(buf, limit)
	length := int64(len(*buf))
	switch {
	case err != nil:
		e.checkRequest(body{length: length})
		e.requestBroke(err)
		return false
	case length <= limit:
		e.checkRequest(body{bytes: *buf, length: length, whole: true})
		return true
	case e.to.none:
		n, err := io.CopyN(io.Discard, e.in.Body, maxDiscardBytes)
		e.checkRequest(body{length: length + n, oversize: true, whole: errors.Is(err, io.EOF)})
		return true
	}
	e.refuseOversize()
	return false
}

// readBody appends the body to buf, at most one byte more than the limit. The
// first read has no deadline of its own: it usually brings everything.
func (e *exchange) readBody(buf *[]byte, limit int64) error {
	control := http.NewResponseController(e.w)
	timed := false
	for {
		if len(*buf) == cap(*buf) {
			*buf = slices.Grow(*buf, 512)
		}
		room := (*buf)[len(*buf):min(int64(cap(*buf)), limit+1)]
		if len(room) == 0 {
			return nil
		}
		n, err := e.in.Body.Read(room)
		*buf = (*buf)[:len(*buf)+n]
		switch {
		case errors.Is(err, io.EOF):
			e.bodyAtEnd = true
			if timed {
				_ = control.SetReadDeadline(time.Time{})
			}
			return nil
		case err != nil:
			return err // the deadline stays, so that nobody waits for the rest
		}
		timed = control.SetReadDeadline(time.Now().Add(e.core.BodyIdleTimeout)) == nil
	}
}

// admit reports whether a checked request may go on; if not it is answered.
func (e *exchange) admit() bool {
	if !e.enforcing() || !blocks(e.verdict.Findings, contract.BlameOurRequest) {
		return true
	}
	e.record.Blocked = e.record.RequestDirection()
	e.answerProblem(problemRequestRefused, "the request breaks the contract and was not sent", e.verdict.Findings)
	return false
}

// refuseOversize answers a request whose body is beyond the limit.
func (e *exchange) refuseOversize() {
	if !e.requestChecked {
		e.checkRequest(body{length: max(e.in.ContentLength, e.core.MaxBodyBytes+1), oversize: true, whole: true})
	}
	e.record.Blocked = e.record.RequestDirection()
	e.answerProblem(problemOversize, "the body is larger than the proxy checks, and unchecked bodies are not sent in enforce mode", e.verdict.Findings)
}

// refuseConnect answers CONNECT, which asks for a tunnel.
func (e *exchange) refuseConnect() {
	e.requestChecked = true
	e.record.Request.Account = contract.AccountUnmatched
	e.record.Failure = "CONNECT is not supported"
	e.answerProblem(problemMethod, "CONNECT is for forward proxies: send requests to this proxy as if it were the upstream", nil)
}

// requestBroke ends an exchange whose request did not come whole.
func (e *exchange) requestBroke(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		e.record.Failure = failureClientSlow
		e.answerProblem(problemRequestSlow, "the rest of the body did not come in time", nil)
		return
	}
	e.record.Failure = failureClientBroke
	e.answerProblem(problemRequestBroken, "the body could not be read to its end", nil)
}
