"""Counting agreement of case records: records and their events are aligned one to one, then every field is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy
from scipy.optimize import linear_sum_assignment

from casetrace.score.counts import Counts, Tally, add, tally
from casetrace.score.slots import (
    VALUE_FIELDS,
    Slot,
    Stated,
    event_slots,
    event_values,
    fold,
    head,
    less_precise,
    subject_values,
)
from casetrace.types import CaseRecord, Event, Subject

Item = TypeVar("Item")
Pair = tuple[Item | None, Item | None]
"""Gold and predicted; None where the other has no partner."""


class Judged(NamedTuple):
    """One predicted value, and whether gold has it in the same place of the same record."""

    stated: Stated
    right: bool


def records(gold: Sequence[CaseRecord], predicted: Sequence[CaseRecord]) -> Tally:
    """Records of one document by subject: `record` counts those that found their partner."""
    pairs = align(gold, predicted, agreement=_record_agreement)
    return {"record": Counts(len(pairs), len(gold) - len(pairs), len(predicted) - len(pairs))}


def slots(gold: Sequence[CaseRecord], predicted: Sequence[CaseRecord]) -> Tally:
    """Slots of all records of one document, by field, after the one-to-one alignment with the most agreement."""
    found = []
    for left, right in pair_records(gold, predicted):
        found.append(tally(head(left), head(right), name=_field))
        for one, other in pair_events(left, right):
            found.append(tally(event_slots(one) if one else [], event_slots(other) if other else [], name=_field))
    return add(found)


def dates(gold: Sequence[CaseRecord], predicted: Sequence[CaseRecord]) -> Tally:
    """Dates of events alone; a right date that states less than gold ("2020-04" for "2020-04-02") is right too."""
    found = []
    for left, right in pair_records(gold, predicted):
        for one, other in pair_events(left, right):
            meant, said = _date(one), _date(other)
            as_meant = meant if meant and said and less_precise(said, meant) else said
            found.append(tally([meant] if meant else [], [as_meant] if as_meant else [], name=lambda _: "date"))
    return add(found)


def values(gold: Sequence[CaseRecord], predicted: Sequence[CaseRecord]) -> Tally:
    """Distinct normalised values of one document by field, whichever record or event they stand in."""
    return tally(_distinct_values(gold), _distinct_values(predicted), name=_field)


def judge(gold: Sequence[CaseRecord], predicted: Sequence[CaseRecord]) -> Iterator[Judged]:
    """Yield every predicted value with whether it is right; an unaligned record or event has nothing right."""
    for left, right in pair_records(gold, predicted):
        if right is None:
            continue
        yield from _judge(list(subject_values(left)) if left else [], subject_values(right))
        for one, other in pair_events(left, right):
            yield from _judge(list(event_values(one)) if one else [], event_values(other) if other else [])


def pair_records(gold: Sequence[CaseRecord], predicted: Sequence[CaseRecord]) -> list[Pair[CaseRecord]]:
    """All records, each with its partner."""
    return _pairs(gold, predicted, align(gold, predicted, agreement=_record_agreement))


def pair_events(gold: CaseRecord | None, predicted: CaseRecord | None) -> list[Pair[Event]]:
    """All events of two aligned records, each with its partner."""
    left, right = (record.events if record else () for record in (gold, predicted))
    return _pairs(left, right, align(left, right, agreement=_event_agreement))


def align(
    gold: Sequence[Item], predicted: Sequence[Item], *, agreement: Callable[[Item, Item], float]
) -> list[tuple[int, int]]:
    """Pairs of positions that together agree most (Hungarian method); pairs that do not agree at all are left out."""
    if not gold or not predicted:
        return []
    matrix = numpy.array([[agreement(left, right) for right in predicted] for left in gold])
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if matrix[row, column] > 0]


def _pairs(gold: Sequence[Item], predicted: Sequence[Item], aligned: list[tuple[int, int]]) -> list[Pair[Item]]:
    lefts, rights = {left for left, _ in aligned}, {right for _, right in aligned}
    return [
        *((gold[left], predicted[right]) for left, right in aligned),
        *((item, None) for at, item in enumerate(gold) if at not in lefts),
        *((None, item) for at, item in enumerate(predicted) if at not in rights),
    ]


def _judge(gold: list[Stated], predicted: Iterable[Stated]) -> Iterator[Judged]:
    left = Counter((stated.field, slot) for stated in gold for slot in stated.slots)
    for stated in predicted:
        wanted = Counter((stated.field, slot) for slot in stated.slots)
        yield Judged(stated, right=wanted <= left)
        left -= wanted


def _distinct_values(found: Sequence[CaseRecord]) -> set[Slot]:
    events = [event for record in found for event in record.events]
    slots = {slot for event in events for slot in event_slots(event)}
    return {slot for slot in slots if slot[0] in VALUE_FIELDS}


def _date(event: Event | None) -> str | None:
    return next((stated.slots[0] for stated in event_values(event) if stated.field == "date"), None) if event else None


def _field(slot: Slot) -> str:
    return slot[0]


def _shared(left: Iterable[Slot], right: Iterable[Slot]) -> int:
    return (Counter(left) & Counter(right)).total()


def _event_agreement(left: Event, right: Event) -> float:
    return float(left.type == right.type) * (1 + _shared(event_slots(left), event_slots(right)))


def _record_agreement(left: CaseRecord, right: CaseRecord) -> float:
    """Records are about the same subject if names share a word, or unnamed groups share kind and count or a word."""
    if not _same_subject(left.subject, right.subject):
        return 0.0
    pairs = align(left.events, right.events, agreement=_event_agreement)
    shared = sum(_shared(event_slots(left.events[one]), event_slots(right.events[other])) for one, other in pairs)
    return 10 * float(fold(left.subject.name) == fold(right.subject.name)) + _shared(head(left), head(right)) + shared


def _same_subject(left: Subject, right: Subject) -> bool:
    ours, theirs = _name_words(left), _name_words(right)
    return left.kind == right.kind and (bool(ours & theirs) or (left.count is not None and left.count == right.count))


def _name_words(subject: Subject) -> set[str]:
    words = {word for name in (subject.name, *subject.aliases) for word in fold(name).split()}
    return {word for word in words if len(word) > 2 or word.isdigit()} or words
