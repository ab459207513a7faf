"""How good the pipeline is with less annotation: trained on growing parts of the training split, scored on test.

    python benchmarks/learning.py build/learning.json [--shares 0.1 0.3 1] [--epochs 10] [--layers 3] [--threads 2]
    casetrace evaluate test --learning build/learning.json --report report.html

Only the texts written for the project are used; each part holds the smaller ones. Three layers and few epochs show the
shape of the curve in a third of the time; its last point is then lower than the shipped pipeline.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import replace
from pathlib import Path

from casetrace.assemble import assemble
from casetrace.docs import to_annotation
from casetrace.evaluate import Case, evaluate
from casetrace.gold import Gold, read_split_gold
from casetrace.train import read_config
from casetrace.train.config import TrainConfig
from casetrace.train.loop import fit
from casetrace.train.pipeline import blank, fill
from casetrace.train.run import Run, fingerprint
from casetrace.train.train import prepare

MOST_REPEATS = 3
LEVELS = ("entities", "events", "arguments", "record slots")


def main() -> None:
    """Train once for each share and write lines of (documents, F1) by level."""
    given = arguments()
    overrides = {"paths.root": str(given.root), "encoder.layers": given.layers, "optimiser.epochs": given.epochs,
                 "optimiser.threads": given.threads, "optimiser.device": given.device,
                 "paths.checkpoint": "build/learning.pt"}  # fmt: skip
    run = prepare(read_config(given.root / "models" / "config.cfg", overrides), report=tell)
    order = random.Random(1).sample(run.train, len(run.train))
    gold = list(read_split_gold(given.root, "test"))
    lines: dict[str, list[tuple[int, float]]] = {level: [] for level in LEVELS}
    for share in sorted(given.shares):
        part = order[: max(1, round(share * len(order)))]
        figures = score(replace(run, train=part, fingerprint=fingerprint(part), config=longer(run.config, share)), gold)
        tell(f"{len(part)} documents: {json.dumps(figures)}")
        for level, value in figures.items():
            lines[level].append((len(part), value))
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(json.dumps(lines, indent=1) + "\n")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--shares", type=float, nargs="+", default=[0.1, 0.3, 1.0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="auto")
    return parser.parse_args()


def longer(config: TrainConfig, share: float) -> TrainConfig:
    """More epochs for a part, so that it sees as many documents as the whole, up to `MOST_REPEATS` times."""
    epochs = round(config.optimiser.epochs * min(MOST_REPEATS, 1 / share))
    return config.model_copy(update={"optimiser": config.optimiser.model_copy(update={"epochs": epochs})})


def score(run: Run, gold: list[Gold]) -> dict[str, float]:
    """F1 on test of a pipeline trained on the documents of a run."""
    network, _ = fit(run)
    nlp = fill(blank(run.config), network, config=run.config)
    cases = []
    for item in gold:
        found = to_annotation(nlp(item.document.text), document=item.document, made_by="learning")
        theirs, ours = (assemble(item.document, annotation) for annotation in (item.annotation, found))
        cases.append(Case(item.document, item.annotation, found, theirs, ours))
    overall = evaluate(cases, resamples=1).overall
    return {level: round(overall[level].value, 4) for level in LEVELS}


def tell(line: str) -> None:
    """A message on stderr."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
