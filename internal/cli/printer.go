package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// printer prints findings, one a line. It is an evidence.Keeper and not safe
// for concurrent use.
type printer struct {
	out  *bufio.Writer
	json bool
}

// newPrinter prints to out, as JSON lines when asJSON is set.
func newPrinter(out io.Writer, asJSON bool) *printer {
	return &printer{out: bufio.NewWriter(out), json: asJSON}
}

// printed is the JSON form of a finding on the command line.
type printed struct {
	Exchange string `json:"exchange,omitempty"`
	contract.Finding
	Fingerprint string `json:"fingerprint"`
}

// Keep prints the findings of one exchange.
func (p *printer) Keep(x evidence.Exchange) error {
	for _, f := range x.Findings {
		if !p.json {
			fmt.Fprintln(p.out, f)
			continue
		}
		line, err := json.Marshal(printed{Exchange: x.ID, Finding: f, Fingerprint: f.Fingerprint()})
		if err != nil {
			return fmt.Errorf("print finding: %w", err)
		}
		_, _ = p.out.Write(append(line, '\n')) // bufio keeps an error for Flush
	}
	return nil
}

// Flush makes what was printed visible.
func (p *printer) Flush() error { return p.out.Flush() }

// failing reports whether a summary holds a finding at or above a severity:
// "error", "warning", or "never".
func failing(s evidence.Summary, failOn string) bool {
	if failOn == "never" {
		return false
	}
	for _, g := range s.Groups {
		if failOn == "warning" || g.Finding.Severity == contract.SeverityError {
			return true
		}
	}
	return false
}
