package cli

import (
	"fmt"
	"slices"

	"github.com/parley-contracts/parley/contract"
)

// performance is what the sample traffic was expected to give.
type performance struct {
	expected []expectation
	err      error
}

// settle prints the tally and compares it with what was expected: exactly
// those findings, no more and no fewer.
func (s *stage) settle(played performance) error {
	s.drain()
	summary := s.tally.Summary()
	fmt.Fprintln(s.to.out, "\n== All findings, grouped")
	if err := writeSummary(s.to.out, summary, false); err != nil {
		return failed(err, "")
	}
	if played.err != nil {
		return failed(fmt.Errorf("sample traffic: %w", played.err), "")
	}
	missing := slices.Clone(played.expected)
	var surplus []contract.Finding
	for _, g := range summary.Groups {
		for range g.Count {
			i := slices.IndexFunc(missing, func(e expectation) bool {
				return e.rule == g.Finding.Rule && e.direction == g.Finding.Direction && e.location == g.Finding.Location.String()
			})
			if i < 0 {
				surplus = append(surplus, g.Finding)
				continue
			}
			missing = slices.Delete(missing, i, i+1)
		}
	}
	for _, e := range missing {
		s.to.say("error: expected and not found: %s in the %s at %s", e.rule, e.direction, e.location)
	}
	for _, f := range surplus {
		s.to.say("error: found and not expected: %s", f)
	}
	if len(missing)+len(surplus) > 0 {
		return errFindings
	}
	fmt.Fprintf(s.to.out, "\nExactly the %d expected findings appeared, none in the calls that were right.\n", len(played.expected))
	return nil
}
