"""Whether scores mean what they say, and how much work they save: reliability, calibration error, automation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from casetrace.evaluate.cases import Case
from casetrace.schema import EVENTS
from casetrace.score import marks, records
from casetrace.types import Annotation, Frozen

BINS = 10
TARGETS = (0.99, 0.95, 0.9, 0.8)
"""Precisions for which the share that needs no look is told."""
MOST_POINTS = 100
"""Points kept of the curve of precision against share."""


class Scored(NamedTuple):
    """A predicted thing with its score, and whether gold has it."""

    score: float
    right: bool


class Bin(Frozen):
    """Things with about the same score: how many, their mean score, and the share that was right."""

    low: float
    high: float
    count: int
    score: float
    right: float


class Point(Frozen):
    """Taking everything from `score` up: the share of all that this is, and its precision."""

    score: float
    share: float
    precision: float


class Confidence(Frozen):
    """One kind of scored thing: reliability by bins, expected calibration error, what can go without a look."""

    kind: str
    count: int
    error: float
    bins: tuple[Bin, ...]
    curve: tuple[Point, ...]
    automated: dict[str, Point | None]


def confidence(cases: Iterable[Case]) -> Iterator[Confidence]:
    """Yield one entry for each kind of thing that has scores: entities, events, arguments, fields of records."""
    cases = list(cases)
    for kind, found in (
        ("entities", [item for case in cases for item in _spans(case, events=False)]),
        ("events", [item for case in cases for item in _spans(case, events=True)]),
        ("arguments", [item for case in cases for item in _relations(case.gold, case.predicted)]),
        ("fields of records", [item for case in cases for item in _fields(case)]),
    ):
        if found:
            yield measure(kind, found)


def measure(kind: str, found: Sequence[Scored]) -> Confidence:
    """Everything about one kind of scored thing."""
    curve = list(automation(found))
    return Confidence(
        kind=kind,
        count=len(found),
        error=calibration_error(found),
        bins=tuple(reliability(found)),
        curve=tuple(_thinned(curve)),
        automated={f"{target:.2f}": _largest(curve, target) for target in TARGETS},
    )


def reliability(found: Iterable[Scored], *, bins: int = BINS) -> Iterator[Bin]:
    """Yield the bins of equal width that hold anything.

    >>> found = [Scored(0.75, True), Scored(0.75, False), Scored(1.0, True)]
    >>> [(one.count, one.score, one.right) for one in reliability(found)]
    [(2, 0.75, 0.5), (1, 1.0, 1.0)]
    """
    ordered = sorted(found, key=lambda item: item.score)
    for number, group in groupby(ordered, key=lambda item: min(int(item.score * bins), bins - 1)):
        items = list(group)
        yield Bin(
            low=number / bins,
            high=(number + 1) / bins,
            count=len(items),
            score=sum(item.score for item in items) / len(items),
            right=sum(item.right for item in items) / len(items),
        )


def calibration_error(found: Sequence[Scored], *, bins: int = BINS) -> float:
    """Expected calibration error: the mean distance of score and share right over the bins, weighted by their size.

    >>> calibration_error([Scored(0.75, True), Scored(0.75, False)])
    0.25
    """
    gaps = (one.count * abs(one.score - one.right) for one in reliability(found, bins=bins))
    return sum(gaps) / len(found) if found else 0.0


def automation(found: Sequence[Scored]) -> Iterator[Point]:
    """Yield, for every score from the highest down, the share at or above it and that share's precision."""
    ordered = sorted(found, key=lambda item: -item.score)
    taken = right = 0
    for score, group in groupby(ordered, key=lambda item: item.score):
        items = list(group)
        taken += len(items)
        right += sum(item.right for item in items)
        yield Point(score=score, share=taken / len(found), precision=right / taken)


def _largest(curve: Iterable[Point], target: float) -> Point | None:
    return max((point for point in curve if point.precision >= target), key=lambda point: point.share, default=None)


def _thinned(curve: list[Point]) -> list[Point]:
    step = max(1, len(curve) // MOST_POINTS)
    return curve if step == 1 else [*curve[::step], curve[-1]]


def _spans(case: Case, *, events: bool) -> Iterator[Scored]:
    places = {(span.start, span.end, span.label) for span in case.gold.spans}
    for span in case.predicted.spans:
        if (span.label in EVENTS) == events and span.score is not None:
            yield Scored(span.score, (span.start, span.end, span.label) in places)


def _relations(gold: Annotation, predicted: Annotation) -> Iterator[Scored]:
    right = marks.links(gold)
    ids = {span.id: (span.start, span.end, span.label) for span in predicted.spans}
    for relation in predicted.relations:
        if relation.label != "coref" and relation.score is not None:
            yield Scored(relation.score, (ids[relation.head], relation.label, ids[relation.child]) in right)


def _fields(case: Case) -> Iterator[Scored]:
    for judged in records.judge(case.gold_records, case.predicted_records):
        if judged.stated.value.score is not None:
            yield Scored(judged.stated.value.score, judged.right)
