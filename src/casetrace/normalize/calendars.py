"""Years counted otherwise: Buddhist (BE), Persian and Afghan (solar Hijri), Ethiopian (EC)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from casetrace.normalize.dateparts import ETHIOPIAN, MONTH, MONTHS, PERSIAN, Surroundings, iso, parts

_ERA = r"(?:b\.?e\.?|buddhist era)"
Day = Callable[[int, int, int], date | None]


def other_calendar(words: str, around: Surroundings) -> str | None:
    """The Gregorian value of a date in another calendar; nothing if the words do not name one."""
    return (
        _buddhist(words, around)
        or _named(words, around, months=PERSIAN, day_of=_persian_day, behind=621)
        or _named(words, around, months=ETHIOPIAN, day_of=_ethiopian_day, behind=8)
        or _persian_numbers(words, around)
    )


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


def _named(words: str, around: Surroundings, *, months: dict[str, int], day_of: Day, behind: int) -> str | None:
    """ "7 Mehr 1402", "Ginbot 29, 2015", "8 Aban": a month of this calendar, its year the last one that fits if left
    out.
    """
    names = "|".join(months)
    match = re.fullmatch(
        rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?({names})(?: (\d{{1,2}}))?(?:,? (\d{{4}}))?(?: e\.?c\.?| sh| ap)?",
        words,
    )
    if match is None or (match[4] is None and len(match[2]) < 4 and not (match[1] or match[3])):
        return None
    day = int(match[1] or match[3]) if match[1] or match[3] else None
    if match[4]:
        return _value(int(match[4]), months[match[2]], day, day_of)
    reference = parts(around.anchor or around.published)
    latest = around.published or "9999"
    years = range(reference[0] - behind + 1, reference[0] - behind - 2, -1) if reference else ()
    found = [value for year in years if (value := _value(year, months[match[2]], day, day_of))]
    return next((value for value in found if value.split("/")[0] <= latest), None)


def _value(year: int, month: int, day: int | None, day_of: Day) -> str | None:
    if day is not None:
        found = day_of(year, month, day)
        return found.isoformat() if found else None
    first, after = day_of(year, month, 1), day_of(year + month // 12, month % 12 + 1, 1)
    return f"{first}/{after - timedelta(days=1)}" if first and after else None


def _persian_numbers(words: str, around: Surroundings) -> str | None:
    if around.country not in ("IR", "AF"):
        return None
    if numbers := re.fullmatch(r"(1[34]\d\d)[/.-](\d{1,2})[/.-](\d{1,2})", words):
        day = _persian_day(int(numbers[1]), int(numbers[2]), int(numbers[3])) if 1 <= int(numbers[2]) <= 12 else None
        return day.isoformat() if day else None
    if re.fullmatch(r"1[34]\d\d", words):
        first, after = _persian_day(int(words), 1, 1), _persian_day(int(words) + 1, 1, 1)
        return f"{first}/{after - timedelta(days=1)}" if first and after else None
    return None


def _persian_day(year: int, month: int, day: int) -> date | None:
    """By the 33-year cycle of leap years, right for 1343 to 1472 SH (1964 to 2093)."""
    length = 31 if month <= 6 else 30 if month <= 11 or _leap(year) else 29
    if not (1343 <= year <= 1472 and 1 <= day <= length):
        return None
    leaps = sum(_leap(other) for other in range(1399, year)) - sum(_leap(other) for other in range(year, 1399))
    offset = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    # 1 Farvardin 1399 was 20 March 2020
    return date(2020, 3, 20) + timedelta(days=365 * (year - 1399) + leaps + offset + day - 1)


def _leap(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def _ethiopian_day(year: int, month: int, day: int) -> date | None:
    """Twelve months of 30 days and a short one; 1 Meskerem 2013 was 11 September 2020."""
    if not (1900 <= year <= 2100 and 1 <= day <= (30 if month <= 12 else 6)):
        return None
    leaps = sum(other % 4 == 3 for other in range(2013, year)) - sum(other % 4 == 3 for other in range(year, 2013))
    return date(2020, 9, 11) + timedelta(days=365 * (year - 2013) + leaps + 30 * (month - 1) + day - 1)
