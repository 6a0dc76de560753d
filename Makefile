# Threadline. `make up` runs it, `make test` checks it; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
BUILT := src/threadline/desk/static/desk/built/.done
FRONTEND := $(shell find frontend/src -type f 2>/dev/null)
SOURCES := src tests benchmarks tools
NODE = PATH="$$(tools/node):$$PATH"; export PATH
ARGS ?=

.PHONY: help up test check pytest test-spark bench fmt build lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

up: .venv/ready $(BUILT) ## Run Threadline here: http://127.0.0.1:8400 (ARGS="--reset-sample" starts its sample company anew)
	@exec $(BIN)/threadline up $(ARGS)

test: ready check pytest ## Everything CI runs: set-up, linters, types, layers, all tests

check: .venv/dev frontend/node_modules/.ready ## The quick half of `make test`: format, lint, types, layers, templates, migrations
	$(BIN)/ruff format --check $(wildcard $(SOURCES))
	$(BIN)/ruff check $(wildcard $(SOURCES))
	$(BIN)/mypy src & $(MAKE) other-checks && wait $$!

.PHONY: other-checks
other-checks:
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src
	$(NODE); cd frontend && npm run --silent types && npm run --silent lint
	THREADLINE_SECRET_KEY=only-for-this-check $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run --settings threadline.config.settings

pytest: .venv/dev $(BUILT) ## The tests alone (ARGS="tests/core -k kettle" chooses)
	$(BIN)/pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

test-spark: .venv/dev ## The rebuild on Spark, in local mode (installs PySpark; needs Java 17; about 3 minutes)
	$(BIN)/pip install --quiet '.[spark]'
	$(BIN)/pytest -o addopts="--strict-markers -q" tests/spark

bench: .venv/dev $(BUILT) ## Measure the promises about speed (ARGS="benchmarks/pages.py" chooses, ARGS=--write keeps)
	$(BIN)/python benchmarks/_run.py $(ARGS)

fmt: .venv/dev ## Format and mend what can be mended
	$(BIN)/ruff format $(wildcard $(SOURCES))
	$(BIN)/ruff check --fix $(wildcard $(SOURCES))

build: $(BUILT) ## Build the front end

lock: .venv/dev ## Renew requirements*.lock from pyproject.toml
	tools/lock

clean: ## Remove what was built or installed here; the data in .data stays
	rm -rf .venv frontend/node_modules $(dir $(BUILT)) src/threadline/portal/static/portal/built .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# --- what the targets above need; each is done once and again only when its sources change -------------------------

.PHONY: ready
ready:
	@tools/debian & $(MAKE) .venv/dev frontend/node_modules/.ready $(BUILT) && wait $$!

.venv/ready: requirements.lock tools/venv
	@PYTHON="$(PYTHON)" tools/venv requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock tools/venv
	@PYTHON="$(PYTHON)" tools/venv requirements-dev.lock
	@touch .venv/ready $@

frontend/node_modules/.ready: frontend/package-lock.json | .venv/ready
	@echo "Installing the front end's tools …"
	@$(NODE); cd frontend && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(BUILT): $(FRONTEND) frontend/build.mjs frontend/node_modules/.ready
	@$(NODE); cd frontend && node build.mjs
	@touch $@
