package evidence

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

func TestTally(t *testing.T) {
	t.Parallel()
	at := func(pointer string, severity contract.Severity) contract.Finding {
		return contract.Finding{
			Rule: contract.RuleType, Severity: severity, Direction: contract.DirectionRequest, Operation: "op",
			Location: contract.Location{In: contract.PartBody, Pointer: pointer},
		}
	}
	message := func(a contract.Account) Message { return Message{Method: "POST", Account: a} }
	response := message(contract.AccountTooLarge)
	exchanges := []Exchange{
		{ID: "2", Time: start.Add(time.Minute), Request: message(contract.AccountValidated), Response: &response, Findings: []contract.Finding{
			at("/items/3/a", contract.SeverityError), at("/items/4/a", contract.SeverityError), at("/b", contract.SeverityWarning),
		}},
		{ID: "1", Time: start, Request: message(contract.AccountFailed), Failure: "reset", Findings: []contract.Finding{at("/items/0/a", contract.SeverityError)}},
		{ID: "3", Time: start.Add(time.Hour), Callback: true, Request: message(contract.AccountUnmatched), Blocked: contract.DirectionCallback},
	}
	want := Summary{
		Exchanges: 3, Failures: 1, Blocked: map[contract.Direction]int64{contract.DirectionCallback: 1},
		Accounts: map[contract.Direction]Accounts{
			contract.DirectionRequest:  {contract.AccountValidated: 1, contract.AccountFailed: 1},
			contract.DirectionResponse: {contract.AccountTooLarge: 1},
			contract.DirectionCallback: {contract.AccountUnmatched: 1},
		},
		Groups: []Group{
			{Fingerprint: at("/items/*/a", "").Fingerprint(), Finding: at("/items/0/a", contract.SeverityError), Count: 3, FirstSeen: start, LastSeen: start.Add(time.Minute), Example: "1"},
			{Fingerprint: at("/b", "").Fingerprint(), Finding: at("/b", contract.SeverityWarning), Count: 1, FirstSeen: start.Add(time.Minute), LastSeen: start.Add(time.Minute), Example: "2"},
		},
	}
	var one, left, right Tally
	for i, x := range exchanges {
		one.Add(x)
		if i == 0 {
			left.Add(x)
		} else {
			right.Add(x)
		}
	}
	if diff := cmp.Diff(one.Summary(), want); diff != "" {
		t.Errorf("summary (-got +want):\n%s", diff)
	}
	left.Merge(right.Summary())
	if diff := cmp.Diff(left.Summary(), want); diff != "" {
		t.Errorf("merged summary (-got +want):\n%s", diff)
	}
	if got := want.Accounts[contract.DirectionRequest].Total(); got != 2 {
		t.Errorf("total is %d, want 2", got)
	}
}
