#!/bin/sh
# Makes the modules of this checkout available to other modules as version
# v0.0.0-dev, and prints the settings to use them with. Parley is not
# published: this file module source stands in for a module proxy.
#
#   eval "$(examples/modules.sh)"
#
# The go command asks proxies for every prefix of a path that is run by
# version, so no proxy on the net is named; libraries come from the module
# cache, filled before under the go.sum files of the checkout.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
version=v0.0.0-dev
source=$root/.cache/modules
cache=$(go env GOMODCACHE)

(cd "$root" && GOWORK=off go mod download >&2)
"$root/cmd/parleygen/dev.sh" build -o "$root/.cache/parleygen/" . >&2

rm -rf "$source"
(cd "$root" && GOWORK=off go run ./examples/internal/modulesource -out "$source" -version "$version" >&2)

# The module cache believes that a version never changes; this one does. The
# index of packages, which believes it too, is switched off below.
for module in github.com/parley-contracts/parley github.com/parley-contracts/parley/cmd/parleygen; do
	for stale in "$cache/$module@$version" "$cache/cache/download/$module/@v/$version".*; do
		if [ -e "$stale" ]; then
			chmod -R u+w "$stale"
			rm -rf "$stale"
		fi
	done
done

cat <<END
export GOPROXY=file://$source,file://$cache/cache/download,off
export GOSUMDB=off
export GOFLAGS=-mod=mod
export GOWORK=off
export GODEBUG=goindex=0
END
