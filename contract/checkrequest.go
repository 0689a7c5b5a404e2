package contract

import (
	"fmt"
	"net/http"
	"strings"
)

// CheckRequest checks a request against the operation it matches. It allocates
// nothing for a request that breaks nothing, as far as that is compiled.
func (c *Contract) CheckRequest(r *Request) Result {
	m := c.match(r.Method, r.Target)
	return c.checkMatched(r, &m)
}

// checkMatched is CheckRequest with the match already made.
func (c *Contract) checkMatched(r *Request, m *matched) (result Result) {
	if m.op == nil {
		k := c.newCheck(nil, DirectionRequest)
		k.unmatched(m)
		return k.result(Params{})
	}
	var k *check
	defer func() {
		if p := recover(); p != nil {
			result = c.failed(k, m.op, DirectionRequest, m.params, p)
		}
	}()
	body := newPayload(r.Header, r.Body, r.BodyReader, r.Oversize)
	head := m.rule == "" && c.acceptsHead(m.op, r.Header, m.query, &m.params)
	var found bodyFindings
	if head && c.acceptsBody(m.op.body, body, &found) {
		return Result{Operation: m.op.public, Params: m.params, Account: AccountValidated}
	}
	k = c.newCheck(m.op, DirectionRequest)
	if !head {
		k.checkSlash(m)
		k.checkHead(r.Header, m.query, m.params)
	}
	k.refused, k.known = head, found
	k.checkBody(m.op.body, m.op.scope, body)
	return k.result(m.params)
}

// checkSlash reports a path that fits but for the slash at its end.
func (k *check) checkSlash(m *matched) {
	if m.rule != RulePathTrailingSlash {
		return
	}
	message := "must end with a slash"
	if !strings.HasSuffix(m.op.public.Path, "/") {
		message = "must not end with a slash"
	}
	b := k.op.scope.basis("path")
	b.place = k.op.scope.up.place
	k.add(RulePathTrailingSlash, Location{In: PartPath}, b, message)
}

// failed is the result of a check that panicked: a message that cannot be
// checked must never look clean. k is nil where nothing was found before.
func (c *Contract) failed(k *check, op *operation, direction Direction, params Params, panicked any) Result {
	if k == nil {
		k = c.newCheck(op, direction)
	}
	// The panic's text may hold values of the message: only its type is told.
	k.add(RuleCheckFailed, atBody, basis{}, fmt.Sprintf("could not be checked (%T)", panicked))
	k.account = AccountFailed
	return k.result(params)
}

// unmatched reports a request that belongs to no operation.
func (k *check) unmatched(m *matched) {
	k.account = AccountUnmatched
	b := basis{grade: GradeDocumented}
	switch m.rule {
	case RuleTargetInvalid:
		k.add(m.rule, Location{In: PartPath}, b, "is not a path with an optional query")
	case RuleMethodUnknown:
		k.add(m.rule, Location{In: PartMethod}, b, "must be "+strings.Join(m.allowed, " or ")+" for this path")
	default:
		k.add(RulePathUnknown, Location{In: PartPath}, b, "fits no path of the contract")
	}
}

// checkHead checks everything of a request but the path itself and the body.
func (k *check) checkHead(header http.Header, rawQuery string, params Params) {
	k.values = values{path: params, query: parseQuery(rawQuery), header: header}
	crowded := k.checkHeaderCount(header)
	k.checkSecurity()
	k.checkQuery()
	for _, p := range k.op.params {
		if crowded && (p.part == PartHeader || p.part == PartCookie) {
			continue
		}
		k.checkParameter(p)
	}
}

// checkHeaderCount reports a message with too many header fields.
func (k *check) checkHeaderCount(header http.Header) (crowded bool) {
	n, limit := 0, k.contract.config.MaxHeaders
	for _, values := range header {
		if n += len(values); n > limit {
			k.add(RuleTooManyHeaders, Location{In: PartHeader}, basis{}, fmt.Sprintf("are more than %d fields", limit))
			return true
		}
	}
	return false
}

// CheckCallback checks a request that a vendor made to a callback URL against
// the callback operation with the given operationId. The path of the request
// is not compared: callback URLs are the integrator's own. An id that the
// contract does not have gives a result accounted for as unmatched.
func (c *Contract) CheckCallback(operationID string, r *Request) (result Result) {
	op := c.find(operationID)
	if op == nil {
		k := c.newCheck(nil, DirectionCallback)
		k.account = AccountUnmatched
		k.add(RulePathUnknown, Location{In: PartPath}, basis{}, fmt.Sprintf("belongs to the callback operation %q, which the contract does not have", short(operationID)))
		return k.result(Params{})
	}
	var k *check
	defer func() {
		if p := recover(); p != nil {
			result = c.failed(k, op, DirectionCallback, Params{}, p)
		}
	}()
	body := newPayload(r.Header, r.Body, r.BodyReader, r.Oversize)
	_, rawQuery, _ := splitTarget(r.Target)
	head := r.Method == op.public.Method && c.acceptsCallbackHead(op, r.Header, rawQuery)
	var found bodyFindings
	if head && c.acceptsBody(op.body, body, &found) {
		return Result{Operation: op.public, Account: AccountValidated}
	}
	k = c.newCheck(op, DirectionCallback)
	if !head {
		if want := op.public.Method; r.Method != want {
			k.add(RuleMethodUnknown, Location{In: PartMethod}, op.scope.basis(""), "must be "+want)
		}
		k.checkCallbackHead(r.Header, rawQuery)
	}
	k.refused, k.known = head, found
	k.checkBody(op.body, op.scope, body)
	return k.result(Params{})
}

// checkCallbackHead checks a callback whose query is partly the integrator's
// own: undeclared names in it are no finding.
func (k *check) checkCallbackHead(header http.Header, rawQuery string) {
	k.values = values{query: parseQuery(rawQuery), header: header}
	crowded := k.checkHeaderCount(header)
	k.checkSecurity()
	for _, p := range k.op.params {
		if p.part == PartPath || crowded && p.part != PartQuery {
			continue
		}
		k.checkParameter(p)
	}
}
