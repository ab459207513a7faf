"""The year that a text leaves out, from the date last spoken of or the document's date; never from today's clock."""

from __future__ import annotations

import re
from datetime import date

from casetrace.normalize.dateparts import WEEKDAYS, Surroundings, as_day, iso, parts


def full_year(text: str) -> int:
    """A year with its century: "'98" -> 1998, "23" -> 2023."""
    digits = text.strip("'’")
    return int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < 70 else 1900)


def with_year(month: int, day: int | None, around: Surroundings, *, weekday: re.Match[str] | None = None) -> str | None:
    """A day or month that the text gives without its year; nothing where no date of the text helps."""
    reference = (
        parts(around.published) if around.future and around.published else parts(around.anchor or around.published)
    )
    if reference is None:
        return None
    told = parts(around.published)
    years = sorted({*range(reference[0] - 1, reference[0] + 2), *([told[0], told[0] - 1] if told else [])})
    dates = [one for year in years if (one := iso(year, month, day))]
    if weekday:
        dates = [one for one in dates if _falls_on(one, WEEKDAYS[weekday[0]])] or dates
    if around.anchor and not around.future:
        return _nearest(dates, around)
    return _first_after(dates, around.published or "") if around.future else _last_before(dates, around.published or "")


def _falls_on(value: str, weekday: int) -> bool:
    day = as_day(value)
    return day is not None and day.weekday() == weekday


def _nearest(dates: list[str], around: Surroundings) -> str | None:
    """The date nearest to the anchor, not after publication; an anchor that is a bare year decides the year."""
    anchor = around.anchor or ""
    if re.fullmatch(r"\d{4}", anchor):
        return next((one for one in dates if one.startswith(anchor)), None)
    allowed = [one for one in dates if not around.published or one <= around.published[: len(one)]] or dates
    fresh = [one for one in allowed if _just_before(one, around.published)]
    last = _ordinal(anchor.split("/")[-1].strip("{}[]").split(",")[-1])
    return fresh[0] if fresh else min(allowed, key=lambda one: abs(_ordinal(one) - last))


def _just_before(value: str, published: str | None) -> bool:
    """A day in the fortnight before publication is news, whatever older date the text spoke of last."""
    day, told = as_day(value), as_day(published)
    return day is not None and told is not None and 0 <= (told - day).days <= 14


def _last_before(dates: list[str], published: str) -> str | None:
    before = [one for one in dates if one[: len(published)] <= published[: len(one)]]
    return before[-1] if before else None


def _first_after(dates: list[str], published: str) -> str | None:
    after = [one for one in dates if one[: len(published)] >= published[: len(one)]]
    return after[0] if after else None


def _ordinal(value: str) -> int:
    year, month, day = (parts(value) or (1, None, None))[:3]
    return date(year, month or 7, day or 15).toordinal()
