// Package hooks receives the vendor's callbacks.
package hooks

//go:generate go run github.com/parley-contracts/parley/cmd/parleygen@v0.0.0-dev -contract openapi-v2 -package hooks -callbacks -o hooks.gen.go
