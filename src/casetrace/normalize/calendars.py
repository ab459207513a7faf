"""Years counted otherwise: Buddhist (BE), Persian (solar Hijri), Ethiopian (EC)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from casetrace.normalize.dateparts import MONTH, MONTHS, PERSIAN, Surroundings, iso

_ERA = r"(?:b\.?e\.?|buddhist era)"
_PERSIAN = "|".join(PERSIAN)


def other_calendar(words: str, around: Surroundings) -> str | None:
    """The Gregorian value of a date in another calendar; nothing if the words do not name one."""
    return _buddhist(words, around) or _persian(words, around)


def _buddhist(words: str, around: Surroundings) -> str | None:
    marked = bool(re.search(rf"(?<![a-z]){_ERA}(?![a-z])", words))
    year = re.search(r"\b(2[45]\d\d)\b", words)
    if year is None or not (marked or around.country in ("TH", "KH", "LA", "MM", "LK")):
        return None
    plain = re.sub(rf"(?<![a-z]){_ERA}(?![a-z])", " ", words).replace(year[1], str(int(year[1]) - 543))
    plain = re.sub(r"\s+", " ", plain).strip(" ,")
    if match := re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({MONTH})\.?,? (\d{{4}})", plain):
        return iso(int(match[3]), MONTHS[match[2]], int(match[1]))
    if match := re.fullmatch(rf"({MONTH})\.? (\d{{1,2}}),? (\d{{4}})", plain):
        return iso(int(match[3]), MONTHS[match[1]], int(match[2]))
    if match := re.fullmatch(rf"({MONTH})\.?,? (\d{{4}})", plain):
        return iso(int(match[2]), MONTHS[match[1]])
    return plain if re.fullmatch(r"\d{4}", plain) else None


def _persian(words: str, around: Surroundings) -> str | None:
    match = re.fullmatch(
        rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?({_PERSIAN}),? (1[34]\d\d)(?: (?:sh|ap|solar hijri))?", words
    )
    if match is None:
        return None
    year, month = int(match[3]), PERSIAN[match[2]]
    if match[1]:
        day = _persian_day(year, month, int(match[1]))
        return day.isoformat() if day else None
    first = _persian_day(year, month, 1)
    after = _persian_day(year + month // 12, month % 12 + 1, 1)
    return f"{first}/{after - timedelta(days=1)}" if first and after else None


def _persian_day(year: int, month: int, day: int) -> date | None:
    """The 33-year cycle of leap years, right for 1343 to 1472 SH (1964 to 2093)."""
    length = 31 if month <= 6 else 30 if month <= 11 or _leap(year) else 29
    if not 1 <= day <= length:
        return None
    since = year - 1399  # 1 Farvardin 1399 was 20 March 2020
    leaps = sum(_leap(other) for other in range(1399, year)) - sum(_leap(other) for other in range(year, 1399))
    offset = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date(2020, 3, 20) + timedelta(days=365 * since + leaps + offset + day - 1)


def _leap(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)
