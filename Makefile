# make demo   installs what is missing, builds, and runs the bundled release pipeline through four environments
# make test   installs what is missing, builds, and passes the tests
# make help   lists the rest

SHELL := /bin/bash
SWIFT ?= swift
# The packages that the build needs beside the Swift toolchain (Debian 12 names).
APT := libgit2-dev libzip-dev libyaml-dev libsqlite3-dev pkg-config git zlib1g-dev openssh-client
CHECKS := --explicit-target-dependency-import-check error
# The Swift runtime linked in; no table of exported names, and relocations in their packed form: a process
# starts 1 ms sooner and takes 7 MiB less (they need glibc 2.36, which Debian 12 has).
STATIC := --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker --no-export-dynamic \
	-Xlinker -z -Xlinker pack-relative-relocs
RELEASE := -c release $(STATIC) --product almrun $(CHECKS)
ALMRUN := .build/release/almrun
TORTURE_MINUTES ?= 15
# How many tests are under way at once. Without a bound all begin together, and whatever one of them starts waits until
# all others have had their turn.
WIDTH := --experimental-maximum-parallelization-width 8

.PHONY: help setup build release demo test check lint format docs conformance torture bench clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install the Debian packages that are missing
	@scripts/setup $(APT)

build: setup ## build everything for development
	$(SWIFT) build $(CHECKS)

release: setup ## build the command as it is shipped: optimised, Swift runtime linked in
	$(SWIFT) build $(RELEASE)

demo: release ## run the bundled release pipeline through dev, test, preprod and prod in .demo/
	@scripts/demo $(ALMRUN)

test: setup ## pass the tests; what failed is said once more at the end
	$(SWIFT) build --build-tests $(CHECKS)
	@set -o pipefail; $(SWIFT) test --skip-build $(CHECKS) $(WIDTH) 2>&1 | tee .build/test.log \
		|| { printf '\nFailed:\n'; grep -aE '✘|recorded an issue|rror:' .build/test.log | grep -v 'Suite .* failed'; exit 1; }

lint: ## check the formatting
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Torture/Package.swift Torture/Sources

format: ## mend the formatting
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Torture/Package.swift Torture/Sources

check: setup lint test ## what the CI service runs

docs: release ## write docs/commands and docs/stages anew from the descriptions in the code
	$(ALMRUN) docs --write docs

conformance: setup ## run the peers' own test cases and print how many agree
	ALMRUN_CONFORMANCE=1 $(SWIFT) test $(CHECKS) $(WIDTH) --filter Conformance

torture: release ## provoke every fault on the built command, carry on, and count what must not be; TORTURE_MINUTES=60 for all
	@mkdir -p Torture/.build
	@$$(command -v clang || command -v cc) -O1 -shared -fPIC -o Torture/.build/libfaults.so Torture/Faults/faults.c
	$(SWIFT) build -c release --package-path Torture
	@Torture/.build/release/torture --almrun $(ALMRUN) --faults Torture/.build/libfaults.so --root . \
		--minutes $(TORTURE_MINUTES) $(TORTURE)

bench: release ## measure reading, start-up and the engine
	@scripts/bench $(ALMRUN)

clean: ## remove what was built and the demo
	rm -rf .build .demo Torture/.build
