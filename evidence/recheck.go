package evidence

import (
	"slices"
	"strings"

	"github.com/parley-contracts/parley/contract"
)

// Checker checks recorded exchanges again.
type Checker struct {
	// Contracts to check calls against.
	Contracts contract.Set
	// Callbacks is the contract to check exchanges against whose Callback is
	// set; nil leaves them unmatched.
	Callbacks *contract.Contract
}

// Recheck returns the exchange with its contract, operation, accounts and
// findings made anew. What redaction left is evaluated; what it took away, a
// masked value or a body that was not kept, keeps the findings recorded for
// it. With the contracts of the recording, the findings are those of the
// recording. The exchange given is not changed.
func (c Checker) Recheck(x Exchange) Exchange {
	var findings []contract.Finding
	match, res := c.checkRequest(&x)
	x.Operation, x.Contract = "", ""
	if res.Operation != nil {
		x.Operation = res.Operation.ID
	}
	if match != nil {
		x.Contract = match.Name()
	}
	findings = append(findings, settle(&x, &x.Request, x.RequestDirection(), res)...)
	if x.Response != nil {
		m := *x.Response
		res := c.checkResponse(&x, match, res.Operation)
		findings = append(findings, settle(&x, &m, x.ResponseDirection(), res)...)
		x.Response = &m
	}
	x.Findings = findings
	return x
}

// checkRequest checks what is left of the request.
func (c Checker) checkRequest(x *Exchange) (match *contract.Contract, res contract.Result) {
	defer recoverCheck(&res)
	req := &contract.Request{
		Method: x.Request.Method, Target: x.Request.Target, Header: x.Request.checkHeader(),
		Body: []byte(x.Request.Body), Oversize: !x.Request.bodyKept(),
	}
	if !x.Callback {
		return c.Contracts.CheckRequest(req)
	}
	if c.Callbacks == nil || c.Callbacks.Operation(x.Operation) == nil {
		return nil, contract.Result{Account: contract.AccountUnmatched}
	}
	return c.Callbacks, c.Callbacks.CheckCallback(x.Operation, req)
}

// checkResponse checks what is left of the response.
func (c Checker) checkResponse(x *Exchange, match *contract.Contract, op *contract.Operation) (res contract.Result) {
	defer recoverCheck(&res)
	if match == nil || op == nil {
		return contract.Result{Account: contract.AccountUnmatched}
	}
	m := x.Response
	resp := &contract.Response{Status: m.Status, Header: m.checkHeader(), Body: []byte(m.Body), Oversize: !m.bodyKept()}
	if x.Callback {
		return match.CheckCallbackResponse(op.ID, resp)
	}
	return match.CheckResponse(op, resp)
}

// recoverCheck turns a panic of the check into the account for it.
func recoverCheck(res *contract.Result) {
	if recover() != nil {
		*res = contract.Result{Account: contract.AccountFailed}
	}
}

// settle joins the findings recorded for one message with those made anew, and
// sets the message's account.
func settle(x *Exchange, m *Message, direction contract.Direction, res contract.Result) []contract.Finding {
	if m.Account == contract.AccountFailed {
		// The message was never whole: the recorded findings are all there are.
		return recorded(x.Findings, direction)
	}
	if m.bodyKept() || res.Account == contract.AccountUnmatched || m.Account == "" || m.Account == contract.AccountUnmatched {
		m.Account = res.Account
	}
	var out []contract.Finding
	used := make([]bool, len(res.Findings))
	for _, f := range recorded(x.Findings, direction) {
		i := indexUnused(res.Findings, used, f)
		switch {
		case i >= 0:
			used[i] = true
			if m.rewritten(f.Rule) {
				out = append(out, f) // its offset is that of the body as sent
				continue
			}
			out = append(out, res.Findings[i])
		case m.carries(f) || res.Capped:
			out = append(out, f)
		}
	}
	if m.Capped {
		return out
	}
	for i, f := range res.Findings {
		if !used[i] && !m.madeByRedaction(f) {
			out = append(out, f)
		}
	}
	return out
}

// recorded are the findings of one direction.
func recorded(findings []contract.Finding, direction contract.Direction) []contract.Finding {
	var out []contract.Finding
	for _, f := range findings {
		if f.Direction == direction {
			out = append(out, f)
		}
	}
	return out
}

// indexUnused finds the same disagreement, at the same place, among findings
// that were not taken yet.
func indexUnused(findings []contract.Finding, used []bool, want contract.Finding) int {
	for i, f := range findings {
		if !used[i] && f.Rule == want.Rule && f.Location == want.Location && f.Operation == want.Operation {
			return i
		}
	}
	return -1
}

// carries reports whether a recorded finding stays although the check did not
// repeat it, because redaction took away what it was about.
func (m *Message) carries(f contract.Finding) bool {
	if f.Rule == contract.RuleTargetInvalid {
		return len(m.RedactedParameters) > 0
	}
	return m.rewritten(f.Rule) || m.madeByRedaction(f)
}

// rewritten reports whether a rule is about how the JSON was written, of which
// redaction, that writes it anew, may leave nothing.
func (m *Message) rewritten(rule contract.Rule) bool {
	switch rule {
	case contract.RuleJSONDuplicateName, contract.RuleJSONCaseTwin, contract.RuleJSONTrailingBytes,
		contract.RuleJSONUTF8, contract.RuleJSONSyntax, contract.RuleJSONDepth:
		return len(m.Redacted) > 0 || !m.bodyKept()
	}
	return false
}

// madeByRedaction reports whether a finding of a message can be owed to
// redaction alone: it stands at a masked value or judges something that holds
// one.
func (m *Message) madeByRedaction(f contract.Finding) bool {
	switch f.Location.In {
	case contract.PartBody:
		if !m.bodyKept() {
			return true
		}
		return !aboutPresence(f.Rule) && m.masks(f)
	case contract.PartQuery, contract.PartHeader, contract.PartCookie:
		return !aboutPresence(f.Rule) && m.masksParameter(f.Location)
	}
	return false
}

// masks reports whether the body value a finding judges is masked or, for a
// rule that judges a whole, holds something masked.
func (m *Message) masks(f contract.Finding) bool {
	at := f.Location.Pointer
	for _, p := range m.Redacted {
		if at == p || strings.HasPrefix(at, p+"/") {
			return true
		}
		if judgesWhole(f.Rule) && (at == "" || strings.HasPrefix(p, at+"/")) {
			return true
		}
	}
	return false
}

// masksParameter reports whether a parameter's value is masked.
func (m *Message) masksParameter(l contract.Location) bool {
	if l.In == contract.PartCookie {
		l = contract.Location{In: contract.PartHeader, Name: "Cookie"}
	}
	want := contract.Location{In: l.In, Name: l.Name}.String()
	return slices.ContainsFunc(m.RedactedParameters, func(s string) bool { return strings.EqualFold(s, want) })
}

// aboutPresence reports whether a rule asks only if something is there, which
// redaction does not change.
func aboutPresence(rule contract.Rule) bool {
	switch rule {
	case contract.RuleParameterMissing, contract.RuleParameterUndeclared, contract.RuleParameterRepeated,
		contract.RuleHeaderMissing, contract.RuleSecurityMissing, contract.RuleBodyMissing, contract.RuleBodyUnexpected,
		contract.RuleRequired, contract.RulePropertyUndeclared, contract.RulePropertyForbidden,
		contract.RuleMinProperties, contract.RuleMaxProperties, contract.RuleMinItems, contract.RuleMaxItems,
		contract.RuleReadOnly, contract.RuleWriteOnly, contract.RuleNull,
		contract.RuleContentTypeMissing, contract.RuleContentTypeUnknown:
		return true
	}
	return false
}

// judgesWhole reports whether a rule judges a value by what it holds.
func judgesWhole(rule contract.Rule) bool {
	switch rule {
	case contract.RuleAllOf, contract.RuleAnyOf, contract.RuleOneOf, contract.RuleNot,
		contract.RuleDiscriminator, contract.RuleUniqueItems, contract.RuleEnum:
		return true
	}
	return false
}
