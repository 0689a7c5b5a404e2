package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/parley-contracts/parley/contract"
)

// contractCommand groups the commands about contracts.
type contractCommand struct {
	List contractListCommand `cmd:"" help:"List the contracts that come with the program."`
	Show contractShowCommand `cmd:"" help:"Show the operations of a contract and how well they are known."`

	Register contractRegisterCommand `cmd:"" help:"List what the documentation leaves open, or show one entry."`
	Ledger   contractLedgerCommand   `cmd:"" help:"Show that every operation and field is accounted for, and what is not."`
}

// contractListCommand lists the embedded contracts.
type contractListCommand struct{}

// Run prints a line a contract.
func (contractListCommand) Run(to console) error {
	w := tabwriter.NewWriter(to.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONTRACT\tOPERATIONS")
	for _, name := range append(embedded(), callbacksName) {
		c, err := loadContract(name, contract.Config{})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%d\n", name, len(c.Operations()))
	}
	return w.Flush()
}

// contractShowCommand shows one contract.
type contractShowCommand struct {
	Name string `arg:"" help:"Name of an embedded contract, or the path of an OpenAPI document."`
}

// Run prints a line an operation.
func (s contractShowCommand) Run(to console) error {
	c, err := loadContract(s.Name, contract.Config{})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(to.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "OPERATION\tMETHOD\tPATH\tGRADE\tCHECKED\tPOSITION")
	for _, op := range c.Operations() {
		grade := string(op.Evidence.Grade)
		if grade == "" {
			grade = "-"
		}
		checked := "compiled"
		if len(op.Fallback) > 0 {
			checked = "partly"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", op.ID, op.Method, op.Path, grade, checked, op.Position)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, op := range append(c.Operations(), c.Callbacks()...) {
		for _, part := range op.Fallback {
			fmt.Fprintf(to.out, "%s: not compiled, checked by kin-openapi: %s\n", op.ID, part)
		}
	}
	return nil
}
