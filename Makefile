# make lists the targets; make check is what CI runs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export GOWORK := off
TOOLS    := go tool -modfile=tools/go.mod
LINTER   := go tool -modfile=tools/golangci/go.mod golangci-lint
SPECTRAL := node_modules/.bin/spectral
CONTRACTS := $(filter-out api/register%,$(wildcard api/*.yaml))
FUZZTIME ?= 10s
# The detector makes SQLite so slow that the stories of the whole reference server
# run into their time limits: its parts are raced in their own packages.
# Single-goroutine sweeps over many documents, and tests of killed processes,
# whose children are built without the detector and whose limits it would eat.
UNRACED  := Suite|Differential|Mutation|Kill|Probes|Overlay

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## reference server, proxy and receiver on loopback, with findings; no configuration
	go run ./cmd/parley demo

.PHONY: build
build: ## build the command into bin/
	go build -o bin/parley ./cmd/parley

.PHONY: test
test: ## run all tests; needs nothing but Go
	go test ./...

.PHONY: race
race: ## run the tests with the race detector; needs a C compiler
	go test -race -timeout 30m -skip '$(UNRACED)' $$(go list ./... | grep -v -e '/refserver$$' -e '/refserver/internal/manage$$')

.PHONY: bench
bench: ## run the benchmarks beside the code
	go test -run '^$$' -bench . -benchmem ./contract/... ./proxy/... ./server/...

.PHONY: bench-peers
bench-peers: ## compare the engine with other validators in one run
	cd bench && go run .

.PHONY: fuzz
fuzz: ## run every fuzz test for FUZZTIME each
	@for p in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    echo "fuzz $$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p; \
	  done; \
	done

.PHONY: generate
generate: ## write gen/ and the SQL code from their sources
	go generate -tags generate .

.PHONY: verify
verify: ## generate again and fail on any difference
	$(MAKE) generate
	@git diff --exit-code -- gen refserver docs api internal/ledger || { echo "verify: generated files differ from their sources; run make generate and commit" >&2; exit 1; }
	@test -z "$$(git status --porcelain -- gen refserver docs internal/ledger)" || { git status --porcelain -- gen refserver docs internal/ledger; echo "verify: generated files are not committed" >&2; exit 1; }

.PHONY: lint
lint: lint-go lint-contracts breaking ## lint the code and the contracts

.PHONY: lint-go
lint-go: ## gofmt, go vet and golangci-lint
	@test -z "$$(git ls-files '*.go' | xargs gofmt -l)" || { git ls-files '*.go' | xargs gofmt -l; echo "lint-go: run gofmt -w on these" >&2; exit 1; }
	go vet ./...
	$(LINTER) run ./...

node_modules: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --cache .npmcache
	@touch node_modules

.PHONY: lint-contracts
lint-contracts: node_modules ## lint the OpenAPI documents, and the lint rules themselves
	$(SPECTRAL) lint --fail-severity warn --fail-on-unmatched-globs $(CONTRACTS)
	./api/lint-test.sh

.PHONY: ledger
ledger: ## list what of the documentation is covered, and fail on holes
	go run ./cmd/parley contract ledger

.PHONY: examples
examples: node_modules ## build and run the consumer modules and the clients in other languages
	cmd/parleygen/dev.sh test ./...
	examples/verify.sh
	examples/lint/lint.sh
	examples/languages.sh

.PHONY: breaking
breaking: ## compare the contracts with the last release
	./api/breaking.sh

.PHONY: check
check: verify test race lint ## everything that CI runs
