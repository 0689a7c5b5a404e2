// Package maax is this module's own V2 client, written by its own oapi-codegen
// from the documents of Parley.
package maax

// The documents are vendored with a package that is imported, and found by
// go list with and without a vendor folder.
import _ "github.com/parley-contracts/parley/api"

//go:generate ./generate.sh
