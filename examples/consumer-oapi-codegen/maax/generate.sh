#!/bin/sh
# The generator has a go.mod of its own, so that it and Parley cannot raise
# each other's libraries.
set -eu
documents=$(go list -f '{{.Dir}}' github.com/parley-contracts/parley/api)
exec go tool -modfile=../tools/go.mod oapi-codegen -config oapi-codegen.yaml "$documents/openapi-v2.yaml"
