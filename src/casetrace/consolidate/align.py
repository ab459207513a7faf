"""One event told by several sources: which events of the records of a dossier are the same one."""

from __future__ import annotations

import re
from datetime import date, timedelta

from casetrace.normalize.dateparts import Surroundings
from casetrace.normalize.dates import read_date
from casetrace.types import CaseRecord, DateValue, DossierEvent, Event, SourcedEvent

CLOSE_DAYS = 31
"""Sources that date an event of one type within so many days mean one event and disagree on its day."""


def align_events(records: list[CaseRecord]) -> list[DossierEvent]:
    """Every event of the records once, with each source's telling, in time order."""
    groups: list[list[SourcedEvent]] = []
    for record in records:
        told = [SourcedEvent(case_id=record.case_id, doc_id=record.doc_id, event=event) for event in record.events]
        _place(told, groups)
    found = [
        DossierEvent(type=group[0].event.type, modality=group[0].event.modality, tellings=tuple(group))
        for group in groups
    ]
    return sorted(found, key=lambda one: min((_start(t.event.date) or "9999" for t in one.tellings), default="9999"))


def _place(told: list[SourcedEvent], groups: list[list[SourcedEvent]]) -> None:
    """Give each telling of one record to the group it fits best; one record tells one event once."""
    open_groups = list(range(len(groups)))
    fits = sorted(
        (
            (score, -at, -number)
            for at, one in enumerate(told)
            for number in open_groups
            if (score := _fit(one.event, groups[number])) > 0
        ),
        reverse=True,
    )
    placed: set[int] = set()
    taken: set[int] = set()
    for _, at, number in fits:
        if -at not in placed and -number not in taken:
            groups[-number].append(told[-at])
            placed.add(-at)
            taken.add(-number)
    groups.extend([one] for at, one in enumerate(told) if at not in placed)


def _fit(event: Event, group: list[SourcedEvent]) -> float:
    others = [telling.event for telling in group]
    if others[0].type != event.type or others[0].modality != event.modality:
        return 0.0
    return max(_agreement(event, other) for other in others)


def _agreement(left: Event, right: Event) -> float:
    """How well two tellings fit: by day, then by shared values; nothing if their days lie far apart."""
    days = days_between(left.date, right.date)
    if days is not None and days > CLOSE_DAYS:
        return 0.0
    by_day = 0.5 if days is None else 3 - days / CLOSE_DAYS
    shared = sum(
        bool({value.value.casefold() for value in ours} & {value.value.casefold() for value in theirs})
        for ours, theirs in ((left.charges, right.charges), (left.agents, right.agents), (left.places, right.places))
    )
    return by_day + shared + (left.detail == right.detail) * 0.25


def days_between(left: DateValue | None, right: DateValue | None) -> int | None:
    """Days from one date to the other, 0 where they overlap; nothing where one is not told.

    A day whose year one source leaves out ("April 4") is read beside the other source's date.
    """
    if left is None or right is None:
        return None
    ours, theirs = _beside(left, right), _beside(right, left)
    if ours is None or theirs is None:
        return None
    low, high = sorted((_span(ours), _span(theirs)))
    return max(0, (high[0] - low[1]).days)


def _beside(one: DateValue, other: DateValue) -> str | None:
    if one.date_type is not None:
        return one.value
    if other.date_type is None or not re.search(r"\d", one.text):
        return None
    when = read_date(one.text, Surroundings(anchor=other.value))
    return when.value if when and len(when.value) == 10 else None


def _span(value: str) -> tuple[date, date]:
    ends = value.strip("{}[]").replace(",", "/").split("/")
    return _first(ends[0]), _last(ends[-1])


def _first(value: str) -> date:
    year, month, day = ([int(part) for part in value.split("-")] + [1, 1])[:3]
    return date(year, month, day)


def _last(value: str) -> date:
    numbers = [int(part) for part in value.split("-")]
    if len(numbers) == 3:
        return date(*numbers)
    if len(numbers) == 1:
        return date(numbers[0], 12, 31)
    year, month = numbers
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _start(value: DateValue | None) -> str | None:
    return value.value.strip("{[") if value and value.date_type else None
