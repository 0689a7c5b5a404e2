// Package maax is this module's own V2 client.
package maax

//go:generate go run github.com/parley-contracts/parley/cmd/parleygen@v0.0.0-dev -contract openapi-v2 -package maax -client -o maax.gen.go
