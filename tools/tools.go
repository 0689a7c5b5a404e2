//go:build tools

// Package tools pins the generators of the project. It is a module of its own,
// so that their requirements never raise a version in the product.
package tools

import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	_ "github.com/oasdiff/oasdiff"
	_ "github.com/sqlc-dev/sqlc/cmd/sqlc"
)
