package contract

import (
	"fmt"
	"strconv"
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
	k := c.newCheck(c.find(id), direction)
	if k.op == nil {
		return Result{Account: AccountUnmatched}
	}
	defer k.recovered(nil, &result)
	k.checkAnswer(r)
	return k.result(nil)
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
	if len(r.Body) == 0 && !r.Oversize && (k.op.public.Method == "HEAD" || bodyless(r.Status)) {
		return
	}
	k.checkBody(declared.body, declared.scope, payload{header: r.Header, bytes: r.Body, oversize: r.Oversize})
}

// response finds the declaration of a status: itself, its class, the default.
func (op *operation) response(status int) *response {
	if r := op.responses[strconv.Itoa(status)]; r != nil {
		return r
	}
	if status >= 100 && status <= 599 {
		if r := op.responses[strconv.Itoa(status/100)+"XX"]; r != nil {
			return r
		}
	}
	return op.responses["DEFAULT"]
}

// bodyless reports a status whose answers have no body by the rules of HTTP.
func bodyless(status int) bool {
	return status < 200 || status == 204 || status == 304
}
