# `make run` does the main job, `make test` checks everything; both make their own environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out

.PHONY: run test check gate clean

run: $(VENV)/core.done
	$(BIN)/casetrace extract corpus/texts -o $(OUT)/records.jsonl --annotations $(OUT)/spans.jsonl
	$(BIN)/casetrace export $(OUT)/records.jsonl -o $(OUT)/records.csv
	$(BIN)/casetrace show $(OUT)/records.jsonl --most 25

test: check
	$(BIN)/pytest

check: $(VENV)/dev.done
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/casetrace annotate check

gate: $(VENV)/dev.done
	$(BIN)/casetrace gate

$(VENV)/core.done: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "casetrace needs Python 3.11 or later: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/dev.done: $(VENV)/core.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[annotate,train,export,evaluate,dev]'
	touch $@

clean:
	rm -rf $(VENV) $(OUT)
