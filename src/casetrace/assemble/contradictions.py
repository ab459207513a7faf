"""Events of one subject that exclude each other: both are kept, and both are marked for a check."""

from __future__ import annotations

import re
from datetime import date

from casetrace.types import Event

_ONCE = ("ARREST", "RELEASE", "CONVICT", "ACQUIT", "SENTENCE", "DEPORT", "DISMISS", "ABDUCT", "INDICT", "KILL")
"""Types that seldom happen to one person twice within a week."""
CLOSE_DAYS = 7


def mark_contradictions(events: list[Event]) -> list[Event]:
    """Mark two tellings of one event that differ in the day or in the penalty, and a death told twice."""
    doubted = {
        at
        for one, left in enumerate(events)
        for other, right in enumerate(events)
        if one != other and _contradict(left, right)
        for at in (one, other)
    }
    return [event.model_copy(update={"check": True}) if at in doubted else event for at, event in enumerate(events)]


def _contradict(left: Event, right: Event) -> bool:
    if left.type != right.type or left.modality != "ASSERTED" or right.modality != "ASSERTED" or left.type not in _ONCE:
        return False
    days = _days_between(left, right)
    if days is not None and days > 0:
        return days <= CLOSE_DAYS or left.type == "KILL"
    penalties = {event.term.value for event in (left, right) if event.term}
    charges = [{charge.offence for charge in event.charges} for event in (left, right)]
    return days == 0 and len(penalties) == 2 and left.type == "SENTENCE" and charges[0] == charges[1]


def _days_between(left: Event, right: Event) -> int | None:
    """Days between two events that are dated to the day."""
    values = [
        event.date.value
        for event in (left, right)
        if event.date and re.fullmatch(r"\d{4}-\d{2}-\d{2}", event.date.value)
    ]
    if len(values) < 2:
        return None
    return abs((date.fromisoformat(values[0]) - date.fromisoformat(values[1])).days)
