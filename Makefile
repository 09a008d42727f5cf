# Two commands do everything from a fresh checkout: `make run` and `make test`.
PYTHON ?= python3
ARGS ?=
BIN = .venv/bin
SETUP = $(PYTHON) scripts/setup.py

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test browser-test eval lint lock clean need-python

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

need-python:
	@command -v "$(PYTHON)" >/dev/null || { echo "Python 3.11 or newer is needed and '$(PYTHON)' was not found; install it or set PYTHON=/path/to/python3.11" >&2; exit 2; }

setup: need-python ## Make .venv and install what running needs
	@$(SETUP)

setup-dev: need-python
	@$(SETUP) --dev

run: setup ## Prepare everything and serve the chat page (options for `serve` in ARGS="…")
	@$(BIN)/policy-assistant models prepare
	@$(BIN)/policy-assistant index build
	@$(BIN)/policy-assistant serve $(ARGS)

test: setup-dev ## Run the tests, but for those in a browser (options for pytest in ARGS="…")
	@$(BIN)/policy-assistant models prepare
	$(BIN)/python -m pytest -m "not browser" $(ARGS)

browser-test: setup-dev ## Run the tests that drive the chat page in headless Chromium
	@$(BIN)/policy-assistant models prepare
	$(BIN)/python -m pytest -m browser $(ARGS)

eval: setup ## Run the project's own evaluation suites; fails where a gate does not hold
	@$(BIN)/policy-assistant models prepare
	@$(BIN)/policy-assistant index build
	$(BIN)/policy-assistant eval run retrieval -j 2
	$(BIN)/policy-assistant eval run answers -j 2
	$(BIN)/policy-assistant eval run answers-fresh -j 2

lint: setup-dev ## Check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy scripts

lock: need-python ## Write requirements*.lock from pyproject.toml (newer releases with ARGS=--upgrade)
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet "uv>=0.13,<0.14"
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --output-file requirements-dev.lock --extra dev --constraints requirements.lock pyproject.toml

# No registry's address goes into a lock; the project's own torch step stands in for torch.
LOCK = build/uv/bin/uv pip compile $(ARGS) --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-package torch --no-emit-index-url --no-emit-find-links --no-annotate \
	--custom-compile-command "make lock"

clean: ## Remove .venv, the built index and all caches (prepared models stay)
	rm -rf .venv .store build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
