package proxy

import (
	"net/http"
	"slices"
	"sync"

	"github.com/parley-contracts/parley/contract"
)

// eventJudge is a judge that can check a stream of events while it passes.
type eventJudge interface {
	// events makes the checker of a response's events. ok is false for a
	// response that has to be checked as a whole. v is zero where the request
	// was not checked yet, because it was streamed too.
	events(v verdict, method, target string, status int, contentType string) (checker *contract.EventChecker, ok bool)
}

func (j setJudge) events(v verdict, method, target string, status int, contentType string) (*contract.EventChecker, bool) {
	c, op := v.contract, v.Operation
	if c == nil {
		var m contract.Match
		c, m = j.contracts.Match(method, target)
		op = m.Operation
	}
	if c == nil || op == nil {
		return nil, false
	}
	return c.StreamResponse(op, status, contentType)
}

// eventFeed checks the events of one response on a goroutine of its own, so
// that a check never stands between an event and its reader. What passes while
// the checks are behind waits in memory, up to a limit; beyond it the rest of
// the stream is not checked, and is accounted for so.
type eventFeed struct {
	checker *contract.EventChecker
	limit   int64
	metrics *metrics

	mu      sync.Mutex
	pending []byte
	ended   bool
	lost    bool
	wake    chan struct{} // holds one: there is something pending
	done    chan struct{} // closed when the goroutine has ended

	// told are the findings that were handed on; it belongs to the goroutine
	// until done.
	told []contract.Finding
}

// watch begins to check the events of a response that is a stream of them.
func (e *exchange) watch(res *http.Response) {
	j, ok := e.judge.(eventJudge)
	if !ok || !isStream(res.Header) || len(res.Header["Content-Encoding"]) > 0 || e.in.Method == http.MethodHead {
		return
	}
	checker, ok := j.events(e.verdict, e.in.Method, e.target, res.StatusCode, res.Header.Get("Content-Type"))
	if !ok {
		return
	}
	f := &eventFeed{
		checker: checker, limit: e.core.MaxBodyBytes, metrics: e.core.metrics,
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	id := e.record.ID
	checker.OnFinding(func(finding contract.Finding) {
		f.told = append(f.told, finding)
		e.core.tell(id, finding)
	})
	e.events, e.response.also = f, f.add
	go f.run()
}

// add takes bytes that pass. It never waits.
func (f *eventFeed) add(p []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended || f.lost || len(p) == 0 {
		return
	}
	if int64(len(f.pending)+len(p)) > max(f.limit, copyBytes) {
		f.lost = true
		return
	}
	f.pending = append(f.pending, p...)
	select {
	case f.wake <- struct{}{}:
	default: // it is awake
	}
}

// run checks what passed, until end.
func (f *eventFeed) run() {
	defer close(f.done)
	var free []byte
	for range f.wake {
		f.mu.Lock()
		p := f.pending
		f.pending = free[:0]
		f.mu.Unlock()
		before := f.checker.Events()
		_, _ = f.checker.Write(p)
		f.metrics.events.Add(float64(f.checker.Events() - before))
		if free = p; cap(free) > maxPooledBytes {
			free = nil
		}
	}
}

// end waits for the checks that are behind and returns their outcome. whole
// says that the stream came to its end. It may be called again, and on nil.
func (f *eventFeed) end(whole bool) contract.Result {
	if f == nil {
		return contract.Result{}
	}
	f.mu.Lock()
	if !f.ended {
		f.ended = true
		close(f.wake)
	}
	lost := f.lost
	f.mu.Unlock()
	<-f.done
	if !whole || lost {
		r := f.checker.Abort()
		if lost {
			r.Account = contract.AccountSampledOut
		}
		return r
	}
	return f.checker.Close()
}

// wasTold reports whether a finding was handed on when its event passed.
func (f *eventFeed) wasTold(finding contract.Finding) bool {
	return f != nil && slices.ContainsFunc(f.told, func(told contract.Finding) bool {
		return told.Rule == finding.Rule && told.Location == finding.Location && told.Message == finding.Message
	})
}

// checkEvents takes the outcome of a stream whose events were checked while
// they passed: status and header are checked now. A stream that its reader
// left was checked as far as it came; one that broke off failed.
func (e *exchange) checkEvents() {
	b := e.response.take()
	whole := b.whole
	events := e.events.end(whole)
	b.oversize, b.whole = b.oversize || !whole, true
	m, result := e.record.Response, contract.Result{Account: contract.AccountUnmatched}
	e.responseChecked = true
	if e.verdict.contract != nil && e.verdict.Operation != nil {
		head := &contract.Response{Status: m.Status, Header: m.Header, Oversize: true}
		result = e.safely(e.record.ResponseDirection(), func() verdict {
			return verdict{Result: e.judge.response(e.verdict, head)}
		}).Result
		result.Findings = slices.DeleteFunc(result.Findings, func(f contract.Finding) bool {
			return f.Rule == contract.RuleBodyTooLarge
		})
		result.Findings = append(result.Findings, events.Findings...)
		result.Account, result.Capped = events.Account, result.Capped || events.Capped
	}
	e.note(m, b, result)
	if !whole && e.record.Failure != failureClientGone && !e.clientGone() {
		m.Account = contract.AccountFailed
	}
}
