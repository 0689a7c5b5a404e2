// Command generate writes what the ledger knows of the Go code, and the pages of
// docs that are made from the register and the rules. It is run by go generate
// at the module's root.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/parley-contracts/parley/internal/ledger/page"
)

func main() {
	pages, err := page.All(".")
	if err != nil {
		fmt.Fprintf(os.Stderr, "generate: %v\n", err)
		os.Exit(1)
	}
	for _, p := range pages {
		if err := os.WriteFile(filepath.FromSlash(p.Name), p.Text, 0o644); err != nil { //nolint:gosec // sources are for everyone to read
			fmt.Fprintf(os.Stderr, "generate: %v\n", err)
			os.Exit(1)
		}
	}
}
