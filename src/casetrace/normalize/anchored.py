"""Dates told relative to the date that the text spoke of last: "two days later", "the following Tuesday"."""

from __future__ import annotations

import re
from datetime import timedelta

from casetrace.normalize.dateparts import WEEKDAYS, Surroundings, as_day, iso
from casetrace.normalize.numbers import ORDINALS
from casetrace.normalize.shifts import shift, shift_days, unit_from


def weekday_from(match: re.Match[str], around: Surroundings) -> str | None:
    """The weekday in the week before or after: "that Tuesday", "the following Friday"."""
    day = as_day(around.anchor)
    if day is None:
        return None
    ahead = (WEEKDAYS[match[2]] - day.weekday()) % 7
    if re.search("same|that", match[1]):
        return (day + timedelta(days=ahead if ahead <= 3 else ahead - 7)).isoformat()
    if re.search("next|following|subsequent", match[1]):
        return (day + timedelta(days=ahead or 7)).isoformat()
    return (day - timedelta(days=(7 - ahead) % 7 or 7)).isoformat()


def later(match: re.Match[str], around: Surroundings) -> str | None:
    """Some units after: "two days later"."""
    return shift(around.anchor, match[1], match[2], sign=1)


def earlier(match: re.Match[str], around: Surroundings) -> str | None:
    """Some units before: "a week earlier"."""
    return shift(around.anchor, match[1], match[2], sign=-1)


def unit_of(match: re.Match[str], around: Surroundings) -> str | None:
    """The same, next or last day, week, month or year: "that month", "the following year"."""
    if re.search("same|that", match[1]) and match[2] == "day" and "/" in (around.anchor or ""):
        return around.anchor  # one day of those, and nobody says which
    steps = 0 if re.search("same|that", match[1]) else 1 if re.search("next|following|subsequent", match[1]) else -1
    return unit_from(around.anchor, match[2], steps)


def unit_beside(match: re.Match[str], around: Surroundings) -> str | None:
    """The unit before or after: "the week before"."""
    return unit_from(around.anchor, match[1], -1 if match[2] == "before" else 1)


def weekday_beside(match: re.Match[str], around: Surroundings) -> str | None:
    """The weekday before or after: "the Friday before"."""
    day = as_day(around.anchor)
    if day is None:
        return None
    back = (day.weekday() - WEEKDAYS[match[1]]) % 7 or 7
    return (day - timedelta(days=back) if match[2] == "before" else day + timedelta(days=7 - back % 7)).isoformat()


def same_day(around: Surroundings) -> str | None:
    """A few hours before or after: the day of the anchor, most likely."""
    day = as_day(around.anchor)
    return f"{day}~" if day else None


def day_beside(match: re.Match[str], around: Surroundings) -> str | None:
    """The day before or after: "the next day", "the eve"."""
    return shift_days(around.anchor, -1 if "before" in match[0] or "eve" in match[0] else 1)


def anniversary(match: re.Match[str], around: Surroundings) -> str | None:
    """A year or more to the day: "the first anniversary"; without a number, the last one before publication."""
    day, published = as_day(around.anchor), as_day(around.published)
    if day is None:
        return None
    if match[1]:
        ordinal = ORDINALS.get(match[1]) or (int(re.sub(r"\D", "", match[1])) if re.search(r"\d", match[1]) else None)
        return iso(day.year + ordinal, day.month, day.day) if ordinal else None
    if published is None:
        return None
    years = published.year - day.year - ((published.month, published.day) < (day.month, day.day))
    return iso(day.year + years, day.month, day.day) if years > 0 else None
