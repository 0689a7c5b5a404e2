package server

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
)

// Config sets up Validate.
type Config struct {
	// Contracts that requests are checked against; at least one.
	Contracts contract.Set
	// Mode is ModeEnforce by default. In ModeObserve findings, unknown paths
	// and large bodies pass; Authenticate is obeyed in both, and a body that
	// breaks off is refused in both.
	Mode Mode
	// MaxBodyBytes is the largest body taken. Default 1 MiB (1 << 20). A
	// body beyond the contract's own limit cannot be checked and is refused
	// in ModeEnforce too.
	MaxBodyBytes int
	// Authenticate establishes the caller before the request is checked. Nil
	// leaves it at the presence of the credentials that the contract asks
	// for, which ModeObserve does not insist on: their values are not looked
	// at.
	Authenticate Authenticate
	// Shape writes refusals. Default ProblemErrors.
	Shape ErrorShape
	// OnResult is told of every request; nil for nobody.
	OnResult OnResult
	// BasePath is a prefix of all paths, such as "/vendor", that the
	// contracts do not have. Default none.
	BasePath string
	// PassUnmatched lets requests through that match no operation but a
	// route of the engine, such as /healthz: neither their caller nor their
	// contents are checked. Without it they are refused in ModeEnforce.
	PassUnmatched bool
}

// Validate returns a middleware that checks requests before their handlers see
// them. A request is refused for the first of: a path that no contract has
// (404), a method that the path does not have (405), a body that is too large
// (413), its caller (401, or as Authenticate says), findings of error severity
// (400). The handler gets the body byte for byte, and generated handlers bind
// it with its member names matched exactly.
//
// The error says which field of the configuration is wrong.
func Validate(config Config) (gin.HandlerFunc, error) {
	v, err := newValidator(config)
	if err != nil {
		return nil, fmt.Errorf("server: validate: %w", err)
	}
	return v.handle, nil
}

type validator struct {
	Config
}

func newValidator(config Config) (*validator, error) {
	if err := checkContracts(config.Contracts); err != nil {
		return nil, err
	}
	mode, err := config.Mode.check(ModeEnforce)
	if err != nil {
		return nil, err
	}
	config.Mode = mode
	if config.MaxBodyBytes, err = bodyLimit(config.MaxBodyBytes); err != nil {
		return nil, err
	}
	if config.Shape == nil {
		config.Shape = ProblemErrors
	}
	config.BasePath = strings.TrimSuffix(config.BasePath, "/")
	return &validator{Config: config}, nil
}

func checkContracts(set contract.Set) error {
	if len(set) == 0 {
		return errors.New("contracts: none given; load one with contract.Load")
	}
	for i, c := range set {
		if c == nil {
			return fmt.Errorf("contracts: number %d is nil; look at the error of its load", i)
		}
	}
	return nil
}

func bodyLimit(n int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("body limit %d: negative; leave it 0 for %d bytes", n, defaultMaxBodyBytes)
	}
	if n == 0 {
		return defaultMaxBodyBytes, nil
	}
	return n, nil
}

// handle is the middleware.
func (v *validator) handle(c *gin.Context) {
	raw, ok := contractTarget(c, v.Contracts, v.BasePath)
	if !ok {
		v.unmatched(c, nil, contract.Result{Account: contract.AccountUnmatched}, contract.Match{Rule: contract.RulePathUnknown})
		return
	}
	req := contract.Request{Method: c.Request.Method, Target: raw, Header: c.Request.Header}
	matched, m := v.Contracts.Match(req.Method, req.Target)
	if m.Operation == nil || (m.Rule == contract.RulePathTrailingSlash && c.FullPath() == "") {
		ct, res := v.Contracts.CheckRequest(&req)
		v.unmatched(c, ct, res, m)
		return
	}
	if !v.read(c, &req, m.Operation) {
		return
	}
	if v.Authenticate != nil {
		in := AuthInput{Operation: m.Operation, Request: c.Request, Body: req.Body}
		if err := v.Authenticate(c.Request.Context(), in); err != nil {
			res := contract.Result{Operation: m.Operation, Params: m.Params, Account: contract.AccountSampledOut}
			v.refuse(c, matched, res, authRefusal(m.Operation, err))
			return
		}
	}
	ct, res := v.Contracts.CheckRequest(&req)
	if r, refused := v.judge(res); refused {
		v.refuse(c, ct, res, r)
		return
	}
	v.report(c, Outcome{Contract: ct, Result: res})
	c.Next()
}

// read reads the body into req and gives it back to the handler. It returns
// false when it refused the request.
func (v *validator) read(c *gin.Context, req *contract.Request, op *contract.Operation) bool {
	declared := c.Request.ContentLength > int64(v.MaxBodyBytes)
	if declared && v.Mode == ModeEnforce {
		req.Oversize = true
		v.refuseLarge(c, req, op)
		return false
	}
	body, over, err := readBody(c.Request, v.MaxBodyBytes)
	switch {
	case err != nil:
		res := contract.Result{Operation: op, Account: contract.AccountUndecodable}
		v.refuse(c, nil, res, Refusal{Status: http.StatusBadRequest, Operation: op, Detail: "the body could not be read to its end"})
		return false
	case over && v.Mode == ModeEnforce:
		req.Oversize = true
		v.refuseLarge(c, req, op)
		return false
	case over:
		req.Oversize = true
		c.Request.Body = restore(body, c.Request.Body)
		return true
	case len(body) > 0:
		req.Body = body
		c.Request.Body = newCheckedBody(body, c.Request.Header.Get("Content-Type"))
	}
	return true
}

// judge decides whether the result of a check refuses the request.
func (v *validator) judge(res contract.Result) (Refusal, bool) {
	r := Refusal{Operation: res.Operation, Findings: res.Findings}
	if v.Mode != ModeEnforce {
		return r, false
	}
	missing := securityMissing(res.Findings)
	switch {
	case res.Account == contract.AccountFailed:
		r.Status, r.Detail, r.Findings = http.StatusInternalServerError, internalDetail, nil
	case v.Authenticate == nil && len(missing) > 0:
		// The faults of the body are nobody's business yet.
		r.Status, r.Detail, r.Findings = http.StatusUnauthorized, missingCredentials, missing
	case res.Account == contract.AccountTooLarge:
		r.Status, r.Detail = http.StatusRequestEntityTooLarge, "the body is larger than can be checked"
	case blocking(res.Findings, v.Authenticate != nil):
		r.Status, r.Detail = http.StatusBadRequest, "the request does not keep the contract"
	default:
		return r, false
	}
	return r, true
}

// blocking is Result.Blocking but for missing credentials that Authenticate
// has accepted.
func blocking(findings []contract.Finding, authenticated bool) bool {
	for i := range findings {
		if authenticated && findings[i].Rule == contract.RuleSecurityMissing {
			continue
		}
		if findings[i].Severity == contract.SeverityError {
			return true
		}
	}
	return false
}

// unmatched handles a request that belongs to no operation, or to one but for
// its trailing slash.
func (v *validator) unmatched(c *gin.Context, ct *contract.Contract, res contract.Result, m contract.Match) {
	route := c.FullPath() != ""
	if v.Mode == ModeObserve || (route && v.PassUnmatched) {
		v.report(c, Outcome{Contract: ct, Result: res})
		c.Next() // Gin answers when it has no route either.
		return
	}
	r := Refusal{Operation: m.Operation, Findings: onlyRule(res.Findings, m.Rule)}
	switch m.Rule {
	case contract.RuleMethodUnknown:
		r.Status, r.Detail, r.Allow = http.StatusMethodNotAllowed, "the path has no operation with this method", m.Allowed
	case contract.RulePathTrailingSlash:
		r.Status, r.Detail = http.StatusNotFound, "no operation has this path; one differs from it by the trailing slash"
	case contract.RuleTargetInvalid:
		r.Status, r.Detail = http.StatusBadRequest, "the request target is not valid"
	default:
		r.Status, r.Detail = http.StatusNotFound, "no operation has this path"
	}
	v.refuse(c, ct, res, r)
}

func onlyRule(findings []contract.Finding, rule contract.Rule) []contract.Finding {
	var out []contract.Finding
	for _, f := range findings {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}

// refuseLarge answers a request whose body is beyond the limit. The rest of the
// body is not read, so the connection ends here.
func (v *validator) refuseLarge(c *gin.Context, req *contract.Request, op *contract.Operation) {
	ct, res := v.Contracts.CheckRequest(req)
	c.Header("Connection", "close")
	v.refuse(c, ct, res, Refusal{
		Status:    http.StatusRequestEntityTooLarge,
		Operation: op,
		Detail:    fmt.Sprintf("the body is larger than %d bytes", v.MaxBodyBytes),
		Findings:  onlyRule(res.Findings, contract.RuleBodyTooLarge),
	})
}

func (v *validator) refuse(c *gin.Context, ct *contract.Contract, res contract.Result, r Refusal) {
	v.report(c, Outcome{Contract: ct, Result: res, Refused: true, Status: r.Status})
	refuse(c, v.Shape, r)
}

func (v *validator) report(c *gin.Context, o Outcome) {
	if v.OnResult == nil {
		return
	}
	ctx := c.Request.Context()
	o.Direction, o.RequestID = contract.DirectionRequest, RequestID(ctx)
	v.OnResult(ctx, o)
}
