# make run and make test are all a newcomer needs; both begin with nothing but Python and this folder.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for each in python3.12 python3.13 python3.11 python3 python; do \
	command -v $$each >/dev/null && $$each -c '$(FITS)' 2>/dev/null && echo $$each && break; done)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
RULES := pyproject.toml setup.py constraints.txt tests/requirements-nodeps.txt $(wildcard gis/paint/native/*)

.PHONY: help run test torture lint bench freeze clean
.DEFAULT_GOAL := help

help:
	@echo "make run     open the desk on the sample city (without a screen: pictures and reports into $(OUT)/)"
	@echo "make test    run every test"
	@echo "make torture the faults in their long form: 10,000 kills, 10,000 power cuts, every mutant (hours)"
	@echo "make lint    style, types and who may import whom"
	@echo "make bench   measure, beside other programs where they are installed"
	@echo "make freeze  build dist/kentongan, which runs without Python, and let it test itself"
	@echo "make clean   remove everything that was made here"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Kentongan needs Python 3.11, 3.12 or 3.13 and found none of them." >&2; \
		echo "Install one (Debian, Ubuntu: sudo apt-get install python3 python3-venv), or name it:" >&2; \
		echo "  make run PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c '$(FITS)' || { echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13." >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python has no venv module (Debian, Ubuntu: sudo apt-get install python3-venv)." >&2; exit 1; }

$(VENV)/.ready-to-run: $(BIN)/python $(RULES)
	@echo "Installing Kentongan and its libraries (once, a few minutes) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.ready-to-test: $(VENV)/.ready-to-run
	@echo "Installing what the tests need ..."
	@$(PIP) --editable '.[test]'
	@$(PIP) --no-deps --requirement tests/requirements-nodeps.txt
	@touch $@

$(VENV)/.ready-to-freeze: $(VENV)/.ready-to-run
	@$(PIP) --editable '.[build]'
	@touch $@

run: $(VENV)/.ready-to-run
	@$(BIN)/python -m gis.prerequisites
ifneq ($(strip $(DISPLAY)$(WAYLAND_DISPLAY)),)
	@$(BIN)/kentongan
else
	@echo "There is no screen here: the desk opens unseen and leaves its pictures and reports in $(OUT)/."
	@QT_QPA_PLATFORM=offscreen $(BIN)/kentongan --offscreen $(OUT)
endif

test: $(VENV)/.ready-to-test
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m gis.prerequisites
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "not bench" --numprocesses=logical --dist=worksteal $(ARGS)

torture: $(VENV)/.ready-to-test
	@TORTURE=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/faults tests/proof --timeout=0 -o faulthandler_timeout=0 $(ARGS)

lint: $(VENV)/.ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	PYTHONPATH=. $(BIN)/lint-imports --no-logo

bench: $(VENV)/.ready-to-test
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m bench -s tests/bench $(ARGS)

freeze: $(VENV)/.ready-to-freeze
	@$(BIN)/python -m PyInstaller --noconfirm --log-level WARN build.spec
	@QT_QPA_PLATFORM=offscreen dist/kentongan/kentongan --self-test

clean:
	rm -rf $(VENV) build dist $(OUT) .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -f gis/paint/_raster.*.so gis/paint/_raster.*.pyd
	find desktop gis layers resources tests -name __pycache__ -type d -exec rm -rf {} +
