"""spaCy's default CPU pipeline (tok2vec and ner), trained on the same annotation, entities and triggers as its labels.

    python benchmarks/baseline.py build/baseline [--hrdsattack PATH] [--root .] [--epochs 30]

Writes the pipeline of the best epoch on dev and prints its strict F1 on dev and test.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable
from typing import Any

import spacy
from spacy.language import Language
from spacy.scorer import PRFScore
from spacy.training import Example
from spacy.util import compounding, fix_random_seed, minibatch

from casetrace.corpus import read_external, read_split
from casetrace.schema import EVENTS
from casetrace.train.pipeline import split_more
from casetrace.types import Annotation, Document

Pair = tuple[Document, Annotation]


def main() -> None:
    """Train, keep the best epoch, print the figures."""
    given = arguments()
    fix_random_seed(1)
    nlp = spacy.blank("en")
    split_more(nlp)
    nlp.add_pipe("ner")
    train = examples(nlp, pairs(given, "train"))
    best, kept = -1.0, b""
    optimizer = nlp.initialize(lambda: train)
    for epoch in range(given.epochs):
        random.Random(epoch).shuffle(train)
        for batch in minibatch(train, compounding(4, 32, 1.001)):
            nlp.update(batch, sgd=optimizer, drop=0.1)
        f1 = scores(nlp, pairs(given, "dev"))["all"]
        print(f"epoch {epoch + 1}: dev F1 {f1:.4f}", flush=True)
        if f1 > best:
            best, kept = f1, nlp.to_bytes()
    nlp.from_bytes(kept)
    nlp.to_disk(given.output)
    for split in ("dev", "test"):
        print(split, {name: round(value, 4) for name, value in scores(nlp, pairs(given, split)).items()})


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output")
    parser.add_argument("--root", default=".")
    parser.add_argument("--hrdsattack", default="")
    parser.add_argument("--epochs", type=int, default=30)
    return parser.parse_args()


def pairs(given: argparse.Namespace, split: Any) -> list[Pair]:
    """All annotated documents of a split."""
    found = list(read_split(given.root, split))
    return found + (list(read_external(given.root, split, hrdsattack=given.hrdsattack)) if given.hrdsattack else [])


def examples(nlp: Language, documents: Iterable[Pair]) -> list[Example]:
    """spaCy examples with all spans as entities, those that do not fit the words left out."""
    made = []
    for document, annotation in documents:
        doc = nlp.make_doc(document.text)
        fitting = [span for span in annotation.spans if doc.char_span(span.start, span.end)]
        gold = nlp.make_doc(document.text)
        gold.set_ents([gold.char_span(span.start, span.end, label=span.label) for span in fitting])
        made.append(Example(doc, gold))
    return made


def scores(nlp: Language, documents: Iterable[Pair]) -> dict[str, float]:
    """Strict F1 over entities, triggers and both."""
    held = {"entities": PRFScore(), "events": PRFScore(), "all": PRFScore()}
    for document, annotation in documents:
        gold = {(span.start, span.end, span.label) for span in annotation.spans}
        found = {(span.start_char, span.end_char, span.label_) for span in nlp(document.text).ents}
        for name, score in held.items():
            wanted = {key for key in gold if name == "all" or (key[2] in EVENTS) == (name == "events")}
            seen = {key for key in found if name == "all" or (key[2] in EVENTS) == (name == "events")}
            score.score_set(seen, wanted)
    return {name: score.fscore for name, score in held.items()}


if __name__ == "__main__":
    main()
