# One word each: `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
UV := $(BIN)/uv pip
INSTALL := $(UV) install --quiet --python $(BIN)/python
COMPILE := $(UV) compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help install sync serve test test-servers lint format lock clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

install: $(INSTALLED) ## Make the virtual environment with everything pinned

$(INSTALLED): requirements/bootstrap.lock requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (set PYTHON=...)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is needed (Debian: apt-get install python3-venv)"; exit 1; }
	@echo "Installing into $(VENV) ..."
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install --quiet --require-hashes -r requirements/bootstrap.lock
	@$(INSTALL) --require-hashes -r requirements/dev.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

sync: $(INSTALLED) ## Set everything up and sync demo users on emulated clouds
	@$(BIN)/infrazen demo

serve: $(INSTALLED) ## Serve the API on 127.0.0.1:5001
	@$(BIN)/infrazen db upgrade && exec $(BIN)/infrazen serve

test: $(INSTALLED) test-servers ## Run all tests (installs PostgreSQL and MariaDB with apt where missing)
	@$(BIN)/python -m pytest

test-servers:
	@sh scripts/install-test-servers.sh

lint: $(INSTALLED) ## Check format, style, types and layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(INSTALLED) ## Format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: $(INSTALLED) ## Pin the newest versions that pyproject.toml allows
	@echo uv | $(COMPILE) --upgrade - -o requirements/bootstrap.lock
	@$(COMPILE) --upgrade --extra demo --extra dev pyproject.toml -o requirements/dev.lock
	@$(COMPILE) -c requirements/dev.lock pyproject.toml -o requirements/runtime.lock

clean: ## Remove the virtual environment and caches; instance/ with its data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
