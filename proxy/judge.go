package proxy

import (
	"github.com/parley-contracts/parley/contract"
)

// verdict is what the check of a request came to.
type verdict struct {
	// contract is nil when none matched.
	contract *contract.Contract
	contract.Result
}

// judge checks the two messages of an exchange.
type judge interface {
	request(r *contract.Request) verdict
	// response is only asked when the request matched an operation.
	response(v verdict, r *contract.Response) contract.Result
	// callback says that the vendor makes the requests.
	callback() bool
}

// setJudge checks calls to a vendor.
type setJudge struct{ contracts contract.Set }

func (j setJudge) request(r *contract.Request) verdict {
	if len(j.contracts) == 0 {
		return verdict{Result: contract.Result{Account: contract.AccountUnmatched}}
	}
	c, res := j.contracts.CheckRequest(r)
	return verdict{c, res}
}

func (j setJudge) response(v verdict, r *contract.Response) contract.Result {
	return v.contract.CheckResponse(v.Operation, r)
}

func (j setJudge) callback() bool { return false }

// callbackJudge checks callbacks of one operation.
type callbackJudge struct {
	callbacks   *contract.Contract
	operationID string
}

func (j callbackJudge) request(r *contract.Request) verdict {
	if j.callbacks == nil || j.operationID == "" {
		return verdict{Result: contract.Result{Account: contract.AccountUnmatched}}
	}
	return verdict{j.callbacks, j.callbacks.CheckCallback(j.operationID, r)}
}

func (j callbackJudge) response(v verdict, r *contract.Response) contract.Result {
	return v.contract.CheckCallbackResponse(j.operationID, r)
}

func (j callbackJudge) callback() bool { return true }
