"""Dates as texts give them to ISO 8601 with the precision that the words have.

Days, months and years ("2020-04-02", "2020-04", "2020"), ranges "START/END", several days "{A,B}", one of
several "[A,B]":
all of them valid EDTF. Nothing is read from today's clock: what is relative needs the document's date or another date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import timedelta
from typing import NamedTuple

from casetrace.normalize import relative
from casetrace.normalize.calendars import other_calendar
from casetrace.normalize.dateparts import (
    MONTH,
    MONTHS,
    WEEKDAY,
    Surroundings,
    as_day,
    iso,
    tidy,
)
from casetrace.normalize.named import feast, period
from casetrace.normalize.years import full_year, with_year
from casetrace.types import DateType

_YEAR = r"(?:\d{4}|['’]\d{2})"
_DAY = r"(?:the\s)?(\d{1,2})(?:st|nd|rd|th)?"
_PREFIX = rf"(?:{WEEKDAY}\.?,?\s(?:the\s)?)?"
_DMY = re.compile(
    rf"{_PREFIX}{_DAY}(?:\sof|\sday\sof)?[\s./,-]*({MONTH})\.?(?:(?:\sof)?[\s.,/-]*({_YEAR}|\d{{2}}(?=$)))?"
)
_MDY = re.compile(rf"{_PREFIX}({MONTH})\.?\s?{_DAY}(?:,?\s?({_YEAR}))?")
_MY = re.compile(rf"(?:the\smonth\sof\s)?({MONTH})\.?(?:,|\sof|\sin)?(?:[\s-]*({_YEAR}))?")
_YMD = re.compile(rf"(\d{{4}})[,\s]+({MONTH})\.?\s{_DAY}")
_ROMAN = re.compile(r"(\d{1,2})[\s./-]+(x?i{1,3}|i?v|vi{0,3}|i?x|xii?)[\s./-]+(\d{4})")
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMERIC = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{2}|\d{4})")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")


class When(NamedTuple):
    """A date in ISO 8601 (EDTF), and whether the words give it only about."""

    value: str
    estimate: bool = False

    @property
    def date_type(self) -> DateType:
        """The HURIDOCS type of the date."""
        if self.estimate:
            return "estimate"
        depth = min(len(part) for part in re.split(r"[/,]", self.value.strip("{}[]")))
        return "unknown day and month" if depth < 7 else "unknown day" if depth < 10 else "exact"

    @property
    def edtf(self) -> str:
        """The date in Extended Date/Time Format: what is given only about ends in `~`."""
        return "/".join(part + "~" for part in self.value.split("/")) if self.estimate else self.value


def read_date(text: str, around: Surroundings | None = None) -> When | None:
    """The date that the words name, or nothing where they do not say it for certain.

    >>> around = Surroundings(published="2024-10-01", anchor="2024-02-28")
    >>> [read_date(words, around).value for words in ("two days later", "28 May", "20 and 23 March", "last month")]
    ['2024-03-01', '2024-05-28', '{2024-03-20,2024-03-23}', '2024-09']
    >>> read_date("Tuesday") is None
    True
    """
    around = around or Surroundings()
    words, estimate = tidy(text)
    words = _named_year(words, around)
    for reader in (other_calendar, _one, relative.read_relative, _several, _range, period, _apposed, _week_of):
        found = reader(words, around)
        if found:
            about = estimate or found.endswith("~")
            return When(found.removesuffix("~"), about)
    return None


def _named_year(words: str, around: Surroundings) -> str:
    """ "between April and November last year" with that year as a number."""
    match = re.fullmatch(r"(.+\b(?:and|or|to|-)\b.+?),? (?:of )?(last|this|next) year", words)
    if match is None or not around.published:
        return words
    return f"{match[1]} {int(around.published[:4]) + {'last': -1, 'this': 0, 'next': 1}[match[2]]}"


def _one(words: str, around: Surroundings) -> str | None:
    """One absolute date."""
    if match := _ISO.fullmatch(words):
        return iso(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(words):
        return _numeric(match, around)
    if match := re.fullmatch(r"(\d{1,2})[./](\d{1,2})\.?", words):
        return _short_numeric(int(match[1]), int(match[2]), around, dotted="." in words)
    if match := _ROMAN.fullmatch(words):
        return iso(int(match[3]), 1 + _ROMANS.index(match[2]), int(match[1]))
    if match := _YMD.fullmatch(words):
        return _dated(match[3], match[2], match[1], words, around)
    if match := re.fullmatch(rf"(\d{{4}}),?\s({MONTH})", words):
        return _dated(None, match[2], match[1], words, around)
    if match := _DMY.fullmatch(words):
        return _dated(match[1], match[2], match[3], words, around)
    if match := _MDY.fullmatch(words):
        return _dated(match[2], match[1], match[3], words, around)
    if match := _MY.fullmatch(words):
        return _dated(None, match[1], match[2], words, around)
    if match := re.fullmatch(rf"(first|last) day of (?:the )?(?:month of )?({MONTH})(?:,? (?:of )?({_YEAR}))?", words):
        month = _dated(None, match[2], match[3], words, around)
        return (
            (month + ("-01" if match[1] == "first" else f"-{monthrange(*map(int, month.split('-')))[1]}"))
            if month
            else None
        )
    if match := re.fullmatch(rf"(?:the year )?({_YEAR})", words):
        year = full_year(match[1])
        return str(year) if 1800 <= year <= 2199 else None
    return feast(words, around)


def _dated(day: str | None, month: str, year: str | None, words: str, around: Surroundings) -> str | None:
    month_number = MONTHS[month]
    day_number = int(day) if day else None
    if year:
        return iso(full_year(year), month_number, day_number)
    return with_year(month_number, day_number, around, weekday=re.match(WEEKDAY, words))


def _numeric(match: re.Match[str], around: Surroundings) -> str | None:
    """Day or month first: by what is possible, by the document's custom, by what lies before publication; else
    nothing.
    """
    first, second, year = int(match[1]), int(match[2]), full_year(match[3])
    day_first, month_first = iso(year, second, first), iso(year, first, second)
    if day_first and month_first and day_first != month_first:
        if (custom := _writes_day_first(around)) is not None:
            return day_first if custom else month_first
        if "." in match[0]:
            return day_first
        past = [one for one in (day_first, month_first) if around.published and one <= around.published]
        return past[0] if len(past) == 1 and not around.future else None
    return day_first or month_first


def _writes_day_first(around: Surroundings) -> bool | None:
    """The document's own custom, else its country's."""
    if around.day_first is not None or around.country is None:
        return around.day_first
    return around.country not in ("US", "PH")


def _short_numeric(first: int, second: int, around: Surroundings, *, dotted: bool) -> str | None:
    """ "22.06", "10/14": day and month without the year."""
    day_first = True if dotted or first > 12 else False if second > 12 else _writes_day_first(around)
    if day_first is None:
        return None
    day, month = (first, second) if day_first else (second, first)
    return with_year(month, day, around) if month <= 12 and day <= 31 else None


def _apposed(words: str, around: Surroundings) -> str | None:
    """ "Freedom Day, 27 April", "today, 1 June": the part that is a date, if the other names no other day.

    "Human Rights Day last week": a day with the week that it lies in.
    """
    if match := re.fullmatch(r"(.+),? (?:last|this) week", words):
        return _one(match[1], around)
    pieces = words.split(", ", 1)
    if len(pieces) == 1:
        return None
    read = [_one(piece, around) or relative.read_relative(piece, around) for piece in pieces]
    plain = [day for day in read if day]
    return plain[-1] if plain and len(set(plain)) == 1 and not re.fullmatch(r"\d{4}", plain[-1]) else None


def _week_of(words: str, around: Surroundings) -> str | None:
    """ "the week of 14 June" is the week, not the day."""
    match = re.fullmatch(r"(?:the )?week (?:of|beginning|starting|commencing|from) (.+)", words)
    day = as_day(_one(match[1], around)) if match else None
    monday = day - timedelta(days=day.weekday()) if day else None
    return f"{monday}/{monday + timedelta(days=6)}" if monday else None


def _several(words: str, around: Surroundings) -> str | None:
    """Several days in one expression: "20, 23 and 26 September", "May 12 and 15", "14 or 15 May"."""
    if re.match(r"(?:between|from)\b", words) or not re.search(r"\b(?:and|or)\b|&", words):
        return None
    pieces = [
        piece for piece in re.split(r"\s*(?:,\s?and\s|,\s?or\s|,(?!\s?\d{4}$)|\band\b|\bor\b|&)\s*", words) if piece
    ]
    days = _completed(pieces, around)
    if len(days) < 2 or None in days:
        return None
    left, right = ("[", "]") if re.search(r"\bor\b", words) else ("{", "}")
    return left + ",".join(sorted(str(day) for day in days)) + right


def _range(words: str, around: Surroundings) -> str | None:
    match = re.fullmatch(
        r"(?:between|from)\s(.+?)(?:\s(?:and|to|until|till|through)\s|\s?-\s?)(.+)|(.+?)\s?(?:-|\bto\b|\buntil\b|\bthrough\b)\s?(.+)",
        words,
    )
    if match is None:
        return None
    (low, about), (high, roughly) = (tidy(part.strip(" ,")) for part in (match[1] or match[3], match[2] or match[4]))
    if re.fullmatch(r"\d{4}", low) and re.fullmatch(r"\d{1,2}", high):
        high = low[: -len(high)] + high
    days = _completed([low, high], around)
    if None not in days and str(days[0]) > str(days[1]):  # a range that ends after the document's date
        days = _completed([low, high], around._replace(anchor=around.anchor or around.published, published=None))
    if None not in days and str(days[0]) > str(days[1]):  # or one that began the year before
        days[0] = _completed([low, high], around._replace(anchor=None, published=days[1]))[0]
    if None in days or days[0] == days[1] or "/" in f"{days[0]}{days[1]}":
        return None
    return f"{days[0]}/{days[1]}" + ("~" if about or roughly else "") if str(days[0]) < str(days[1]) else None


def _completed(pieces: list[str], around: Surroundings) -> list[str | None]:
    """Read each piece, lending it the month and the year that only its neighbour names."""
    month = next((match[0] for piece in pieces if (match := re.search(rf"\b(?:{MONTH})\b", piece))), "")
    bare = [bool(re.fullmatch(r"(?:the )?\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4})?", piece)) for piece in pieces]
    year = next((match[0] for piece in reversed(pieces) if (match := re.search(rf"(?<!\d){_YEAR}$", piece))), "")
    read: list[str | None] = []
    for piece, only_day in zip(pieces, bare, strict=True):
        own_year = re.search(rf"(?<!\d){_YEAR}$", piece)
        if only_day and month:
            number = re.findall(r"\d{1,2}(?!\d)", piece)[0] if not own_year else re.findall(r"\d{1,2}\b", piece)[0]
            piece = f"{number} {month} {year}".strip()
        elif year and not own_year and re.search(rf"\b(?:{MONTH})\b", piece):
            piece = f"{piece} {year}"
        read.append(_one(piece, around) or relative.read_relative(piece, around))
    return read
