package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// directions in the order in which they are printed.
var directions = []contract.Direction{
	contract.DirectionRequest, contract.DirectionResponse,
	contract.DirectionCallback, contract.DirectionCallbackResponse,
}

// writeSummary prints the groups of findings with their counts, and under them
// what they were found among, so that no count stands without its denominator.
func writeSummary(w io.Writer, s evidence.Summary, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(struct {
			Summary evidence.Summary `json:"summary"`
		}{s})
	}
	if len(s.Groups) > 0 {
		fmt.Fprintln(w)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "COUNT\tSEVERITY\tRULE\tOPERATION\tDIRECTION\tLOCATION\tCONTRACT")
		for _, g := range s.Groups {
			f := g.Finding
			fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n",
				g.Count, f.Severity, f.Rule, orDash(f.Operation), f.Direction, f.Location, orDash(f.Position.String()))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\n%s in %s", count(findingCount(s), "finding"), count(s.Exchanges, "exchange"))
	if s.Failures > 0 {
		fmt.Fprintf(w, ", %d without a response", s.Failures)
	}
	fmt.Fprintln(w)
	for _, d := range directions {
		if accounts := s.Accounts[d]; accounts.Total() > 0 {
			fmt.Fprintf(w, "  %s: %d seen, %s\n", d, accounts.Total(), accountList(accounts))
		}
	}
	for _, d := range directions {
		if n := s.Blocked[d]; n > 0 {
			fmt.Fprintf(w, "  %s: %d blocked\n", d, n)
		}
	}
	return nil
}

// findingCount is the number of findings in all groups.
func findingCount(s evidence.Summary) int64 {
	var n int64
	for _, g := range s.Groups {
		n += g.Count
	}
	return n
}

// accountList writes the accounts as "12 validated, 1 too-large".
func accountList(accounts evidence.Accounts) string {
	parts := make([]string, 0, len(accounts))
	for _, a := range slices.Sorted(maps.Keys(accounts)) {
		parts = append(parts, fmt.Sprintf("%d %s", accounts[a], a))
	}
	return strings.Join(parts, ", ")
}

// count writes a number with its noun in the right form.
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// orDash stands in for nothing in a table.
func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
