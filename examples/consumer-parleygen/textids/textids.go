// Package textids is a V1 client under another reading of the documentation:
// that the id of a conversation is text everywhere (A-33=b). Generate one to
// see whether your code still compiles should that be what the vendor means.
package textids

//go:generate go run github.com/parley-contracts/parley/cmd/parleygen@v0.0.0-dev -contract openapi-v1 -package textids -client -reading A-33=b -o textids.gen.go

var _ ConversationID = "7301"
