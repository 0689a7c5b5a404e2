package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/parley-contracts/parley/internal/ledger"
)

// contractLedgerCommand shows what the contracts as wholes have and lack.
type contractLedgerCommand struct {
	Format string `enum:"text,json" default:"text" help:"Form of the output: text or json."`
}

// Run prints the ledger; holes without a waiver are findings.
func (c contractLedgerCommand) Run(to console) error {
	books, err := ledger.Embedded()
	if err != nil {
		return failed(err, "")
	}
	l, err := ledger.Balance(books)
	if err != nil {
		return failed(err, "")
	}
	return printLedger(to.out, c.Format, l)
}

// printLedger prints a ledger and says whether it has holes.
func printLedger(out io.Writer, format string, l *ledger.Ledger) error {
	var err error
	if format == "json" {
		err = writeJSON(out, l)
	} else {
		err = writeLedger(out, l)
	}
	if err == nil && len(l.Holes) > 0 {
		err = errFindings
	}
	return err
}

// writeLedger prints a line an operation, then the totals, waivers and holes.
func writeLedger(out io.Writer, l *ledger.Ledger) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONTRACT\tOPERATION\tGRADE\tSOURCE\tSUCCESS\tERRORS\tFIELDS\tCLIENT\tSERVER\tMOUNT")
	for _, op := range l.Operations {
		client := strings.Join(op.Client, ", ")
		if op.Inbound {
			client = "vendor"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", op.Contract, op.ID, orDash(op.Grade), orDash(op.Page),
			op.Success, op.Errors, op.Fields, orDash(client), orDash(op.Server), orDash(op.Mount))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d operations, %d documented fields, %d facts with evidence, %d register entries, %d callback URLs; %d holes, %d waived\n",
		len(l.Operations), l.Fields, l.Evidence, l.Entries, l.Expressions, len(l.Holes), len(l.Waived))
	for _, waiver := range l.Waived {
		fmt.Fprintf(out, "waived: %s %s: %s\n", waiver.Kind, waiver.At, waiver.Reason)
	}
	for _, hole := range l.Holes {
		fmt.Fprintf(out, "hole: %s\n", hole)
	}
	return nil
}
