"""Figures with intervals for a set of documents: spans, events, modality, arguments, coreference, records, silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy

from casetrace.score import marks, records
from casetrace.score.counts import Counts, Tally, add, overall
from casetrace.types import Annotation, CaseRecord, Document, Frozen

RESAMPLES = 1000


class Case(NamedTuple):
    """One document with what people and what the pipeline made of it."""

    document: Document
    gold: Annotation
    predicted: Annotation
    gold_records: list[CaseRecord]
    predicted_records: list[CaseRecord]


class Figure(Frozen):
    """One number with what it rests on; `low` and `high` are the bootstrap 95 % interval over documents."""

    value: float
    low: float
    high: float
    precision: float
    recall: float
    hits: int
    missed: int
    spurious: int
    documents: int


class Evaluation(Frozen):
    """All figures: overall by level, by name within each level, and the modality confusion matrix."""

    documents: int
    overall: dict[str, Figure]
    by_name: dict[str, dict[str, Figure]]
    confusion: dict[str, dict[str, int]]


def evaluate(cases: Sequence[Case], *, resamples: int = RESAMPLES, seed: int = 0) -> Evaluation:
    """Score every level on every document, add up, and put a document-bootstrap interval on each figure."""
    tallies = [levels(case) for case in cases]
    draws = numpy.random.default_rng(seed).integers(0, len(cases), size=(resamples, len(cases)))
    names = list(dict.fromkeys(name for tally in tallies for name in tally))
    confusion = sum((marks.modality(case.gold, case.predicted) for case in cases), Counter[tuple[str, str]]())
    return Evaluation(
        documents=len(cases),
        overall={name: figure([overall(tally.get(name, {})) for tally in tallies], draws) for name in names},
        by_name={name: _by_name([tally.get(name, {}) for tally in tallies], draws) for name in names},
        confusion=_matrix(confusion),
    )


def levels(case: Case) -> dict[str, Tally]:
    """The counts of one document at every level."""
    gold, predicted = case.gold, case.predicted
    return {
        "entities": marks.entities(gold, predicted),
        "entities, borders": marks.entities(gold, predicted, match="exact"),
        "entities, overlap": marks.entities(gold, predicted, match="partial"),
        "entities, label": marks.entities(gold, predicted, match="type"),
        "events": marks.events(gold, predicted),
        "modality": _modality_tally(gold, predicted),
        "arguments": marks.arguments(gold, predicted),
        "arguments, through coreference": marks.arguments(gold, predicted, through_coref=True),
        "coreference, links": marks.coref_links(gold, predicted),
        "records, slots": records.records(case.gold_records, case.predicted_records),
        "silence": _silence(case),
    }


def figure(counts: Sequence[Counts], draws: numpy.ndarray[tuple[int, int], numpy.dtype[numpy.int64]]) -> Figure:
    """F1 of the documents' counts, with the interval over the drawn resamples (rows of document numbers)."""
    matrix = numpy.array(counts, dtype=float)
    hits, missed, spurious = matrix[draws].sum(axis=1).T
    total = 2 * hits + missed + spurious
    sampled = numpy.divide(2 * hits, total, out=numpy.zeros_like(total), where=total > 0)
    low, high = numpy.percentile(sampled, [2.5, 97.5])
    summed = overall({str(at): count for at, count in enumerate(counts)})
    concerned = sum(any(count) for count in counts)
    return Figure(
        value=summed.f1, low=low, high=high, precision=summed.precision, recall=summed.recall, documents=concerned,
        **summed._asdict(),
    )  # fmt: skip


def _by_name(
    tallies: Sequence[Tally], draws: numpy.ndarray[tuple[int, int], numpy.dtype[numpy.int64]]
) -> dict[str, Figure]:
    names = sorted({name for tally in tallies for name in tally})
    return {name: figure([tally.get(name, Counts()) for tally in tallies], draws) for name in names}


def _modality_tally(gold: Annotation, predicted: Annotation) -> Tally:
    """Accuracy as counts: among triggers that both have, a wrong modality is one missed and one spurious."""
    confusion = marks.modality(gold, predicted)
    return add(
        {said: Counts(hits=number)} if said == meant else {meant: Counts(missed=number), said: Counts(spurious=number)}
        for (meant, said), number in confusion.items()
    )


def _silence(case: Case) -> Tally:
    """A document without a case: a hit when it stays without one."""
    if case.gold_records:
        return {}
    return {"no case": Counts(spurious=1) if case.predicted_records else Counts(hits=1)}


def _matrix(confusion: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    names = sorted({name for pair in confusion for name in pair})
    return {meant: {said: confusion.get((meant, said), 0) for said in names} for meant in names}
