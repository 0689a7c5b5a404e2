package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/cmd/parleygen/internal/document"
)

// Exit codes of the command, a subset of those of parley.
const (
	exitClean  = 0
	exitUsage  = 2
	exitFailed = 3
)

// problem is an error with what to do about it and the exit code it means.
type problem struct {
	err  error
	hint string
	code int
}

func (p *problem) Error() string { return p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

func misused(hint, format string, args ...any) error {
	return &problem{err: fmt.Errorf(format, args...), hint: hint, code: exitUsage}
}

func failed(err error, hint string) error {
	return &problem{err: err, hint: hint, code: exitFailed}
}

// run executes the command for args, without the program's name, over the
// documents in files, and returns its exit code.
func run(args []string, files fs.FS, stdout, stderr io.Writer) int {
	line, err := parse(args)
	if errors.Is(err, errHelp) {
		fmt.Fprint(stdout, usage)
		return exitClean
	}
	if err == nil {
		err = line.execute(document.NewLibrary(files), stdout)
	}
	if err == nil {
		return exitClean
	}
	code, hint := exitFailed, ""
	var known *problem
	if errors.As(err, &known) {
		code, hint = known.code, known.hint
	}
	fmt.Fprintf(stderr, "parleygen: error: %v\n", err)
	if hint != "" {
		fmt.Fprintf(stderr, "parleygen: hint: %s\n", hint)
	}
	return code
}

// execute writes what the command line asks for.
func (c commandLine) execute(library document.Library, stdout io.Writer) error {
	target, err := c.target(library)
	if err != nil {
		return err
	}
	for _, reading := range c.readings {
		affects, err := library.Affects(reading, target.document)
		if errors.Is(err, document.ErrUnknown) {
			return unknownReading(library, reading, err)
		}
		if err != nil {
			return failed(err, "leave out one of the readings")
		}
		if !affects {
			return misused("leave out the reading, or name the contract that it is about",
				"reading %q: it changes nothing in %s", reading, target.document)
		}
		if library, err = library.With(reading); err != nil {
			return failed(err, "")
		}
	}
	output, err := c.render(library, target)
	if err != nil {
		return failed(err, "")
	}
	return c.write(output, stdout)
}

// unknownReading adds the readings that exist to err: those of the entry that
// was meant, or else all.
func unknownReading(library document.Library, reading string, err error) error {
	known, listErr := library.Readings()
	if listErr != nil {
		return failed(listErr, "")
	}
	entry, _, _ := strings.Cut(reading, "=")
	same := slices.DeleteFunc(slices.Clone(known), func(name string) bool {
		return !strings.HasPrefix(name, entry+"=")
	})
	if len(same) > 0 {
		known = same
	}
	return misused("leave out the contract's own reading, or use one of "+strings.Join(known, ", "), "%w", err)
}
