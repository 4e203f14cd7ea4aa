# SPDX-License-Identifier: Apache-2.0
# Everything that people and CI run. Each target makes what it needs in .venv.
.DEFAULT_GOAL := help
PYTHON ?= python3
V := .venv
BIN := $(V)/bin
UV := $(V)/bootstrap/bin/uv
PYPROJECTS := sdk/pyproject.toml toolkit/pyproject.toml server/pyproject.toml
# Locks are resolved from packages that have been public for a week, so a poisoned release is noticed first.
AGE := $(shell date -u -d '7 days ago' +%Y-%m-%d 2>/dev/null || date -u -v-7d +%Y-%m-%d)

.PHONY: help demo test check serve bench fix lock clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(V)/.run ## The whole story on the example product, in under two minutes
	$(BIN)/coreline demo

test: $(V)/.dev ## All tests, with coverage
	$(BIN)/coverage erase
	$(BIN)/pytest --cov --cov-report=term
	@rm -f .coverage.*

check: $(V)/.dev ## Everything CI runs: style, types, contracts, the line, generated pages, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --config .importlinter
	$(BIN)/coreline check
	$(BIN)/python docs/generate.py --check
	$(MAKE) test

serve: $(V)/.run ## A server on this machine, data in .coreline-server/
	$(BIN)/coreline-server serve --data .coreline-server

bench: $(V)/.dev ## Every claim beside its peer, in the same run
	$(BIN)/python -m bench

fix: $(V)/.dev ## Format, sort imports, regenerate pages
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python docs/generate.py

lock: $(UV) ## Renew the hashed requirements
	cd requirements && for name in uv run dev; do ../$(UV) pip compile --universal \
		--generate-hashes --no-emit-index-url --python-version 3.11 --exclude-newer $(AGE) \
		--upgrade -q --no-header $$name.in -o $$name.txt; done

clean: ## Remove the environment and what tools left behind
	rm -rf $(V) .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV): requirements/uv.txt
	$(PYTHON) -m venv $(V)/bootstrap
	$(V)/bootstrap/bin/pip install -q --disable-pip-version-check --require-hashes \
		-r requirements/uv.txt
	@touch $@

$(BIN)/python: | $(UV)
	$(UV) venv -q --allow-existing --python $(PYTHON) $(V)

$(V)/.run: requirements/run.txt $(PYPROJECTS) | $(BIN)/python
	VIRTUAL_ENV=$(V) $(UV) pip install -q --require-hashes -r requirements/run.txt
	VIRTUAL_ENV=$(V) $(UV) pip install -q --no-deps --no-build-isolation \
		-e sdk -e toolkit -e server
	@touch $@

$(V)/.dev: requirements/dev.txt $(V)/.run
	VIRTUAL_ENV=$(V) $(UV) pip install -q --require-hashes -r requirements/dev.txt
	@touch $@
