package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/parley-contracts/parley/register"
)

// contractRegisterCommand shows what the documentation leaves open.
type contractRegisterCommand struct {
	ID     string `arg:"" optional:"" help:"Entry to show in full, such as A-37. Default: a line for every entry."`
	Format string `enum:"text,json" default:"text" help:"Form of the output: text or json."`
}

// Run lists the entries, or prints one.
func (c contractRegisterCommand) Run(to console) error {
	r, err := loadRegister()
	if err != nil {
		return err
	}
	if c.ID == "" {
		if c.Format == "json" {
			return writeJSON(to.out, r.Entries())
		}
		return listEntries(to.out, r)
	}
	e := r.Entry(strings.ToUpper(c.ID))
	if e == nil {
		return misused(fmt.Errorf("register: no entry %q", c.ID), "'parley contract register' lists them")
	}
	if c.Format == "json" {
		return writeJSON(to.out, e)
	}
	printEntry(to.out, e)
	return nil
}

// listEntries prints a line an entry: what is asked and which reading is taken.
func listEntries(out io.Writer, r *register.Register) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ENTRY\tQUESTION\tREADING TAKEN")
	for i := range r.Entries() {
		e := &r.Entries()[i]
		taken := e.Taken()
		fmt.Fprintf(w, "%s\t%s\t%s: %s\n", e.ID, e.Question, taken.ID, taken.Text)
	}
	return w.Flush()
}

// printEntry prints all that is known of an entry.
func printEntry(out io.Writer, e *register.Entry) {
	fmt.Fprintf(out, "%s  %s\n\n", e.ID, e.Question)
	fmt.Fprintf(out, "contracts:  %s\n", strings.Join(e.Contracts, ", "))
	if len(e.Operations) > 0 {
		fmt.Fprintf(out, "operations: %s\n", strings.Join(e.Operations, ", "))
	}
	for _, p := range e.Pointers {
		fmt.Fprintf(out, "concerns:   %s\n", p)
	}
	fmt.Fprintf(out, "settled by: %s\n", e.SettledBy)
	if e.Unsettleable != "" {
		fmt.Fprintf(out, "not by traffic: %s\n", e.Unsettleable)
	}
	for i := range e.Readings {
		printReading(out, &e.Readings[i])
	}
}

// printReading prints one reading.
func printReading(out io.Writer, r *register.Reading) {
	mark := ""
	if r.Taken {
		mark = " (taken)"
	}
	fmt.Fprintf(out, "\nreading %s%s: %s\n", r.ID, mark, r.Text)
	for _, line := range []struct{ name, text string }{
		{"why", r.Why},
		{"supported by", r.Probe.Supports},
		{"refuted by", r.Probe.Refutes},
		{"overlay", r.Overlay},
	} {
		if line.text != "" {
			fmt.Fprintf(out, "  %s: %s\n", line.name, line.text)
		}
	}
}

// writeJSON writes a value as indented JSON.
func writeJSON(out io.Writer, value any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}
