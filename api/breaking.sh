#!/usr/bin/env bash
# Compares the contracts with the last release tag. Callbacks are requests that
# the vendor makes, so they are compared in both directions: what breaks one way
# breaks senders, the other way receivers.
set -euo pipefail
cd "$(dirname "$0")/.."
base=$(git describe --tags --abbrev=0 2>/dev/null || true)
if [ -z "$base" ]; then
  echo "breaking: no release tag yet, so there is nothing to compare with"
  exit 0
fi
export GOWORK=off
old=$(mktemp -d)
trap 'rm -rf "$old"' EXIT
git archive "$base" api | tar -x -C "$old"
oasdiff() { go tool -modfile=tools/go.mod oasdiff "$@"; }
for new in api/openapi-*.yaml; do
  [ -f "$old/$new" ] || { echo "breaking: $new is new since $base"; continue; }
  oasdiff breaking --fail-on ERR "$old/$new" "$new"
done
oasdiff breaking --fail-on ERR "$old/api/callbacks.yaml" api/callbacks.yaml
oasdiff breaking --fail-on ERR api/callbacks.yaml "$old/api/callbacks.yaml"
