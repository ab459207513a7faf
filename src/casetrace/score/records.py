"""Counting agreement of case records: records and their events are aligned one to one, then every field is compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy
from scipy.optimize import linear_sum_assignment

from casetrace.score.counts import Counts, Tally, add, tally
from casetrace.types import Amount, CaseRecord, Event, Subject, Value

Slot = tuple[str, str]
"""A field and its folded value."""

Item = TypeVar("Item")


def records(gold: Sequence[CaseRecord], predicted: Sequence[CaseRecord]) -> Tally:
    """Slots of all records of one document, by field, after the one-to-one alignment with the most agreement."""
    pairs = align(gold, predicted, agreement=_record_agreement)
    return add([
        {"record": Counts(len(pairs), len(gold) - len(pairs), len(predicted) - len(pairs))},
        *(_compare(gold[left], predicted[right]) for left, right in pairs),
        *(_compare(record, None) for at, record in enumerate(gold) if at not in {left for left, _ in pairs}),
        *(_compare(None, record) for at, record in enumerate(predicted) if at not in {right for _, right in pairs}),
    ])  # fmt: skip


def align(
    gold: Sequence[Item], predicted: Sequence[Item], *, agreement: Callable[[Item, Item], float]
) -> list[tuple[int, int]]:
    """Pairs of positions that together agree most (Hungarian method); pairs that do not agree at all are left out."""
    if not gold or not predicted:
        return []
    matrix = numpy.array([[agreement(left, right) for right in predicted] for left in gold])
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if matrix[row, column] > 0]


def less_precise(gold: Sequence[CaseRecord], predicted: Sequence[CaseRecord]) -> int:
    """Dates that are right as far as they go but state less than gold ("2020-04" for "2020-04-02")."""
    found = 0
    for left, right in align(gold, predicted, agreement=_record_agreement):
        ours, theirs = gold[left].events, predicted[right].events
        for one, other in align(ours, theirs, agreement=_event_agreement):
            date, said = ours[one].date, theirs[other].date
            found += bool(date and said and date.value != said.value and date.value.startswith(said.value))
    return found


def _compare(gold: CaseRecord | None, predicted: CaseRecord | None) -> Tally:
    left, right = list(_head(gold)), list(_head(predicted))
    ours, theirs = (gold.events if gold else ()), (predicted.events if predicted else ())
    pairs = align(ours, theirs, agreement=_event_agreement)
    ours_at = {one: number for number, (one, _) in enumerate(pairs)}
    theirs_at = {other: number for number, (_, other) in enumerate(pairs)}
    tallies = [tally(left, right, name=_field)]
    for one, other in pairs:
        tallies.append(tally(_event_slots(ours[one]), _event_slots(theirs[other]), name=_field))
    tallies += [tally(_event_slots(event), [], name=_field) for at, event in enumerate(ours) if at not in ours_at]
    tallies += [tally([], _event_slots(event), name=_field) for at, event in enumerate(theirs) if at not in theirs_at]
    return add(tallies)


def _head(record: CaseRecord | None) -> Iterable[Slot]:
    if record is None:
        return
    subject = record.subject
    yield "name", fold(subject.name)
    yield "kind", subject.kind
    if subject.count is not None:
        yield "count", str(subject.count)
    yield from (("role", fold(value.value)) for value in subject.roles)
    yield from (("organisation", fold(value.value)) for value in subject.organisations)
    if record.status:
        yield "status", fold(record.status)[:3]  # "detain" and "detained before trial" are one status


def _event_slots(event: Event) -> list[Slot]:
    slots = [("event", event.type), ("modality", event.modality)]
    slots += [("date", event.date.value)] if event.date and _is_date(event.date.value) else []
    slots += [("agent", fold(value.value)) for value in event.agents]
    slots += [("charge", fold(value.value)) for value in event.charges]
    slots += [("law", part) for value in event.laws for part in fold_law(value)]
    slots += [("place", fold(value.value)) for value in event.places]
    slots += [("term", event.term.value)] if event.term else []
    slots += [("amount", fold_amount(event.amount))] if event.amount else []
    return slots


def _is_date(value: str) -> bool:
    """False for words that did not resolve, which a record keeps without claiming a date."""
    return bool(re.match(r"[\[{]?\d{4}(?:$|[-/,])", value))


def fold(words: str) -> str:
    """A value without what does not change it: case, a leading article, quotation marks, doubled space.

    >>> fold("The  “Kisumu” High Court")
    'kisumu high court'
    """
    plain = re.sub(r"[\"“”‘’'`.,]", "", words.lower())
    return re.sub(r"\s+", " ", re.sub(r"^\s*(?:the|a|an)\s+", "", plain)).strip()


def fold_law(value: Value) -> set[str]:
    """The article numbers of a provision, or the folded name of a statute cited without one.

    >>> sorted(fold_law(Value(value="Criminal Code art. 494, 495", text="", start=0, end=0)))
    ['494', '495']
    """
    return set(re.findall(r"\d+[a-z]?(?:\(\w+\))*", value.value.lower())) or {fold(value.value)}


def fold_amount(amount: Amount) -> str:
    """Number and currency, or the words where the number is not sure."""
    return fold(amount.text) if amount.value is None else f"{amount.value.normalize():f} {amount.currency}"


def _field(slot: Slot) -> str:
    return slot[0]


def _shared(left: Iterable[Slot], right: Iterable[Slot]) -> int:
    return (Counter(left) & Counter(right)).total()


def _event_agreement(left: Event, right: Event) -> float:
    return float(left.type == right.type) * (1 + _shared(_event_slots(left), _event_slots(right)))


def _record_agreement(left: CaseRecord, right: CaseRecord) -> float:
    """Records are about the same subject if names share a word, or unnamed groups share kind and count or a word."""
    if not _same_subject(left.subject, right.subject):
        return 0.0
    pairs = align(left.events, right.events, agreement=_event_agreement)
    shared = sum(_shared(_event_slots(left.events[one]), _event_slots(right.events[other])) for one, other in pairs)
    return 10 * float(fold(left.subject.name) == fold(right.subject.name)) + _shared(_head(left), _head(right)) + shared


def _same_subject(left: Subject, right: Subject) -> bool:
    ours, theirs = _name_words(left), _name_words(right)
    return left.kind == right.kind and (bool(ours & theirs) or (left.count is not None and left.count == right.count))


def _name_words(subject: Subject) -> set[str]:
    words = {word for name in (subject.name, *subject.aliases) for word in fold(name).split()}
    return {word for word in words if len(word) > 2 or word.isdigit()} or words
