// Package standin plays the vendor in this module's tests.
package standin

//go:generate go run github.com/parley-contracts/parley/cmd/parleygen@v0.0.0-dev -contract openapi-v2 -package standin -server -o standin.gen.go
