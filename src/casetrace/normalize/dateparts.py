"""The pieces that every reader of dates shares: the words, the surroundings of an expression, its tidied form."""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from datetime import date
from importlib.resources import files
from typing import Any, NamedTuple

from casetrace.normalize.numbers import ORDINALS

_TABLES: dict[str, Any] = tomllib.loads(files("casetrace.normalize").joinpath("dates.toml").read_text("utf-8"))
MONTHS: dict[str, int] = _TABLES["months"]
WEEKDAYS: dict[str, int] = _TABLES["weekdays"]
PERSIAN: dict[str, int] = _TABLES["persian"]
ETHIOPIAN: dict[str, int] = _TABLES["ethiopian"]
EASTER: dict[str, int] = _TABLES["easter"]
FEASTS: dict[str, str] = _TABLES["feasts"]
FEASTS_BY_COUNTRY: dict[str, dict[str, str]] = _TABLES["feasts_by_country"]
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
WEEKDAY = "(?:" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")\b"

_TIMES = re.compile(
    r"(?:,?\s?\b(?:at|around|about|shortly (?:before|after)|before|"
    r"after)?\s?\d{1,2}(?:[.:]\d{2})?\s?(?:a\.?m\.?|p\.?m\.?|hours|hrs|o'clock)(?=\W|$)(?!\s(?:later|earlier|after|before|ago))\.?"
    r"|,?\s?\b(?:at|around|about)?\s?\d{1,2}:\d{2}(?:\s?(?:hours|hrs|local time|gmt))?"
    r"|,?\s?\b(?:at |around )?(?:noon|midnight|dawn|dusk|local time)\b)(?:\son)?"
)
_PARTS = r"(?:morning|afternoon|evening|night|lunchtime)"
_LEADING = re.compile(
    r"^(?:on|in|since|until|till|by|of|during|over|as of|dated|throughout|within|the|(?:late|early|later|earlier) on|"
    r"as (?:early|late|recently) as|only|just(?! (?:over|under))|barely|precisely|scarcely)\s+(?!(?:or|and) about)"
)
_HEDGE = re.compile(
    r"^(?:(?:on )?(?:or )?about|(?:at|on) or (?:about|around)|around|approximately|approx\.?|circa|c\.|ca\.|roughly|"
    r"nearly|almost|just over|over|more than|some|just under|mid-to-late|mid to late|early-to-mid|early to mid|"
    r"early in|late in|earlier in|later in|sometime in|some time in|"
    r"(?:towards? )?(?:the )?(?:very )?(?:early|mid|middle|late|end|start|beginning|turn|close|latter part|"
    r"first half|second half|first days|"
    r"last days|early days|final days|last week|first week|second week|third week|early part|"
    r"opening days)(?: of|\s?-)?(?: the)?)(?:\s|(?<=-))(?!quarter|half)"
)


class Surroundings(NamedTuple):
    """What a date expression may lean on; nothing else is ever used.

    `published` is the document's date, `anchor` the date that the text last spoke of (or that of another event), both
    ISO
    8601; `future` says that the event is still to come; `day_first` how the document writes 03/05/2023; `country`
    ISO 3166.
    """

    published: str | None = None
    anchor: str | None = None
    future: bool = False
    day_first: bool | None = None
    country: str | None = None


def tidy(text: str) -> tuple[str, bool]:
    """The words in lower case without times of day, prepositions and hedges; and whether there was a hedge.

    >>> tidy("around 10 p.m. on Monday, 3 May 2020"), tidy("late October 2021")
    (('monday, 3 may 2020', False), ('october 2021', True))
    """
    words = re.sub(r"[–—‐‑−]", "-", text.lower()).replace("’", "'").replace("\u00a0", " ")
    words = re.sub(r"\s+", " ", words).strip(" .,;:()")
    words = _day_words(_TIMES.sub(" ", words).strip(" ,"))
    estimate = " or so" in words
    words = words.replace(" or so", "")
    while True:
        shorter = _LEADING.sub("", words)
        hedged = _HEDGE.sub("", shorter) if not re.match(r"(?:first|second) half", shorter) else shorter
        if hedged == words:
            return _ordinals(words), estimate
        estimate = estimate or hedged != shorter
        words = hedged


def iso(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """An ISO date of the given precision, or nothing if the calendar has no such day.

    >>> iso(2023, 2, 30), iso(2023, 2), iso(2023)
    (None, '2023-02', '2023')
    """
    if not 1800 <= year <= 2199 or (month is not None and not 1 <= month <= 12):
        return None
    if day is not None and month is not None and not 1 <= day <= monthrange(year, month)[1]:
        return None
    return "-".join([f"{year:04}"] + [f"{part:02}" for part in (month, day) if part is not None])


def as_day(value: str | None) -> date | None:
    """The day that an ISO value names, if it is precise to the day; of a range its end, of a set its last day."""
    last = re.split(r"[/,]", (value or "").strip("{}[]"))[-1]
    return date.fromisoformat(last) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", last) else None


def parts(value: str | None) -> tuple[int, int | None, int | None] | None:
    """Year, month and day of an ISO value, of a range those of its end."""
    last = re.split(r"[/,]", (value or "").strip("{}[]"))[-1]
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", last):
        return None
    numbers = [int(part) for part in last.split("-")] + [None, None]
    return numbers[0] or 0, numbers[1], numbers[2]


def _day_words(words: str) -> str:
    """Parts of the day say only which day."""
    small = r"(?:small|(?:very )?early(?: morning)?|late(?: evening| night)?|pre-dawn|night) hours"
    words = re.sub(rf"\b(?:the )?{small}(?: of)?(?: the morning of)?\s?", "", words)
    of = rf"(?:{_PARTS}|day|weekend|eve) (?:of|from|between)"
    words = re.sub(rf"^(?:the )?(?:early |late )?{of} (?=.*\d|.*day)", "", words)
    words = re.sub(rf"^(?:earlier |later )?(?:this {_PARTS}|tonight|earlier today|later today)$", "today", words)
    words = re.sub(r"^(?:late )?last (?:night|evening)$", "yesterday", words)
    words = re.sub(
        rf"\b(next|following|same|that|previous|preceding) (?:same |very )?(?:early |late )?{_PARTS}$", r"\1 day", words
    )
    words = re.sub(rf"^(?:the )?{_PARTS} (before|after)\b", r"the day \1", words)
    return re.sub(rf"\s(?:early |late )?{_PARTS}\b", "", words).strip(" ,")


def _ordinals(words: str) -> str:
    """ "the third of June" and "May the third" get their number."""
    ordinal = "|".join(sorted(ORDINALS, key=len, reverse=True))
    words = re.sub(rf"\b({ordinal})(?= (?:of|day of) (?:{MONTH})\b)", lambda match: str(ORDINALS[match[1]]), words)
    return re.sub(rf"(?<=\b)((?:{MONTH}) the )({ordinal})\b", lambda match: match[1] + str(ORDINALS[match[2]]), words)
