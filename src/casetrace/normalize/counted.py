"""Dates counted out from another: "two days ago", "a week ago today", "48 hours later", "two Sundays ago"."""

from __future__ import annotations

import re
from datetime import timedelta

from casetrace.normalize.dateparts import WEEKDAYS, Surroundings, as_day, iso, parts
from casetrace.normalize.numbers import read_number
from casetrace.normalize.shifts import shift, shift_days


def ago(match: re.Match[str], around: Surroundings) -> str | None:
    """ "two days ago": from the document's date."""
    return shift(around.published, match[1], match[2], sign=-1)


def ago_today(match: re.Match[str], around: Surroundings) -> str | None:
    """ "a week ago today", "three years ago this month"."""
    found = shift(around.published, match[1], match[2], sign=-1)
    if match[2] in ("day", "week") or found is None:
        return found.removesuffix("~") if found and match[3] == "today" else None
    told = parts(around.published)
    month = told[1] if told else None
    year, own_month, _ = parts(found) or (0, None, None)
    day = as_day(around.published)
    return iso(year, own_month or month, day.day if day and match[3] == "today" else None)


def years_to_the_day(match: re.Match[str], around: Surroundings) -> str | None:
    """ "one year ago today": the day, not the year alone."""
    day, count = as_day(around.published), match[1] or match[2]
    number = 1 if count in ("a", "one") else read_number(count)
    return iso(day.year - int(number), day.month, day.day) if day and number else None


def to_the_day(match: re.Match[str], around: Surroundings) -> str | None:
    """ "exactly one year later" says the day, where "a year later" says the year alone."""
    day, found = (
        as_day(around.anchor),
        shift(around.anchor, match[1], match[2], sign=-1 if match[3] == "earlier" else 1),
    )
    year, month, _ = parts(found) or (0, None, None)
    return iso(year, month or day.month, day.day) if day and found else None


def hence(match: re.Match[str], around: Surroundings) -> str | None:
    """ "two weeks from now"."""
    return shift(around.published, match[1], match[2], sign=1)


def hours(match: re.Match[str], around: Surroundings) -> str | None:
    """ "48 hours later": whole days."""
    days, rest = divmod(int(match[1]), 24)
    start = around.published if match[2] == "ago" else around.anchor
    return None if rest else shift_days(start, -days if match[2] in ("ago", "earlier", "before") else days)


def weekdays_back(match: re.Match[str], around: Surroundings) -> str | None:
    """ "two Sundays ago", "the Sunday before last"."""
    day, count = as_day(around.published), read_number(match[1]) if match[1] else 2
    weekday = WEEKDAYS[match[2] or match[3]]
    back = ((day.weekday() - weekday) % 7 or 7) if day else 0
    return (day - timedelta(days=back + 7 * (int(count) - 1))).isoformat() if day and count else None
