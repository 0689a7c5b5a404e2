// Command parley checks HTTP traffic against contracts and plays the systems
// that the contracts describe. Run it without arguments for its usage.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/parley-contracts/parley/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
