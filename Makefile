# `make run` starts a jam, `make test` runs every test. Both need Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_PINS := requirements/base.txt requirements/embedded.txt
ALL_PINS := $(RUN_PINS) requirements/dev.txt
PIP_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

.PHONY: run test lint bench bench-sizes bench-live bench-fairness fix words pins audit clean
.DEFAULT_GOAL := run

## run: everything a jam needs, until Ctrl-C. `make run UP="--port 9000"` passes options on.
run: $(VENV)/.ready-to-run
	@exec $(BIN)/python manage.py up $(UP)

## test: every gate, then every test. `make test PYTEST="-k digest"` runs some of them.
test: $(VENV)/.ready-to-test
	@exec $(BIN)/python -m tests.gates $(PYTEST)

## lint: the gates alone
lint: $(VENV)/.ready-to-test
	@exec $(BIN)/python -m tests.gates --only-gates

## bench: how many pages a second this machine serves. `make bench BENCH="--rounds 9"` passes options on.
bench: $(VENV)/.ready-to-run
	@exec $(BIN)/python -m benchmarks.pages $(BENCH)

## bench-sizes: the same pages at 1,000 and at 1,000,000 posts. `make bench-sizes BENCH="--large 50000"` likewise.
bench-sizes: $(VENV)/.ready-to-run
	@exec $(BIN)/python -m benchmarks.pages.sizes $(BENCH)

## bench-live: how many tabs it tells what is written, and how soon. `make bench-live BENCH="jam --tabs 1000"` likewise.
bench-live: $(VENV)/.ready-to-test
	@exec $(BIN)/python -m benchmarks.live $(BENCH)

## bench-fairness: who gets seen, in jams that are made up or in bundles: `make bench-fairness BENCH="path/to/bundle"`.
bench-fairness: $(VENV)/.ready-to-run
	@exec $(BIN)/python -m benchmarks.fairness $(BENCH)

## fix: what ruff and djade can put right by themselves
fix: $(VENV)/.ready-to-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -z 'templates/*.html' | xargs -0r $(BIN)/djade --target-version 5.2

## words: brings the catalogs of translations in locale/ up to date with the code
words: $(VENV)/.ready-to-test
	@exec $(BIN)/python -m tests.gates.words

## pins: the newest packages that requirements/*.in allow. `make pins UPGRADE=` keeps what is pinned where it can.
UPGRADE ?= --upgrade
pins: $(VENV)/.ready-to-test
	$(PIP_COMPILE) $(UPGRADE) requirements/base.in --output-file requirements/base.txt
	$(PIP_COMPILE) $(UPGRADE) requirements/embedded.in --output-file requirements/embedded.txt
	$(PIP_COMPILE) $(UPGRADE) requirements/dev.in --output-file requirements/dev.txt

## audit: known weaknesses in the pinned packages
audit: $(VENV)/.ready-to-test
	for pins in $(ALL_PINS); do $(BIN)/pip-audit --require-hashes --disable-pip --requirement $$pins || exit 1; done

## clean: removes the environment and what tools left, never the data of a jam
clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "This needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1 || echo not there)." >&2; \
		echo "Name another one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python's venv module does not work; on Debian and Ubuntu it is the package python3-venv." >&2; \
		rm -rf $(VENV); exit 1; }

# The project's folder goes on the path, so that pytest and celery find it from wherever they are started.
$(VENV)/.on-path: $(BIN)/python
	@$(BIN)/python -c 'import os, site; open(site.getsitepackages()[0] + "/jam.pth", "w").write(os.getcwd() + "\n")'
	@touch $@

$(VENV)/.ready-to-run: $(RUN_PINS) $(VENV)/.on-path
	@echo "installing the packages of the site" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps $(RUN_PINS:%=-r %)
	@touch $@

$(VENV)/.ready-to-test: $(ALL_PINS) $(VENV)/.ready-to-run
	@echo "installing the packages of the tests" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@touch $@
