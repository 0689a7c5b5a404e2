package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// settings are what the command line says.
type settings struct {
	rounds int
	slice  time.Duration
	only   string
	data   string
	// gate makes a missed floor a failure, goals one that is a goal only.
	gate, goals bool
}

// run measures and prints. It answers 0, 1 when a floor is missed under
// -gate, 2 for wrong usage and 3 when it could not measure.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 1 && args[0] == childArgument {
		return start(stdout, stderr)
	}
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&s.rounds, "rounds", 30, "rounds over all contestants of a case")
	flags.DurationVar(&s.slice, "slice", 6*time.Millisecond, "time of one contestant in one round")
	flags.StringVar(&s.only, "case", "", "measure the cases whose name contains this")
	flags.StringVar(&s.data, "data", "../contract/internal/program/testdata", "folder with the documents and bodies")
	flags.BoolVar(&s.gate, "gate", false, "exit 1 when a floor is not met")
	flags.BoolVar(&s.goals, "goals", false, "with -gate, exit 1 when a goal is not reached either")
	brief := flags.Bool("short", false, "15 rounds of 3 ms")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *brief {
		s.rounds, s.slice = 15, 3*time.Millisecond
	}
	short, err := s.report(stdout)
	if err != nil {
		fmt.Fprintf(stderr, "bench: error: %v\n", err)
		return 3
	}
	missed := 0
	for _, one := range short {
		word := "goal not reached"
		if one.miss {
			word = "floor missed"
		}
		if one.miss || s.goals {
			missed++
		}
		fmt.Fprintf(stderr, "bench: %s: %s\n", word, one.text)
	}
	if s.gate && missed > 0 {
		return 1
	}
	return 0
}

// report measures everything, prints it and returns the goals that were not
// reached.
func (s settings) report(stdout io.Writer) (short []shortfall, err error) {
	cases, err := loadCases(s.data)
	if err != nil {
		return nil, err
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "case\tbytes\tcontestant\tp10 us\tmedian us\tallocs\tB\tx ours\tgoal (floor)\t")
	for _, c := range cases {
		if !strings.Contains(c.name, s.only) {
			continue
		}
		results, err := measure(c, s.rounds, s.slice)
		if err != nil {
			return nil, err
		}
		for i, r := range results {
			fmt.Fprintf(w, "%s\t%d\t%s\t%.2f\t%.2f\t%.0f\t%.0f\t%.1f\t%s\t\n",
				c.name, c.size, r.name, r.p10, r.median, r.allocs, r.bytes, r.ratio, c.bound(i))
		}
		short = append(short, c.shortfalls(results)...)
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	if s.only != "" {
		return short, nil
	}
	more, err := reportStart(stdout)
	return append(short, more...), err
}
