package contract

import (
	"fmt"
	"net/http"
)

// CheckResponse checks the response to a request of the given operation. A nil
// operation, or one of another contract, gives a result without findings that
// is accounted for as unmatched.
func (c *Contract) CheckResponse(op *Operation, r *Response) Result {
	if op == nil {
		return Result{Account: AccountUnmatched}
	}
	return c.checkResponse(op.ID, DirectionResponse, r)
}

// CheckCallbackResponse checks the answer that was given to a callback.
func (c *Contract) CheckCallbackResponse(operationID string, r *Response) Result {
	return c.checkResponse(operationID, DirectionCallbackResponse, r)
}

func (c *Contract) checkResponse(id string, direction Direction, r *Response) (result Result) {
	op := c.find(id)
	if op == nil {
		return Result{Account: AccountUnmatched}
	}
	var k *check
	defer func() {
		if p := recover(); p != nil {
			result = c.failed(k, op, direction, Params{}, p)
		}
	}()
	declared, head := c.acceptsAnswerHead(op, r)
	var found bodyFindings
	if head && c.acceptsAnswerBody(op, declared, r, &found) {
		return Result{Operation: op.public, Account: AccountValidated}
	}
	k = c.newCheck(op, direction)
	k.refused, k.known = head, found
	k.checkAnswer(r)
	return k.result(Params{})
}

// checkAnswer checks status, headers and body of a response.
func (k *check) checkAnswer(r *Response) {
	crowded := k.checkHeaderCount(r.Header)
	declared := k.op.response(r.Status)
	if declared == nil {
		b := k.op.scope.basis("responses")
		if k.op.statuses.Document != "" {
			b.place = k.op.statuses
		}
		k.add(RuleStatusUndeclared, Location{In: PartStatus}, b, fmt.Sprintf("is %d, which the operation does not declare", r.Status))
		if r.Oversize || len(r.Body) > k.contract.config.MaxBodyBytes {
			k.tooLarge(k.op.scope)
		}
		return
	}
	k.values.header = r.Header
	for _, h := range declared.headers {
		if crowded {
			break
		}
		k.checkParameter(h)
	}
	if len(r.Body) == 0 && r.BodyReader == nil && !r.Oversize && (k.op.public.Method == http.MethodHead || bodyless(r.Status)) {
		return
	}
	k.checkBody(declared.body, declared.scope, newPayload(r.Header, r.Body, r.BodyReader, r.Oversize))
}

// response finds the declaration of a status: itself, its class, the default.
func (op *operation) response(status int) *response {
	for i := range op.quick.statuses {
		if s := &op.quick.statuses[i]; s.code == status {
			return s.response
		}
	}
	if class := status / 100; class >= 1 && class <= 5 && op.quick.classes[class] != nil {
		return op.quick.classes[class]
	}
	return op.quick.otherwise
}

// bodyless reports a status whose answers have no body by the rules of HTTP.
func bodyless(status int) bool {
	return status < 200 || status == 204 || status == 304
}
