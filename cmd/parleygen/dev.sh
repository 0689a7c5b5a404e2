#!/bin/sh
# Runs the go command inside this module with the root module taken from the
# checkout. go.mod itself has no replace line, because go run MODULE@VERSION
# refuses modules that have one, and names a root version that exists only in a
# file module source (examples/modules.sh) or after a release.
#
#   cmd/parleygen/dev.sh test ./...
#   cmd/parleygen/dev.sh run . -contract openapi-v2 -package maax -client
#   cmd/parleygen/dev.sh tidy        updates go.mod and go.sum
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=$here/../../.cache/parleygen
mkdir -p "$cache"
cp "$here/go.mod" "$cache/go.mod"
if [ -f "$here/go.sum" ]; then cp "$here/go.sum" "$cache/go.sum"; fi
export GOWORK=off
go mod edit -replace github.com/parley-contracts/parley=../.. "$cache/go.mod"
cd "$here"
command=$1
shift
if [ "$command" != tidy ]; then
	# The copy may follow a root module that asks for newer libraries.
	exec go "$command" -mod=mod -modfile="$cache/go.mod" "$@"
fi
go mod tidy -modfile="$cache/go.mod"
go mod edit -dropreplace github.com/parley-contracts/parley "$cache/go.mod"
cp "$cache/go.mod" "$cache/go.sum" "$here/"
