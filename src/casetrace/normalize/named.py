"""Dates that have a name: feasts and days of remembrance, decades, quarters, halves, seasons, fiscal years."""

from __future__ import annotations

import re
from datetime import timedelta

from dateutil.easter import easter

from casetrace.normalize.dateparts import EASTER, FEASTS, FEASTS_BY_COUNTRY, Surroundings, iso
from casetrace.normalize.years import full_year, with_year

_YEAR = r"(?:\d{4}|['’]\d{2})"
_KINDS = r"(?:fiscal|financial|budget|tax|academic|school)"
_SEASON = re.compile(rf"(?:spring|summer|autumn|fall|winter)(?:\sof)?\s({_YEAR})")


def feast(words: str, around: Surroundings) -> str | None:
    match = re.fullmatch(rf"(this |last )?(.+?)(?:,? (?:of |in )?({_YEAR}))?", words)
    name = match[2] if match else ""
    if match and name in EASTER:
        return _easter(EASTER[name], match[3], around)
    day = FEASTS.get(name) or FEASTS_BY_COUNTRY.get(name, {}).get(around.country or "")
    if match is None or day is None:
        return None
    month_number, day_number = (int(part) for part in day.split("-"))
    if match[3]:
        return iso(full_year(match[3]), month_number, day_number)
    if match[1] == "this ":  # written on the day or a little before or after it
        around = around._replace(anchor=around.published, published=None)
    return with_year(month_number, day_number, around)


_EASTERN_EASTER = ("ET", "ER", "EG", "GR", "CY", "RU", "UA", "BY", "GE", "RS", "BG", "RO", "MD", "MK", "ME", "AM", "LB")


def _easter(offset: int, year: str | None, around: Surroundings) -> str | None:
    """A day counted from Easter; nothing where most churches keep the Eastern date."""
    if around.country in _EASTERN_EASTER:
        return None
    reference = (full_year(year) if year else None) or int(
        (around.anchor or around.published or "0")[:4].strip("{[") or 0
    )
    if not 1900 <= reference <= 2099:
        return None
    days = [(easter(one) + timedelta(days=offset)).isoformat() for one in (reference, reference - 1)]
    return days[0] if year or around.future or not around.published or days[0] <= around.published else days[1]


def period(words: str, around: Surroundings) -> str | None:
    """Decades, quarters, halves, seasons and fiscal years."""
    if match := re.fullmatch(r"(\d{3})0s", words):
        return f"{match[1]}0/{match[1]}9"
    if decades := re.fullmatch(r"(\d{3})0s(?:, (?:and )?\d{3}0s)*,? (?:and|to|through) (?:the )?(\d{3})0s", words):
        return f"{decades[1]}0/{decades[2]}9" if decades[1] < decades[2] else None
    if match := re.fullmatch(rf"(?:(first|second|third|fourth) quarter(?: of)?|q([1-4])(?: of)?) ({_YEAR})", words):
        quarter = int(match[2] or 1 + ["first", "second", "third", "fourth"].index(match[1]))
        return f"{full_year(match[3])}-{3 * quarter - 2:02}/{full_year(match[3])}-{3 * quarter:02}"
    if match := re.fullmatch(rf"(?:(first|second) half(?: of)?|h([12])(?: of)?) ({_YEAR})", words):
        half = 1 if match[1] == "first" or match[2] == "1" else 2
        return f"{full_year(match[3])}-{6 * half - 5:02}/{full_year(match[3])}-{6 * half:02}"
    if match := _SEASON.fullmatch(words):
        year = iso(full_year(match[1]))
        return f"{year}~" if year else None
    if match := re.fullmatch(
        rf"(?:{_KINDS} year|fy)?\s?(\d{{4}})\s?[/-]\s?(\d{{2}}|\d{{4}})(?: {_KINDS} year)?", words
    ):
        end = int(match[2]) if len(match[2]) == 4 else int(match[1][:2] + match[2])
        return f"{match[1]}/{end}" if end > int(match[1]) else None
    if match := re.fullmatch(r"(?:(?:fiscal|financial) year|fy)\s?(\d{4})|(\d{4}) (?:fiscal|financial) year", words):
        return match[1] or match[2]
    return None
