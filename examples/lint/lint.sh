#!/bin/sh
# Lints the shop's document, then shows that the shop's own rule and one of
# Parley's are both in force. Needs the linter of the checkout: make node_modules
set -eu
cd "$(dirname "$0")"
spectral=../../node_modules/.bin/spectral
$spectral lint --fail-severity warn shop.yaml

broken=$(mktemp -d)
trap 'rm -rf "$broken"' EXIT
sed -e 's|/v1/questions|/questions|' -e 's|operationId: askQuestion|operationId: ask_question|' shop.yaml >"$broken/shop.yaml"
findings=$($spectral lint --ruleset .spectral.yaml --fail-severity warn "$broken/shop.yaml" || true)
for rule in shop-versioned-paths parley-operation-id-style; do
	case $findings in
	*$rule*) ;;
	*)
		echo "lint: $rule did not find what it is for" >&2
		exit 1
		;;
	esac
done
