// Command modulesource packs the modules of this checkout into a folder that
// the go command takes as a module proxy (GOPROXY=file:///...), under one
// version. It serves to try a consumer exactly as it would use a release. What
// git ignores is left out, as it would be from a release.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	root := flag.String("root", ".", "folder of the checkout")
	out := flag.String("out", "", "folder to write the module source to")
	version := flag.String("version", "v0.0.0-dev", "version to publish all modules under")
	flag.Parse()
	if *out == "" {
		fmt.Fprintln(os.Stderr, "modulesource: error: no folder given\nmodulesource: hint: name it with -out")
		os.Exit(2)
	}
	if err := publish(*root, *out, *version); err != nil {
		fmt.Fprintf(os.Stderr, "modulesource: error: %v\n", err)
		os.Exit(3)
	}
}
