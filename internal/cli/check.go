package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// checkCommand checks recordings again.
type checkCommand struct {
	Files    []string `arg:"" name:"file" help:"Recordings to check, as 'parley proxy --record' writes them; - is standard input."`
	Contract []string `help:"Contract to check against, by name or file; may be repeated. Default: every contract that comes with the program." placeholder:"NAME|FILE"`
	Format   string   `enum:"text,json" default:"text" help:"Form of the output: text or json (default ${default})."`
	FailOn   string   `enum:"error,warning,never" default:"error" help:"Least severity that makes the exit code 1: error, warning or never (default ${default})."`
}

// Run checks every exchange of every file.
func (c checkCommand) Run(ctx context.Context, to console) error {
	set, err := loadSet(c.Contract, contract.Config{})
	if err != nil {
		return err
	}
	callbacks, err := loadContract(callbacksName, contract.Config{})
	if err != nil {
		return err
	}
	checker := evidence.Checker{Contracts: set, Callbacks: callbacks}
	var tally evidence.Tally
	p := newPrinter(to.out, c.Format == "json")
	each := func(x evidence.Exchange) error {
		tally.Add(x)
		return p.Keep(x)
	}
	for _, name := range c.Files {
		err := c.file(ctx, name, checker, each)
		if flushed := p.Flush(); flushed != nil {
			return failed(fmt.Errorf("write findings: %w", flushed), "")
		}
		if err != nil {
			return err
		}
	}
	summary := tally.Summary()
	if err := writeSummary(to.out, summary, p.json); err != nil {
		return err
	}
	if failing(summary, c.FailOn) {
		return errFindings
	}
	return nil
}

// file checks one recording.
func (c checkCommand) file(ctx context.Context, name string, checker evidence.Checker, each func(evidence.Exchange) error) error {
	in := io.Reader(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return failed(fmt.Errorf("open recording: %w", err), "name a file that 'parley proxy --record' wrote")
		}
		defer f.Close()
		in = f
	}
	reader := evidence.NewReader(name, in)
	seen := 0
	for ctx.Err() == nil {
		x, err := reader.Next()
		if errors.Is(err, io.EOF) {
			if seen == 0 {
				return failed(fmt.Errorf("recording %s: holds no exchange", name), "record some traffic with 'parley proxy --record FILE'")
			}
			return nil
		}
		if err != nil {
			return failed(fmt.Errorf("read recording: %w", err), "each line must be one exchange; a line cut short by a crash can be removed")
		}
		seen++
		if err := each(checker.Recheck(x)); err != nil {
			return failed(err, "")
		}
	}
	return failed(ctx.Err(), "")
}
