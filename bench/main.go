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

// run measures and prints. It answers 0, 1 when a floor is not met under
// -gate, 2 for wrong usage and 3 when it could not measure.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	rounds := flags.Int("rounds", 30, "rounds over all contestants of a case")
	slice := flags.Duration("slice", 6*time.Millisecond, "time of one contestant in one round")
	only := flags.String("case", "", "measure the cases whose name contains this")
	data := flags.String("data", "../contract/internal/program/testdata", "folder with the documents and bodies")
	gate := flags.Bool("gate", false, "exit 1 when a floor is not met")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	cases, err := loadCases(*data)
	if err != nil {
		fmt.Fprintf(stderr, "bench: error: %v\n", err)
		return 3
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "case\tcontestant\tp10 us\tmedian us\tallocs\tB\tns/byte\tslower than ours\t")
	missed := 0
	for _, c := range cases {
		if !strings.Contains(c.name, *only) {
			continue
		}
		results, err := measure(c, *rounds, *slice)
		if err != nil {
			fmt.Fprintf(stderr, "bench: error: %v\n", err)
			return 3
		}
		for _, r := range results {
			fmt.Fprintf(w, "%s\t%s\t%.2f\t%.2f\t%.0f\t%.0f\t%.2f\t%.1f\t\n",
				c.name, r.name, r.p10, r.median, r.allocs, r.bytes, r.p10*1000/float64(c.size), r.ratio)
		}
		missed += c.missed(results, stderr)
	}
	_ = w.Flush()
	if *gate && missed > 0 {
		return 1
	}
	return 0
}
