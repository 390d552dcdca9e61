# `make` alone lists the targets: every target with a `## ` comment.

PREFIX ?= /usr/local
DESTDIR ?=
RELEASE := .build-release/release/margay
SWIFT_RELEASE := swift build -c release --static-swift-stdlib --scratch-path .build-release --product margay

.DEFAULT_GOAL := help
# The steps of a target depend on their order.
.NOTPARALLEL:
.PHONY: help setup build run test fuzz-api fuzz screenshots lint format golden bench bench-short bench-store accuracy install uninstall clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the libraries that are missing (apt, as root or through sudo)
	@Scripts/setup.sh

build: setup ## build the release program, .build-release/release/margay
	@if [ ! -x $(RELEASE) ]; then \
	    echo "build: the first release build compiles the libraries too; this takes minutes, later ones take seconds"; fi
	@$(SWIFT_RELEASE)

run: build ## build, then watch the sample logs while a writer appends to them (Ctrl-C ends it)
	@Scripts/demo.sh

test: ## run every test: format, imports, unit tests, end to end
	@Scripts/test.sh

fuzz: setup ## random bytes as packs, expressions and logs for a minute (FUZZ_SECONDS)
	@Scripts/test-fuzz.sh

fuzz-api: build ## thousands of requests to the API, made from its description (API_EXAMPLES, API_SEED)
	@MARGAY=$(RELEASE) API_EXAMPLES=$${API_EXAMPLES:-500} API_SEED=$${API_SEED:-$$RANDOM} bash Scripts/test-api.sh

screenshots: build ## renew the pictures of the console in Docs/images from the samples
	@Scripts/screenshots.sh

lint: ## check the format of the code and the syntax of the scripts
	@Scripts/lint.sh

format: ## rewrite the code in the house format
	@swift format --in-place --parallel --recursive Sources Tests Package.swift

golden: setup ## rewrite the golden files from what the program does now; review the diff
	@UPDATE_GOLDEN=1 swift test --filter "SampleTests|PackSchemaTests"; \
	    echo "golden: rewritten files make their tests fail once; look at 'git diff', then run 'make test'"

STOREBENCH := swift build -c release --static-swift-stdlib --scratch-path .build-release --product StoreBench

bench-store: build ## the store: pages of a million issues, a flood of events (BENCH_ISSUES)
	@$(STOREBENCH)
	@Benchmarks/store.sh

bench: build ## compare with wc, rg and pcre2grep on 300 MB logs; the store
	@$(STOREBENCH)
	@Scripts/setup.sh bench
	@for script in Benchmarks/*.sh; do "$$script" || exit; done

bench-short: build ## the same on one log of 30 MB, each program run once
	@$(STOREBENCH)
	@Scripts/setup.sh bench
	@for script in Benchmarks/*.sh; do \
	    BENCH_MEGABYTES=30 BENCH_RUNS=1 BENCH_SHARES=1 BENCH_LARGER=0 BENCH_START=0 "$$script" || exit; done

DIR ?= Tests/Accuracy
accuracy: build ## measure records, traces and groups against logs with known answers: make accuracy DIR=...
	@Scripts/accuracy.py --program $(RELEASE) --packs patterns "$(DIR)"

install: ## put program, packs, manual pages, completions and unit below PREFIX (/usr/local); run 'make build' first
	@Scripts/install.sh $(RELEASE) "$(PREFIX)" "$(DESTDIR)"

uninstall: ## take away what 'make install' put below PREFIX
	@Scripts/install.sh --remove "$(PREFIX)" "$(DESTDIR)"

clean: ## remove what was built and the benchmarks' data
	rm -rf .build .build-* Benchmarks/data Benchmarks/results
