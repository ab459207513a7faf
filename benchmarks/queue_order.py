"""Does the model learn faster when documents are annotated in the order of the queue than in random order?

The corpus plays the annotator: a small tagger (logistic regression over the words around each word) starts from 20
random training documents; in each round 20 more are "annotated", chosen by the queue with the scores of the tagger, or
at random; after each round it is measured on dev. Prints F1 of spans by words annotated, mean over several starts.

    python benchmarks/queue_order.py [STARTS]
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy
from scipy.sparse import vstack
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import SGDClassifier

from casetrace.corpus import read_split
from casetrace.markup import default_id
from casetrace.queue import order
from casetrace.schema import EVENTS
from casetrace.score import marks
from casetrace.score.counts import Counts, overall
from casetrace.types import Annotation, Document, Span

START, ROUND, ROUNDS = 20, 20, 9
Pair = tuple[Document, Annotation]
WORD = re.compile(r"\w+|[^\w\s]")
HASHER = FeatureHasher(n_features=2**17, input_type="string")


class Tagger:
    """One label for each word; neighbouring words of one label are one span, its score that of its least sure word."""

    def __init__(self, pairs: list[Pair]) -> None:
        rows = vstack([read(document.id, document.text) for document, _ in pairs])
        labels = [label for document, annotation in pairs for label in labels_of(document, annotation)]
        self.model = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=8, tol=None, random_state=0)
        self.model.fit(rows, labels)

    def annotate(self, document: Document) -> Annotation:
        places = [match.span() for match in WORD.finditer(document.text)]
        sure = self.model.predict_proba(read(document.id, document.text))
        best = sure.argmax(axis=1)
        spans: list[Span] = []
        before = ""
        for (start, end), row, at in zip(places, sure, best, strict=True):
            label = str(self.model.classes_[at])
            if label and label == before and label not in EVENTS:
                last = spans[-1]
                score = min(float(last.score or 0), float(row[at]))
                spans[-1] = span_of(document, last.start, end, label, score)
            elif label:
                spans.append(span_of(document, start, end, label, float(row[at])))
            before = label
        return Annotation(doc_id=document.id, sha256=document.sha256, spans=tuple(spans))


def span_of(document: Document, start: int, end: int, label: str, score: float) -> Span:
    return Span(id=default_id(start), start=start, end=end, label=label, text=document.text[start:end], score=score,
                modality="ASSERTED" if label in EVENTS else None)  # fmt: skip


@cache
def read(_: str, text: str) -> Any:
    """The words of a text as rows of a sparse matrix."""
    return HASHER.transform(list(features(text)))


def features(text: str) -> Iterator[list[str]]:
    """What the tagger sees of each word: it, its shape and ending, and two words on each side."""
    found = WORD.findall(text)
    shapes = ["A" if word[0].isupper() else "9" if word[0].isdigit() else "a" for word in found]
    for at, word in enumerate(found):
        near = [f"{gap}={found[at + gap].lower()}" for gap in (-2, -1, 1, 2) if 0 <= at + gap < len(found)]
        form = [f"w={word.lower()}", f"e={word[-3:].lower()}", f"s={shapes[at]}", f"l={len(word)}"]
        pairs = [f"p={found[at - 1].lower()}_{word.lower()}"] if at else []
        yield form + near + pairs + [f"n={''.join(shapes[max(0, at - 2) : at + 3])}"]


def labels_of(document: Document, annotation: Annotation) -> list[str]:
    at = {place: span.label for span in annotation.spans for place in range(span.start, span.end)}
    return [at.get(match.start(), "") for match in WORD.finditer(document.text)]


def f1(tagger: Tagger, dev: list[Pair]) -> float:
    total = Counts()
    for document, annotation in dev:
        found = tagger.annotate(document)
        for count in (marks.entities(annotation, found), marks.events(annotation, found)):
            total = Counts(*(left + right for left, right in zip(total, overall(count), strict=True)))
    return total.f1


def learn(train: list[Pair], dev: list[Pair], *, by_queue: bool, seed: int) -> list[tuple[int, float]]:
    """(words annotated, F1 on dev) after each round."""
    left = random.Random(seed).sample(train, len(train))
    known, left = left[:START], left[START:]
    curve = []
    for _ in range(ROUNDS):
        tagger = Tagger(known)
        curve.append((sum(len(document.text.split()) for document, _ in known), f1(tagger, dev)))
        if by_queue:
            guesses = [(document, tagger.annotate(document)) for document, _ in left]
            ranked = [left[at] for at in order(guesses, known=[document for document, _ in known])]
        else:
            ranked = left
        known += ranked[:ROUND]
        chosen = {document.id for document, _ in known}
        left = [pair for pair in left if pair[0].id not in chosen]
    return curve


def at_words(curves: list[list[tuple[int, float]]], words: int) -> float:
    """Mean F1 of several curves at one amount of annotated words."""
    return float(numpy.mean([numpy.interp(words, [x for x, _ in curve], [y for _, y in curve]) for curve in curves]))


def main() -> None:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    train, dev = list(read_split(".", "train")), list(read_split(".", "dev"))
    curves = {name: [learn(train, dev, by_queue=name == "queue", seed=seed) for seed in range(starts)]
              for name in ("queue", "random")}  # fmt: skip
    end = min(curve[-1][0] for found in curves.values() for curve in found)
    begin = max(curve[0][0] for found in curves.values() for curve in found)
    print(f"{starts} starts, {len(train)} training and {len(dev)} dev documents\nwords   queue  random  difference")
    for words in numpy.linspace(begin, end, 8).astype(int):
        queue, chance = at_words(curves["queue"], words), at_words(curves["random"], words)
        print(f"{words:>6}  {queue:.3f}  {chance:.3f}   {queue - chance:+.3f}")
    wins = sum(at_words([one], end) > at_words([other], end) for one, other in zip(*curves.values(), strict=True))
    print(f"ahead after {end} words in {wins} of {starts} starts")


if __name__ == "__main__":
    main()
