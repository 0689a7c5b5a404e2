#!/usr/bin/env bash
# Proves that the lint rules find what they are there to find: every rule of
# .spectral.yaml that starts with parley- must fire on the broken document.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(node_modules/.bin/spectral lint --ruleset .spectral.yaml api/testdata/lint-broken.yaml 2>&1 || true)
missing=0
for rule in $(grep -oE '^  parley-[a-z-]+' .spectral.yaml); do
  if ! grep -q "$rule" <<<"$out"; then
    echo "lint-test: $rule did not fire on api/testdata/lint-broken.yaml" >&2
    missing=1
  fi
done
[ "$missing" = 0 ] && echo "lint-test: every rule of ours fires on the broken document"
exit "$missing"
