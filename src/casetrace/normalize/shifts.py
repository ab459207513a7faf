"""Dates some days, weeks, months or years away from another, with the precision that the words allow."""

from __future__ import annotations

from datetime import date, timedelta

from casetrace.normalize.dateparts import as_day, iso, parts
from casetrace.normalize.numbers import read_number


def shift(start: str | None, count: str, unit: str, *, sign: int) -> str | None:
    """A date some units away; its precision is that of the coarser of the two, and weeks and more are only about."""
    number = 1 if count in ("a", "an") else read_number(count.removesuffix(" and a half"))
    if number is None or number != int(number) or "half" in count:
        return _half_year(start, count, unit, sign=sign)
    steps = sign * int(number)
    if unit in ("day", "night", "week", "fortnight"):
        days = {"day": 1, "night": 1, "week": 7, "fortnight": 14}[unit]
        found = shift_days(start, steps * days)
        return found + "~" if found and unit in ("week", "fortnight") and sign < 0 else found
    return unit_from(start, "year", 10 * steps) if unit == "decade" else unit_from(start, unit, steps)


def _half_year(start: str | None, count: str, unit: str, *, sign: int) -> str | None:
    if count == "half a" and unit == "year":
        return unit_from(start, "month", 6 * sign)
    return None


def shift_days(start: str | None, days: int) -> str | None:
    day = as_day(start)
    return (day + timedelta(days=days)).isoformat() if day else None


def unit_from(start: str | None, unit: str, steps: int) -> str | None:
    """The year, month, week or day `steps` away from the one of `start`."""
    found = parts(start)
    if found is None:
        return None
    year, month, _ = found
    if unit == "year":
        return iso(year + steps)
    if unit == "month":
        return iso(year + (month - 1 + steps) // 12, (month - 1 + steps) % 12 + 1) if month else None
    if unit == "week":
        return _week(as_day(start), steps)
    return shift_days(start, steps)


def _week(day: date | None, steps: int) -> str | None:
    if day is None:
        return None
    monday = day - timedelta(days=day.weekday()) + timedelta(days=7 * steps)
    return f"{monday}/{monday + timedelta(days=6)}"
