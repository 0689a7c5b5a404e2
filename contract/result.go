package contract

// Account says how a message was accounted for. Every message that is given to
// a check ends in exactly one account, so that a count of findings always has
// its denominator.
type Account string

// The accounts.
const (
	// AccountValidated is a message that was checked as a whole.
	AccountValidated Account = "validated"
	// AccountSampledOut is a message that the caller chose not to check.
	AccountSampledOut Account = "sampled-out"
	// AccountTooLarge is a message whose body was beyond the limit; all but
	// the body was checked.
	AccountTooLarge Account = "too-large"
	// AccountUndecodable is a message whose body could not be decoded: a
	// broken encoding or a media type the contract cannot read.
	AccountUndecodable Account = "undecodable"
	// AccountUnmatched is a message that belongs to no operation.
	AccountUnmatched Account = "unmatched"
	// AccountFailed is a message on which the check itself failed, or which it
	// gave up; a finding of rule check-failed or check-budget says so.
	AccountFailed Account = "failed"
)

// Result is the outcome of one check.
type Result struct {
	// Operation that the message belongs to; nil when none matched.
	Operation *Operation
	// Params are the path parameters, views of the request's target.
	Params Params
	// Account says how the message was accounted for; never empty.
	Account Account
	// Findings are all disagreements found, at most Config.MaxFindings, in the
	// order of the message. Nil means none.
	Findings []Finding
	// Capped says that there were more findings than Config.MaxFindings.
	Capped bool
}

// Blocking reports whether any finding is an error, which is what the enforce
// mode of the callers refuses.
func (r Result) Blocking() bool {
	for i := range r.Findings {
		if r.Findings[i].Severity == SeverityError {
			return true
		}
	}
	return false
}
