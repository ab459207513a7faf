"""Two systems on the same documents: is a difference more than chance, and which values were gained, lost, changed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy
import numpy.typing

from casetrace.evaluate.cases import Case
from casetrace.evaluate.evaluation import LEAD
from casetrace.evaluate.figures import Floats, f1, share_right
from casetrace.evaluate.levels import HEADLINE, SHARES, Level, levels
from casetrace.score.coref import CONLL
from casetrace.score.counts import add_shares
from casetrace.score.records import pair_events, pair_records
from casetrace.score.slots import Slot, event_slots, head
from casetrace.types import CasetraceError, Frozen

PERMUTATIONS = 10_000
SIGNIFICANT = 0.05
Swaps = numpy.typing.NDArray[numpy.bool_]
"""Rows of documents to exchange between the two systems."""
ChangeKind = Literal["gained", "lost", "newly wrong", "no longer wrong", "changed"]


class Difference(Frozen):
    """One level: figures of both, and the chance of a difference as large if the two were alike.

    `better` and `worse` count the documents whose own figure is higher and lower on the right.
    """

    level: str
    left: float
    right: float
    p: float
    documents: int
    better: int
    worse: int


class Change(Frozen):
    """One value that the two systems do not agree on: found or lost, wrong on one side, or wrong in two ways."""

    kind: ChangeKind
    doc_id: str
    subject: str
    event: str
    field: str
    left: str | None
    right: str | None


class Comparison(Frozen):
    """Everything about two systems."""

    left: str
    right: str
    documents: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]


class Stated(NamedTuple):
    """A value in its place: whose record, which event, which field."""

    subject: str
    event: str
    field: str
    value: str


def compare(left: Sequence[Case], right: Sequence[Case], *, seed: int = 0) -> Comparison:
    """Compare the predictions of two systems over the same gold; raises `CasetraceError` if the documents differ."""
    if [case.document.id for case in left] != [case.document.id for case in right] or not left:
        raise CasetraceError("the two systems have not been run over the same documents")
    return Comparison(
        left=left[0].predicted.made_by or "unknown",
        right=right[0].predicted.made_by or "unknown",
        documents=len(left),
        differences=tuple(differences(left, right, seed=seed)),
        changes=tuple(change for pair in zip(left, right, strict=True) for change in changes(*pair)),
    )


def differences(left: Sequence[Case], right: Sequence[Case], *, seed: int = 0) -> Iterator[Difference]:
    """Yield every headline level with a two-sided paired permutation test over documents."""
    ours, theirs = ([levels(case) for case in cases] for cases in (left, right))
    swaps = numpy.random.default_rng(seed).random((PERMUTATIONS, len(left))) < 0.5
    for name in HEADLINE:
        one, other, share = _sums(ours, name), _sums(theirs, name), name in SHARES
        gain = _value(other, share) - _value(one, share)
        yield Difference(
            level=name,
            left=float(_value(one.sum(axis=1), share)),
            right=float(_value(other.sum(axis=1), share)),
            p=permutation_test(one, other, swaps, share=share),
            documents=int(((one + other)[..., [1, 3]].sum(axis=(0, 2)) > 0).sum()),
            better=int((gain > 1e-9).sum()),
            worse=int((gain < -1e-9).sum()),
        )


def permutation_test(left: Floats, right: Floats, swaps: Swaps, *, share: bool = False) -> float:
    """Share of the swaps (rows of documents to exchange) whose difference is as large as the one observed.

    `left` and `right` have shape (measures, documents, 4); the observed order counts as one of the swaps.
    """
    observed = abs(_value(right.sum(axis=1), share) - _value(left.sum(axis=1), share))
    moved = swaps.astype(float) @ (right - left)
    after = abs(_value(right.sum(axis=1)[:, None] - moved, share) - _value(left.sum(axis=1)[:, None] + moved, share))
    return float((1 + (after >= observed - 1e-9).sum()) / (1 + len(swaps)))


def changes(left: Case, right: Case) -> Iterator[Change]:
    """Yield the values of the records of one document on which the two systems differ."""
    (hits, wrong), (their_hits, their_wrong) = _stated(left), _stated(right)
    doc_id = left.document.id
    for stated in sorted((their_hits - hits).elements()):
        yield _change("gained", doc_id, stated, None, stated.value)
    for stated in sorted((hits - their_hits).elements()):
        yield _change("lost", doc_id, stated, stated.value, None)
    gone, new = sorted((wrong - their_wrong).elements()), sorted((their_wrong - wrong).elements())
    for stated in gone:
        other = next((item for item in new if item[:3] == stated[:3]), None)
        if other:
            new.remove(other)
        yield _change("changed" if other else "no longer wrong", doc_id, stated, stated.value, other and other.value)
    for stated in new:
        yield _change("newly wrong", doc_id, stated, None, stated.value)


def _change(kind: ChangeKind, doc_id: str, stated: Stated, left: str | None, right: str | None) -> Change:
    return Change(
        kind=kind, doc_id=doc_id, subject=stated.subject, event=stated.event, field=stated.field, left=left, right=right
    )


def _stated(case: Case) -> tuple[Counter[Stated], Counter[Stated]]:
    """Values that are right and values that are wrong, each in its place."""
    right: Counter[Stated] = Counter()
    wrong: Counter[Stated] = Counter()
    for gold, found in pair_records(case.gold_records, case.predicted_records):
        subject = next(record.subject.name for record in (gold, found) if record)
        _count(right, wrong, (subject, ""), list(head(gold)), list(head(found)))
        for one, other in pair_events(gold, found):
            event = next(event.type for event in (one, other) if event)
            meant, said = (event_slots(side) if side else [] for side in (one, other))
            _count(right, wrong, (subject, event), meant, said)
    return right, wrong


def _count(
    right: Counter[Stated], wrong: Counter[Stated], where: tuple[str, str], gold: list[Slot], found: list[Slot]
) -> None:
    both, left = Counter(gold) & Counter(found), Counter(found) - Counter(gold)
    right.update(Stated(*where, *slot) for slot in both.elements())
    wrong.update(Stated(*where, *slot) for slot in left.elements())


def _sums(counted: Sequence[Mapping[str, Level]], name: str) -> Floats:
    """Shape (measures, documents, 4): one measure, or the three of the CoNLL mean."""
    parts = [f"coreference, {part}" for part in CONLL] if name == LEAD else [name]
    return numpy.array([[add_shares(level[part].values()) for level in counted] for part in parts], dtype=float)


def _value(sums: Floats, share: bool) -> Floats:
    """F1 or share of each row, the mean over the measures (first axis)."""
    mean: Floats = numpy.mean(share_right(sums) if share else f1(sums), axis=0)
    return mean
