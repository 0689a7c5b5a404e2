// Command parleygen writes Go code for one of the contracts: typed models with
// a client, a Gin server or a callback receiver, importing nothing of Parley.
// It is for go:generate lines in repositories that want to own such code, and
// a module of its own so that the generator weighs on nobody else.
//
// Its go.mod requires the root module, whose documents it embeds, and has no
// replace line, since go run MODULE@VERSION refuses one. Inside the checkout
// dev.sh supplies the root module; other modules get both from a file module
// source, see examples/modules.sh. A release tags the root module first, then
// requires that version here (go mod edit -require, dev.sh tidy) and tags
// cmd/parleygen/VERSION.
package main

import (
	"os"

	"github.com/parley-contracts/parley/api"
)

func main() {
	os.Exit(run(os.Args[1:], api.FS, os.Stdout, os.Stderr))
}
