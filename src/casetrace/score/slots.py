"""What a case record states, as (field, folded value) pairs that two records can be compared by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from casetrace.schema import EVENTS
from casetrace.types import Amount, CaseRecord, Event, Value

Slot = tuple[str, str]
"""A field and its folded value."""
STEMS = {label[:3].lower(): label.lower() for label in EVENTS}
"""The event type that a status begins with the stem of."""
VALUE_FIELDS = ("date", "charge", "law", "place", "term", "amount")
"""Fields of events whose values are normalised."""


class Stated(NamedTuple):
    """One value of a record with its slots, its score and the words it rests on."""

    field: str
    slots: tuple[str, ...]
    value: Value | Amount


def head(record: CaseRecord | None) -> Iterable[Slot]:
    """Subject and status of a record, of which the event that left it counts ("detained before trial": detain)."""
    if record is None:
        return
    subject = record.subject
    yield "name", fold(subject.name)
    yield "kind", subject.kind
    if subject.count is not None:
        yield "count", str(subject.count)
    yield from ((stated.field, slot) for stated in subject_values(record) for slot in stated.slots)
    if record.status:
        yield "status", STEMS.get(record.status[:3].lower(), fold(record.status))


def event_slots(event: Event) -> list[Slot]:
    """Type, modality and every value of an event."""
    values = [(stated.field, slot) for stated in event_values(event) for slot in stated.slots]
    return [("event", event.type), ("modality", event.modality), *values]


def event_values(event: Event) -> Iterator[Stated]:
    """Every value of an event; a date whose words did not resolve states nothing."""
    if event.date and is_date(event.date.value):
        yield Stated("date", (event.date.value,), event.date)
    yield from (Stated("agent", (fold(value.value),), value) for value in event.agents)
    yield from (Stated("charge", (fold(value.value),), value) for value in event.charges)
    yield from (Stated("law", tuple(sorted(fold_law(value))), value) for value in event.laws)
    yield from (Stated("place", (fold(value.value),), value) for value in event.places)
    if event.term:
        yield Stated("term", (event.term.value,), event.term)
    if event.amount:
        yield Stated("amount", (fold_amount(event.amount),), event.amount)


def subject_values(record: CaseRecord) -> Iterator[Stated]:
    """Roles and organisations of a record's subject."""
    yield from (Stated("role", (fold(value.value),), value) for value in record.subject.roles)
    yield from (Stated("organisation", (fold(value.value),), value) for value in record.subject.organisations)


def is_date(value: str) -> bool:
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


def less_precise(said: str, meant: str) -> bool:
    """A date that is right as far as it goes and states less.

    >>> less_precise("2020-04", "2020-04-02"), less_precise("2020-05", "2020-04-02"), less_precise("2020-04", "2020-04")
    (True, False, False)
    """
    return meant.startswith((f"{said}-", f"{said}/"))
