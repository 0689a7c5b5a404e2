#!/bin/sh
# Builds, generates and tests every consumer module from scratch, the way a
# user of a release would, against the modules of this checkout.
#
#   examples/verify.sh             check
#   examples/verify.sh -update     also bring go.mod and go.sum up to date
set -eu
here=$(cd "$(dirname "$0")" && pwd)
update=${1:-}
proxies=$(go env GOPROXY)
settings=$("$here/modules.sh")
eval "$settings"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for module in "$here"/consumer-*; do
	name=$(basename "$module")
	echo "== $name" >&2
	cp -R "$module" "$work/$name"
	cd "$work/$name"
	# What an earlier run left behind must not help.
	find . -name '*.gen.go' -exec rm {} +
	# Libraries at the versions this module pins, under its own go.sum.
	for pins in go.mod tools/go.mod; do
		if [ -f $pins ]; then
			GOPROXY=${GOPROXY%,off},$proxies go -C "$(dirname $pins)" mod download
		fi
	done
	go generate ./...
	if [ "$update" = -update ]; then
		# Only this looks further than builds do: at what libraries test with.
		GOPROXY=${GOPROXY%,off},$proxies go mod tidy
		cp go.mod "$module/go.mod"
		# Our own sums change with every edit and are left to the go command.
		if [ -f go.sum ]; then
			grep -v '^github.com/parley-contracts/' go.sum >"$module/go.sum" || rm "$module/go.sum"
		fi
	fi
	go vet ./...
	go test ./...
done
