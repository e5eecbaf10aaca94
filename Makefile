# What a person types here. `make serve` and `make test` do all their own set-up; they need Python 3.11 or newer, make and, on
# Debian or Ubuntu, apt for what Python cannot bring (venv, a browser, a Chinese font).

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
WORKERS ?= 2
SERVE_ARGS ?=

.PHONY: help serve test bench docs lint format lock clean \
        check-lint check-imports check-types test-python test-postgres test-browser setup-serve setup-test

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 16

serve: setup-serve ## the site and its worker on this machine, with an example city (SERVE_ARGS="--port 9000")
	@GONGKAI_EXAMPLE=$${GONGKAI_EXAMPLE:-1} exec $(BIN)/gongkai serve $(SERVE_ARGS)

test: setup-test check-lint check-imports check-types test-python test-postgres test-browser ## everything CI runs
	@echo "make test: all parts passed"

bench: $(STAMPS)/bench ## speed against named peers; appends one row to docs/benchmarks.md
	@$(BIN)/python -m benchmarks

docs: setup-test ## the pictures in the README and handbook, the table of settings
	@$(BIN)/python docs/configuration.py
	@$(BIN)/python -m docs.screenshots

lint: $(STAMPS)/test check-lint check-imports check-types ## style, layers, types

format: $(STAMPS)/test ## mend what can be mended by machine
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

lock: $(STAMPS)/lock ## resolve requirements/*.in again, with hashes and without index addresses
	@for name in build lock base test bench; do \
	  echo "requirements/$$name.txt"; \
	  $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url -p 3.11 $(LOCK_ARGS) \
	    requirements/$$name.in -o requirements/$$name.txt; \
	done

clean: ## what make made, but for the data folder
	rm -rf $(VENV) build src/*.egg-info .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The parts of `make test`, each of use alone.

check-lint: $(STAMPS)/test
	@echo "== ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

check-imports: $(STAMPS)/test
	@echo "== layers"
	@$(BIN)/lint-imports --no-logo

check-types: $(STAMPS)/test
	@echo "== types"
	@$(BIN)/mypy

test-python: setup-test
	@echo "== tests on SQLite"
	@env -u GONGKAI_DATABASE_URL $(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not browser and not postgres"

test-postgres: $(STAMPS)/test
	@echo "== tests on PostgreSQL"
	@if url=$$($(BIN)/python tests/postgres.py); then \
	  if [ -n "$$url" ]; then \
	    PGOPTIONS="-c synchronous_commit=off" GONGKAI_DATABASE_URL="$$url" \
	      $(BIN)/python -m pytest -p tests.only_database -n $(WORKERS) --dist worksteal -m "not browser" --ignore=tests/browser; \
	  fi; \
	else exit 1; fi

test-browser: setup-test
	@echo "== tests in a browser"
	@env -u GONGKAI_DATABASE_URL $(BIN)/pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder -m browser tests/browser

# Set-up. Each stamp is newer than what it was made from, so a second run does nothing.

setup-serve: $(STAMPS)/base

setup-test: $(STAMPS)/test
	@tools/apt.sh browser
	@tools/apt.sh font

$(STAMPS)/venv:
	@tools/venv.sh $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/base: requirements/build.txt requirements/base.txt pyproject.toml | $(STAMPS)/venv
	@echo "Installing what the product needs (once) …"
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/test: requirements/test.txt $(STAMPS)/base
	@echo "Installing what the tests need (once) …"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

$(STAMPS)/bench: requirements/bench.txt $(STAMPS)/base
	@echo "Installing the benchmarks' peers (once) …"
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

$(STAMPS)/lock: requirements/lock.txt | $(STAMPS)/venv
	@$(PIP) install --require-hashes -r requirements/lock.txt
	@touch $@
