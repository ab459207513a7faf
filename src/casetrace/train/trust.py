"""How far each field of a record can be trusted: its score against whether it was right, on dev."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from spacy.language import Language

from casetrace.assemble import assemble
from casetrace.docs import to_annotation
from casetrace.score import records
from casetrace.train.calibrate import platt
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


def _line(rows: list[Judged]) -> tuple[float, float]:
    if not rows:
        return 1.0, 0.0
    scores, right = np.array([[score, float(hit)] for _, score, hit in rows]).T
    slope, shift = platt(scores, right)
    return round(slope, 4), round(shift, 4)
