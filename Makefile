# `make run` does the main job, `make test` checks everything; both make their own environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out

.PHONY: run test check gate figures card clean

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

# Every figure of the README, docs/evaluation.md, benchmarks/README.md and the model card; HRDSATTACK and SEEDS
# are folders of data that is not in this repository: make figures HRDSATTACK=... SEEDS=...
figures: $(VENV)/dev.done card
	$(BIN)/casetrace evaluate test --markdown README.md
	$(BIN)/casetrace evaluate test --hrdsattack $(HRDSATTACK) --markdown README.md
	$(BIN)/casetrace evaluate $(SEEDS) --markdown README.md
	$(BIN)/casetrace evaluate test --markdown docs/evaluation.md --report $(OUT)/report.html
	$(BIN)/casetrace evaluate test --hrdsattack $(HRDSATTACK) --markdown docs/evaluation.md
	$(BIN)/casetrace evaluate $(SEEDS) --markdown docs/evaluation.md
	$(BIN)/casetrace evaluate all --gold-annotation --dossiers annotations/dossiers.jsonl --markdown docs/evaluation.md
	$(BIN)/python benchmarks/hrdsattack.py $(HRDSATTACK) --markdown benchmarks/README.md
	$(BIN)/python benchmarks/baseline.py build/baseline --hrdsattack $(HRDSATTACK) --epochs 8
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/peers.py --baseline build/baseline --hrdsattack $(HRDSATTACK) \
	  --spans build/spans --markdown benchmarks/README.md --plot docs/pictures/accuracy_speed.svg
	$(BIN)/casetrace compare build/spans/spaCy-default.jsonl build/spans/casetrace.jsonl --markdown docs/evaluation.md
	$(BIN)/python docs/take_pictures.py $(OUT)/report.html docs/pictures

# Figures of training, test and seeds in the model card alone: make card HRDSATTACK=... SEEDS=...
card: $(VENV)/dev.done
	$(BIN)/python benchmarks/card.py
	$(BIN)/casetrace evaluate test --markdown models/README.md --labels
	$(BIN)/casetrace evaluate test --hrdsattack $(HRDSATTACK) --markdown models/README.md --labels
	$(BIN)/casetrace evaluate $(SEEDS) --markdown models/README.md

$(VENV)/core.done: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "casetrace needs Python 3.11 or later: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/dev.done: $(VENV)/core.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[annotate,train,export,evaluate,scale,review,dev]'
	touch $@

clean:
	rm -rf $(VENV) $(OUT)
