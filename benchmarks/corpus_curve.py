"""Does more annotation help: one small model (spaCy's default CNN) trained on growing shares of the training documents.

    python benchmarks/corpus_curve.py --hrdsattack PATH [--seeds FOLDER] [--epochs 5] [--page annotations/README.md]

Every share holds the smaller ones and is trained for the same number of epochs; spans and triggers are scored strictly.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import spacy
from baseline import Pair, examples, scores
from spacy.language import Language
from spacy.util import compounding, fix_random_seed, minibatch

from casetrace.corpus import read_external, read_split
from casetrace.gold import read_gold
from casetrace.jsonl import replacing
from casetrace.train.pipeline import split_more

SHARES = (0.25, 0.5, 0.75, 1.0)
START, END = "<!-- learning curve -->\n", "<!-- end of learning curve -->\n"


def main() -> None:
    """Train once for each share, and once without the real articles; print or write a table."""
    given = arguments()
    written = list(read_split(given.root, "train"))
    everything = written + list(read_external(given.root, "train", hrdsattack=given.hrdsattack))
    random.Random(1).shuffle(everything)
    parts = {f"{share:.0%}": everything[: round(share * len(everything))] for share in SHARES}
    tests = held_out(given)
    lines = ["| trained on | documents | " + " | ".join(tests) + " |", "| --- " * (2 + len(tests)) + "|"]
    for name, part in (parts | {"100 %, without the real articles": written}).items():
        nlp = trained(part, epochs=given.epochs)
        figures = " | ".join(f"{scores(nlp, pairs)['all']:.3f}" for pairs in tests.values())
        lines.append(f"| {name} | {len(part)} | {figures} |")
        print(lines[-1], flush=True)
    if given.page:
        write(given.page, "\n".join(lines) + "\n")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--hrdsattack", type=Path, required=True)
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--page", type=Path)
    return parser.parse_args()


def held_out(given: argparse.Namespace) -> dict[str, list[Pair]]:
    """What every model is scored on, by name."""
    tests = {"dev, written": list(read_split(given.root, "dev"))}
    tests["dev, real articles"] = list(read_external(given.root, "dev", hrdsattack=given.hrdsattack))
    if given.seeds:
        tests["gold/seeds"] = [(item.document, item.annotation) for item in read_gold(given.seeds)]
    return tests


def trained(part: list[Pair], *, epochs: int) -> Language:
    """spaCy's default named-entity recogniser after `epochs` over the documents."""
    fix_random_seed(1)
    nlp = spacy.blank("en")
    split_more(nlp)
    nlp.add_pipe("ner")
    rows = examples(nlp, part)
    optimizer = nlp.initialize(lambda: rows)
    for epoch in range(epochs):
        random.Random(epoch).shuffle(rows)
        for batch in minibatch(rows, compounding(4, 32, 1.001)):
            nlp.update(batch, sgd=optimizer, drop=0.1)
    return nlp


def write(page: Path, table: str) -> None:
    """Renew the part of a page between its marks."""
    old = page.read_text("utf-8")
    with replacing(page) as lines:
        lines.write(old[: old.index(START)] + START + table + old[old.index(END) :])


if __name__ == "__main__":
    main()
