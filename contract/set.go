package contract

// Set is several contracts in front of one upstream, such as V1 and V2 of the
// same vendor. The first contract that has the operation wins; a clean match
// in a later one beats a match by trailing slash in an earlier one.
type Set []*Contract

// Match finds the contract and the operation of a call. The contract is nil
// when no contract has the path; with RuleMethodUnknown it is the first that
// has the path.
func (s Set) Match(method, target string) (*Contract, Match) {
	c, m := s.match(method, target)
	return c, m.public()
}

func (s Set) match(method, target string) (best *Contract, kept matched) {
	kept.rule = RulePathUnknown
	for _, c := range s {
		m := c.match(method, target)
		switch {
		case m.op != nil && m.rule == "":
			return c, m
		case m.op != nil && kept.op == nil,
			m.rule == RuleMethodUnknown && best == nil:
			best, kept = c, m
		case m.rule == RuleTargetInvalid:
			return nil, m
		}
	}
	return best, kept
}

// CheckRequest checks a request against the contract that matches it and
// returns that contract, nil when none does. Without any match the findings
// are those of the first contract; an empty set reports none.
func (s Set) CheckRequest(r *Request) (*Contract, Result) {
	c, m := s.match(r.Method, r.Target)
	if c != nil {
		return c, c.checkMatched(r, &m)
	}
	if len(s) == 0 {
		return nil, Result{Account: AccountUnmatched}
	}
	return nil, s[0].checkMatched(r, &m)
}
