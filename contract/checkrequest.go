package contract

import (
	"fmt"
	"net/http"
	"strings"
)

// CheckRequest checks a request against the operation it matches.
func (c *Contract) CheckRequest(r *Request) Result {
	return c.checkMatched(r, c.Match(r.Method, r.Target))
}

// checkMatched is CheckRequest with the match already made.
func (c *Contract) checkMatched(r *Request, m Match) (result Result) {
	k := c.newCheck(nil, DirectionRequest)
	if m.Operation == nil {
		k.unmatched(m)
		return k.result(nil)
	}
	k.op = c.byID[m.Operation.ID]
	defer k.recovered(m.Params, &result)
	if m.Rule == RulePathTrailingSlash {
		message := "must end with a slash"
		if !strings.HasSuffix(m.Operation.Path, "/") {
			message = "must not end with a slash"
		}
		b := k.op.scope.basis("path")
		b.place = k.op.scope.up.place
		k.add(RulePathTrailingSlash, Location{In: PartPath}, b, message)
	}
	k.checkRequest(r, m.Params)
	return k.result(m.Params)
}

// recovered is deferred by every check and turns a panic of it into a finding:
// a message that cannot be checked must never look clean.
func (k *check) recovered(params []Param, r *Result) {
	if p := recover(); p != nil {
		// The panic's text may hold values of the message: only its type is told.
		k.add(RuleCheckFailed, atBody, basis{}, fmt.Sprintf("could not be checked (%T)", p))
		k.account = AccountFailed
		*r = k.result(params)
	}
}

// unmatched reports a request that belongs to no operation.
func (k *check) unmatched(m Match) {
	k.account = AccountUnmatched
	b := basis{grade: GradeDocumented}
	switch m.Rule {
	case RuleTargetInvalid:
		k.add(m.Rule, Location{In: PartPath}, b, "is not a path with an optional query")
	case RuleMethodUnknown:
		k.add(m.Rule, Location{In: PartMethod}, b, "must be "+strings.Join(m.Allowed, " or ")+" for this path")
	default:
		k.add(RulePathUnknown, Location{In: PartPath}, b, "fits no path of the contract")
	}
}

// checkRequest checks everything of a request but the path itself.
func (k *check) checkRequest(r *Request, params []Param) {
	_, rawQuery, _ := splitTarget(r.Target)
	k.values = values{path: params, query: parseQuery(rawQuery), header: r.Header}
	crowded := k.checkHeaderCount(r.Header)
	k.checkSecurity()
	k.checkQuery()
	for _, p := range k.op.params {
		if crowded && (p.part == PartHeader || p.part == PartCookie) {
			continue
		}
		k.checkParameter(p)
	}
	k.checkBody(k.op.body, k.op.scope, payload{header: r.Header, bytes: r.Body, oversize: r.Oversize})
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
	k := c.newCheck(c.find(operationID), DirectionCallback)
	if k.op == nil {
		k.account = AccountUnmatched
		k.add(RulePathUnknown, Location{In: PartPath}, basis{}, fmt.Sprintf("belongs to the callback operation %q, which the contract does not have", short(operationID)))
		return k.result(nil)
	}
	defer k.recovered(nil, &result)
	if want := k.op.public.Method; r.Method != want {
		k.add(RuleMethodUnknown, Location{In: PartMethod}, k.op.scope.basis(""), "must be "+want)
	}
	k.checkCallbackTarget(r)
	return k.result(nil)
}

// checkCallbackTarget checks a callback whose query is partly the integrator's
// own: undeclared names in it are no finding.
func (k *check) checkCallbackTarget(r *Request) {
	_, rawQuery, _ := splitTarget(r.Target)
	k.values = values{query: parseQuery(rawQuery), header: r.Header}
	crowded := k.checkHeaderCount(r.Header)
	k.checkSecurity()
	for _, p := range k.op.params {
		if p.part == PartPath || crowded && p.part != PartQuery {
			continue
		}
		k.checkParameter(p)
	}
	k.checkBody(k.op.body, k.op.scope, payload{header: r.Header, bytes: r.Body, oversize: r.Oversize})
}
