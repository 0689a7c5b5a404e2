// Package cli is the command parley as a testable package: arguments and
// writers in, an exit code out. It is the only place that reads the
// environment or chooses defaults for a person at a terminal.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/alecthomas/kong"
	"github.com/gin-gonic/gin"
)

// Exit codes of the command.
const (
	// ExitClean says that all went well and nothing was found.
	ExitClean = 0
	// ExitFindings says that there were findings at or above --fail-on.
	ExitFindings = 1
	// ExitUsage says that the command line could not be understood.
	ExitUsage = 2
	// ExitFailed says that the command could not run.
	ExitFailed = 3
)

// grammar is the command line.
type grammar struct {
	Demo     demoCommand     `cmd:"" help:"Reference server, proxy and callback receiver on loopback, with sample traffic and its findings."`
	Serve    serveCommand    `cmd:"" help:"Run the reference server."`
	Proxy    proxyCommand    `cmd:"" help:"Forward to an upstream and check what passes."`
	Listen   listenCommand   `cmd:"" help:"Receive, check, print and forward callbacks."`
	Check    checkCommand    `cmd:"" help:"Check recorded traffic again."`
	Contract contractCommand `cmd:"" help:"List contracts and show what they hold."`
	Answers  answersCommand  `cmd:"" help:"Measure the answers of the reference server."`
	PDFText  pdfTextCommand  `cmd:"" name:"pdf-text" hidden:"" help:"Read a PDF from standard input, for the other commands."`

	Version kong.VersionFlag `help:"Print the version and exit."`
}

// console is where a command writes: data to out, talk to err.
type console struct {
	out io.Writer
	err io.Writer
}

// say writes one line of talk.
func (c console) say(format string, args ...any) {
	fmt.Fprintf(c.err, "parley: "+format+"\n", args...)
}

// problem is an error with what to do about it and the exit code it means.
type problem struct {
	err  error
	hint string
	code int
}

func (p *problem) Error() string { return p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

// failed is a problem that stopped the command from running.
func failed(err error, hint string) error { return &problem{err: err, hint: hint, code: ExitFailed} }

// misused is a problem with the command line.
func misused(err error, hint string) error { return &problem{err: err, hint: hint, code: ExitUsage} }

// errFindings ends a command that found something worth failing on.
var errFindings = errors.New("findings")

// example ends the usage text.
const example = "Example:\n  parley proxy --upstream https://app.maax.ai --record traffic.jsonl\n"

// Run parses the arguments, without the program's name, runs the command and
// returns its exit code. It ends when ctx does.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	// Gin prints its routes to stdout unless told otherwise, process-wide.
	gin.SetMode(gin.ReleaseMode)
	to := console{out: stdout, err: stderr}
	exited := -1
	var line grammar
	parser, err := kong.New(&line,
		kong.Name("parley"),
		kong.Description("Contracts for loosely documented APIs: checks traffic against them and plays the systems they describe.\n\n"+example),
		kong.Writers(stdout, stderr),
		kong.Vars{"version": version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		// Kong ends the process after help; a panic of our own unwinds instead.
		kong.Exit(func(code int) { exited = code; panic(exitSignal{}) }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(to),
	)
	if err != nil {
		to.say("error: command line: %v", err)
		return ExitFailed
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(exitSignal); !ours {
				panic(r)
			}
			code = exited
		}
	}()
	parsed, err := parser.Parse(args)
	if err != nil {
		return report(to, misused(err, "run 'parley --help', or 'parley COMMAND --help'"))
	}
	return report(to, parsed.Run())
}

// exitSignal unwinds the stack after kong has printed help or the version.
type exitSignal struct{}

// report prints what a command returned and turns it into an exit code.
func report(to console, err error) int {
	if err == nil {
		return ExitClean
	}
	if errors.Is(err, errFindings) {
		return ExitFindings
	}
	to.say("error: %v", err)
	var p *problem
	if !errors.As(err, &p) {
		return ExitFailed
	}
	if p.hint != "" {
		to.say("hint: %s", p.hint)
	}
	return p.code
}

// version is the module's version as the Go toolchain recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
