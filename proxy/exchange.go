package proxy

import (
	"errors"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// exchange is one request on its way through, with what is known of it so far.
// It belongs to the goroutine that serves it; early alone is also called by
// the transport's.
type exchange struct {
	core   *core
	judge  judge
	to     destination
	w      http.ResponseWriter
	in     *http.Request
	target string    // the request target in origin form
	start  time.Time // by the clock that may be injected
	began  time.Time // when the upstream was asked, for the latency

	record  evidence.Exchange
	verdict verdict

	held    *sharedBody // the request's body, when it was collected
	request *tee        // the request's body, when it is streamed

	response *tee       // the response's body
	events   *eventFeed // its events, when they are checked as they pass

	bodyAtEnd       bool // the request's body was collected to its end
	requestChecked  bool
	responseChecked bool
	sent            bool // the client got a status line
	abort           bool // the client's connection must not look whole

	mu        sync.Mutex
	earlyOver bool // the final response came, no 1xx may follow
}

// newExchange starts the record of a request.
func (c *core) newExchange(w http.ResponseWriter, r *http.Request, j judge, to destination, cause string) *exchange {
	target := r.RequestURI
	if target == "" {
		target = r.URL.RequestURI()
	}
	target = originForm(target)
	if to.exact != "" {
		target = to.exact // the token stays out of the record
	}
	e := &exchange{core: c, judge: j, to: to, w: w, in: r, target: target, start: c.Clock()}
	e.record = evidence.Exchange{
		ID: c.IDs.Next(), Time: e.start, Cause: cause, Callback: j.callback(),
		Request: evidence.Message{Method: r.Method, Target: target, Header: r.Header},
	}
	return e
}

// enforcing reports whether messages may be refused; callbacks never are.
func (e *exchange) enforcing() bool { return e.core.enforce && !e.judge.callback() }

// bodyRead reports whether all of the request was read.
func (e *exchange) bodyRead() bool {
	return e.in.ContentLength == 0 || e.bodyAtEnd || e.request != nil && e.request.ended()
}

// end accounts for the exchange, whatever became of it. It is deferred.
func (e *exchange) end() {
	problem := recover()
	if problem != nil && !e.streamAborted(problem) {
		e.core.Logger.Error("panic while serving", "exchange", e.record.ID, "stack", string(debug.Stack()))
		e.record.Failure = "the proxy failed"
		e.answerProblem(problemInternal, "the proxy failed on this exchange, its log says where", nil)
	}
	e.finish()
	if e.abort {
		panic(http.ErrAbortHandler)
	}
}

// streamAborted takes httputil's way to say that a response broke off after
// its beginning was sent.
func (e *exchange) streamAborted(problem any) bool {
	err, ok := problem.(error)
	if !ok || !errors.Is(err, http.ErrAbortHandler) {
		e.abort = e.sent
		return false
	}
	e.abort = true
	if e.record.Failure == "" && e.response != nil {
		e.record.Failure = e.bodyFailure(e.response.broken())
	}
	return true
}

// finish checks what was not checked yet and hands the exchange on.
func (e *exchange) finish() {
	if !e.requestChecked {
		e.checkStreamedRequest()
	}
	if e.record.Response != nil && !e.responseChecked {
		e.checkPassedResponse()
	}
	e.events.end(false) // a stream that was not accounted for is not left behind
	e.held.release()
	e.response.release()
	e.record.Duration = e.core.Clock().Sub(e.start)
	e.core.metrics.exchange(&e.record)
	e.core.log(&e.record)
	e.core.deliver(&e.record, e.events)
}

// checkStreamedRequest checks a request that was forwarded while it arrived,
// or that never arrived as a whole.
func (e *exchange) checkStreamedRequest() {
	if e.request == nil {
		e.checkRequest(body{whole: e.in.ContentLength == 0})
		return
	}
	b := e.request.take()
	b.whole = b.whole || e.in.ContentLength == 0
	e.checkRequest(b)
	e.request.release()
	if e.interposes() {
		e.core.metrics.swapped.WithLabelValues("streamed").Inc()
	}
}

// checkPassedResponse checks a response after it was passed on.
func (e *exchange) checkPassedResponse() {
	if e.response == nil {
		e.checkResponse(body{whole: true})
		return
	}
	if e.events != nil {
		e.checkEvents()
		return
	}
	e.checkResponse(e.response.take())
}

// checkRequest checks the request and records it.
func (e *exchange) checkRequest(b body) {
	e.requestChecked = true
	req := &contract.Request{
		Method: e.in.Method, Target: e.target, Header: e.in.Header,
		Body: b.bytes, Oversize: b.oversize || !b.whole,
	}
	e.verdict = e.safely(e.record.RequestDirection(), func() verdict { return e.judge.request(req) })
	if e.verdict.contract != nil {
		e.record.Contract = e.verdict.contract.Name()
	}
	if e.verdict.Operation != nil {
		e.record.Operation = e.verdict.Operation.ID
	}
	e.note(&e.record.Request, b, e.verdict.Result)
}

// checkResponse checks the response and records it.
func (e *exchange) checkResponse(b body) contract.Result {
	e.responseChecked = true
	m := e.record.Response
	result := contract.Result{Account: contract.AccountUnmatched}
	if e.verdict.contract != nil && e.verdict.Operation != nil {
		resp := &contract.Response{Status: m.Status, Header: m.Header, Body: b.bytes, Oversize: b.oversize || !b.whole}
		result = e.safely(e.record.ResponseDirection(), func() verdict {
			return verdict{Result: e.judge.response(e.verdict, resp)}
		}).Result
	}
	e.note(m, b, result)
	return result
}

// safely runs a check; a panic in it becomes an account and a finding.
func (e *exchange) safely(direction contract.Direction, check func() verdict) (v verdict) {
	defer func() {
		if recover() == nil {
			return
		}
		e.core.Logger.Error("panic in check", "exchange", e.record.ID, "stack", string(debug.Stack()))
		v = verdict{Result: contract.Result{
			Account: contract.AccountFailed, Findings: []contract.Finding{checkFailed(direction)},
		}}
	}()
	return check()
}

// note records a message's body, account and findings.
func (e *exchange) note(m *evidence.Message, b body, result contract.Result) {
	m.BodyBytes = b.length
	m.Capped = result.Capped
	m.Account = result.Account
	if !b.whole {
		m.Account = contract.AccountFailed
		for _, f := range result.Findings {
			if f.Location.In != contract.PartBody {
				e.record.Findings = append(e.record.Findings, f)
			}
		}
		return
	}
	if m.Account == "" {
		m.Account = contract.AccountFailed
	}
	if !b.oversize {
		m.Body = e.core.recordBody(b.bytes)
	}
	if e.record.Findings == nil {
		e.record.Findings = result.Findings
		return
	}
	e.record.Findings = append(e.record.Findings, result.Findings...)
}

// blocks reports whether any finding is an error that somebody is to blame for.
func blocks(findings []contract.Finding, blame contract.Blame) bool {
	for i := range findings {
		if findings[i].Severity == contract.SeverityError && findings[i].Blame == blame {
			return true
		}
	}
	return false
}
