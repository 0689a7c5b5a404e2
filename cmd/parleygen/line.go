package main

import (
	"errors"
	"flag"
	"go/token"
	"io"
	"regexp"
	"strings"
)

const usage = `Usage: parleygen -contract NAME -package NAME [flags]

Writes Go code for a contract: typed models and, as asked for, a client, a Gin
server or a receiver of the vendor's callbacks. The code imports nothing of
Parley.

Flags:
  -contract NAME   contract to write code for, such as openapi-v2
  -package NAME    name of the Go package to write
  -client          add a client
  -server          add a Gin server with typed requests and responses
  -callbacks       write a Gin receiver for the vendor's callbacks instead
  -document        write the contract itself, joined into one YAML document,
                   instead of code; for generators of other languages
  -simplify        with -document: leave out rules that name no type, which
                   turn types into unions of nothing in most generators; code
                   never has them
  -reading A-33=b  take another reading of a register entry; may be repeated
  -o FILE          file to write; standard output without it

Exit code: 0 done, 2 usage, 3 could not run.

Example:
  parleygen -contract openapi-v2 -package maax -client -o maax.gen.go
`

// errHelp says that the usage text was asked for.
var errHelp = errors.New("help asked for")

// readHint tells where the flags are explained.
const readHint = "run parleygen -h for the flags"

// commandLine is what the arguments say.
type commandLine struct {
	contract  string
	pkg       string
	client    bool
	server    bool
	callbacks bool
	document  bool
	simplify  bool
	readings  readings
	output    string
}

// readings collects a flag that may be repeated.
type readings []string

func (r *readings) String() string { return strings.Join(*r, " ") }

func (r *readings) Set(value string) error {
	*r = append(*r, value)
	return nil
}

func parse(args []string) (commandLine, error) {
	var c commandLine
	flags := flag.NewFlagSet("parleygen", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.contract, "contract", "", "")
	flags.StringVar(&c.pkg, "package", "", "")
	flags.BoolVar(&c.client, "client", false, "")
	flags.BoolVar(&c.server, "server", false, "")
	flags.BoolVar(&c.callbacks, "callbacks", false, "")
	flags.BoolVar(&c.document, "document", false, "")
	flags.BoolVar(&c.simplify, "simplify", false, "")
	flags.Var(&c.readings, "reading", "")
	flags.StringVar(&c.output, "o", "", "")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return c, errHelp
	case err != nil:
		return c, misused(readHint, "%w", err)
	case flags.NArg() > 0:
		return c, misused(readHint, "argument %q: not expected", flags.Arg(0))
	}
	return c, c.check()
}

// check refuses flags that do not go together.
func (c commandLine) check() error {
	switch {
	case c.contract == "":
		return misused("name a contract with -contract, such as openapi-v2", "no contract given")
	case c.document && (c.pkg != "" || c.client || c.server || c.callbacks):
		return misused("with -document give only -contract, -simplify, -reading and -o", "-document writes no code")
	case c.document:
		return c.checkReadings()
	case c.simplify:
		return misused("add -document, or leave out -simplify", "-simplify is about documents; code is always simplified")
	case c.pkg == "":
		return misused("name the Go package with -package", "no package given")
	case !token.IsIdentifier(c.pkg) || c.pkg == "_":
		return misused("use lower-case letters and digits", "package %q: not a Go name", c.pkg)
	case c.callbacks && (c.client || c.server):
		return misused("run parleygen twice, once with -callbacks and another -o",
			"-callbacks cannot be joined with -client or -server in one file")
	}
	return c.checkReadings()
}

var readingForm = regexp.MustCompile(`^[AB]-[0-9]{2}=[a-z]$`)

// checkReadings refuses malformed readings and two of one entry.
func (c commandLine) checkReadings() error {
	seen := map[string]bool{}
	for _, reading := range c.readings {
		if !readingForm.MatchString(reading) {
			return misused("write an entry of the register and one of its readings", "reading %q: not of the form A-33=b", reading)
		}
		entry, _, _ := strings.Cut(reading, "=")
		if seen[entry] {
			return misused("give one reading for each entry", "reading %q: %s has a reading already", reading, entry)
		}
		seen[entry] = true
	}
	return nil
}
