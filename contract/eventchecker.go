package contract

import (
	"fmt"

	"github.com/parley-contracts/parley/contract/internal/event"
)

// EventChecker checks the body of a streamed response event by event while it
// passes. It holds no more than one event, of at most Config.MaxBodyBytes. It
// is not safe for concurrent use.
type EventChecker struct {
	check    *check
	body     *eventBody
	splitter *event.Splitter
	events   int
	report   func(Finding)
	reported int
	closed   bool
	result   Result
}

// StreamResponse makes a checker for the body of a response to the given
// operation. ok is false where the contract declares no stream of events for
// the status and content type, or the operation is not of this contract; such
// a body is checked as a whole by CheckResponse. Status and headers are
// CheckResponse's in any case. A body with a Content-Encoding has to be decoded
// before it is written.
func (c *Contract) StreamResponse(op *Operation, status int, contentType string) (checker *EventChecker, ok bool) {
	if op == nil {
		return nil, false
	}
	return c.streamResponse(op.ID, DirectionResponse, status, contentType)
}

func (c *Contract) streamResponse(id string, direction Direction, status int, contentType string) (*EventChecker, bool) {
	k := c.newCheck(c.find(id), direction)
	if k.op == nil {
		return nil, false
	}
	declared := k.op.response(status)
	if declared == nil || declared.body == nil {
		return nil, false
	}
	m := declared.body.choose(contentType)
	if m == nil {
		return nil, false
	}
	body, ok := m.checker.(*eventBody)
	if !ok {
		return nil, false
	}
	e := &EventChecker{check: k, body: body}
	k.checkCharset(&body.site, contentType)
	e.splitter = event.NewSplitter(body.kind, c.config.MaxBodyBytes, e.take)
	return e, true
}

// OnFinding has a function called for every finding as soon as its event is
// complete, from within Write and Close. It is called for at most
// Config.MaxFindings findings.
func (e *EventChecker) OnFinding(report func(Finding)) { e.report = report }

// Events is the number of events seen so far.
func (e *EventChecker) Events() int { return e.events }

// Write takes the next bytes of the body and checks the events that they
// complete. It takes all of them and has no error; after Close it does nothing.
func (e *EventChecker) Write(p []byte) (int, error) {
	if !e.closed {
		e.safely(func() { e.splitter.Write(p) })
	}
	return len(p), nil
}

// Close says that the body came to its end and returns the outcome of all
// events. An event that was not complete is a finding. Closing again returns
// the same.
func (e *EventChecker) Close() Result {
	if !e.closed {
		e.safely(e.splitter.Close)
		e.finish()
	}
	return e.result
}

// Abort is Close for a body that broke off: the event under way is no finding.
func (e *EventChecker) Abort() Result {
	if !e.closed {
		e.finish()
	}
	return e.result
}

func (e *EventChecker) finish() {
	e.closed = true
	e.result = e.check.result(Params{})
}

// take checks one event.
func (e *EventChecker) take(v event.Event) {
	if v.Fault != event.Stray {
		e.events++
	}
	k := e.check
	k.account = worse(k.account, e.body.check(k, v))
	e.tell()
}

// tell reports the findings that are new.
func (e *EventChecker) tell() {
	for ; e.reported < len(e.check.findings) && e.reported < e.check.contract.config.MaxFindings; e.reported++ {
		if e.report != nil {
			e.report(e.check.findings[e.reported])
		}
	}
}

// safely turns a panic of a check into a finding and the end of the checks.
func (e *EventChecker) safely(check func()) {
	defer func() {
		if p := recover(); p != nil {
			e.check.add(RuleCheckFailed, atBody, basis{}, fmt.Sprintf("could not be checked (%T)", p))
			e.check.account = AccountFailed
			e.finish()
		}
	}()
	check()
}
