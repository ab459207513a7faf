"""How far each field of a record can be trusted: its score against whether it was right, on dev."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from spacy.language import Language

from casetrace.assemble import assemble
from casetrace.docs import to_annotation
from casetrace.score import records
from casetrace.train.calibrate import Floats
from casetrace.types import Annotation, CaseRecord, Document

Judged = tuple[str, float, bool]
FEWEST = 40
"""A field with fewer values on dev gets the line of all fields together."""


def fit_trust(nlp: Language, pairs: Iterable[tuple[Document, Annotation]]) -> dict[str, tuple[float, float]]:
    """Slope and shift for every field, from records of the pipeline against those that gold annotation assembles to."""
    held: dict[str, list[Judged]] = defaultdict(list)
    for document, gold in pairs:
        found = assemble(document, to_annotation(nlp(document.text), document=document))
        for row in judge(assemble(document, gold), found):
            held[row[0]].append(row)
    together = _line([row for field, rows in held.items() if field != "event" for row in rows])
    return {field: _line(rows) if len(rows) >= FEWEST else together for field, rows in sorted(held.items())}


def judge(gold: list[CaseRecord], found: list[CaseRecord]) -> Iterator[Judged]:
    """(field, score, right) of every scored value and event."""
    for judged in records.judge(gold, found):
        if judged.stated.value.score is not None:
            yield judged.stated.field, judged.stated.value.score, judged.right
    for left, right in records.pair_records(gold, found):
        for meant, said in records.pair_events(left, right):
            if said is not None and said.score is not None:
                same = meant is not None and (meant.type, meant.modality) == (said.type, said.modality)
                yield "event", said.score, same


def platt(scores: Floats, right: Floats, *, steps: int = 50) -> tuple[float, float]:
    """Slope and shift of the log odds: damped Newton steps with a weak pull towards the identity."""
    clipped = np.clip(scores, 1e-4, 1 - 1e-4)
    odds = np.log(clipped) - np.log(1 - clipped)
    design = np.stack([odds, np.ones_like(odds)], 1)
    prior = np.array([1.0, 0.0])
    point = prior
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-design @ point))
        gradient = design.T @ (chance - right) + (point - prior)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + np.eye(2)
        step, size = np.linalg.solve(curve, gradient), 1.0
        while size > 1e-4 and _cost(design, right, point - size * step) > _cost(design, right, point):
            size /= 2
        point = point - size * step
    return float(point[0]), float(point[1])


def _cost(design: Floats, right: Floats, point: Floats) -> float:
    odds = design @ point
    pull = ((point - np.array([1.0, 0.0])) ** 2).sum() / 2
    return float((np.logaddexp(0, odds) - right * odds).sum() + pull)


def _line(rows: list[Judged]) -> tuple[float, float]:
    if not rows:
        return 1.0, 0.0
    scores, right = np.array([[score, float(hit)] for _, score, hit in rows]).T
    slope, shift = platt(scores, right)
    return round(slope, 4), round(shift, 4)
