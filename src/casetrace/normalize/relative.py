"""Dates told relative to the document's date or to the date last spoken of."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from casetrace.normalize import anchored, counted
from casetrace.normalize.dateparts import MONTH, MONTHS, WEEKDAY, WEEKDAYS, Surroundings, as_day, iso, parts
from casetrace.normalize.named import feast
from casetrace.normalize.numbers import read_number
from casetrace.normalize.shifts import shift_days, unit_from

Reader = Callable[[re.Match[str], Surroundings], str | None]
_UNIT = r"(day|night|week|fortnight|month|year|decade)s?"
_COUNT = r"((?:an?(?: hundred| thousand| dozen)?|one|\d[\d,]*|[a-z]+(?:-[a-z]+)?)(?: and a half)?)"
_SAME = r"(?:the )?(?:very )?(?:same|that)(?: same| very)?"
_NEXT = r"(?:the )?(?:next|following|subsequent)"
_PREVIOUS = r"(?:the )?(?:previous|preceding|prior)"


_OVER = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}
_SOUTHERN = ("AR", "AU", "BO", "BR", "CL", "LS", "MG", "MZ", "NA", "NZ", "PE", "PY", "SZ", "UY", "ZA", "ZM", "ZW")


def read_relative(words: str, around: Surroundings) -> str | None:
    """The date of a relative expression; `~` at its end when the words give it only about."""
    for pattern, reader in _READERS:
        match = re.fullmatch(pattern, words)
        if match and (found := reader(match, around)):
            return found if around.future or not _after(found, around.published) else None
    return None


def _after(found: str, published: str | None) -> bool:
    """What has happened did not happen a week after it was told: the anchor was another date."""
    day, told = as_day(found.strip("~")), as_day(published)
    return day is not None and told is not None and (day - told).days > 7


def _publication(match: re.Match[str], around: Surroundings) -> str | None:
    shift = {"today": 0, "yesterday": -1, "tomorrow": 1}[match[1]]
    return shift_days(around.published, shift)


def _weekday(match: re.Match[str], around: Surroundings) -> str | None:
    """ "Tuesday": the last one up to the document's date, or the next one if the event is still to come."""
    day = as_day(around.published)
    if day is None:
        return None
    which, weekday = match[1] or "", WEEKDAYS[match[2]]
    back = (day.weekday() - weekday) % 7
    if which.startswith(("next", "coming", "this coming")) or (around.future and which == "" and back):
        return (day + timedelta(days=7 - back)).isoformat()
    if which in ("last", "past", "this past") and back == 0:
        back = 7
    if which == "this" and around.future and back:
        back -= 7
    return (day - timedelta(days=back)).isoformat()


def _weekday_of_week(match: re.Match[str], around: Surroundings) -> str | None:
    day = as_day(around.published)
    if day is None:
        return None
    weeks = {"last": -1, "this": 0, "next": 1}.get(match[2])
    if weeks is None:
        count = read_number(match[2].removesuffix(" weeks ago"))
        weeks = -int(count) if count else None
    if weeks is None:
        return None
    monday = day - timedelta(days=day.weekday())
    return (monday + timedelta(days=7 * weeks + WEEKDAYS[match[1]])).isoformat()


def _beside_feast(match: re.Match[str], around: Surroundings) -> str | None:
    """ "the day after Christmas"."""
    found = feast(match[2], around)
    return shift_days(found, -1 if match[1] == "before" else 1)


def _first_days(match: re.Match[str], around: Surroundings) -> str | None:
    """ "the first three days of the year"."""
    start, count = parts(unit_from(around.published, match[3], 0)), read_number(match[2])
    if start is None or count is None or match[1] != "first":
        return None
    return f"{iso(start[0], start[1] or 1, 1)}/{iso(start[0], start[1] or 1, int(count))}"


def _season(match: re.Match[str], around: Surroundings) -> str | None:
    """ "last summer", of which only the year is sure; nothing in the months in which it depends on the hemisphere."""
    told = parts(around.published)
    if told is None or told[1] is None or around.country in _SOUTHERN:
        return None
    over = told[1] >= _OVER[match[0].split()[1]]
    if match[1] == "this":
        return f"{told[0]}~" if over else None
    return f"{told[0] - 1}~" if not over else None


def _instant(match: re.Match[str], around: Surroundings) -> str | None:
    """ "the 5th instant" is this month's, "the 5th ultimo" last month's."""
    found = parts(unit_from(around.published, "month", 0 if match[2].startswith("inst") else -1))
    return iso(found[0], found[1], int(match[1])) if found else None


def _this_unit(match: re.Match[str], around: Surroundings) -> str | None:
    """ "last month", "this year", "next week", counted from the document's date."""
    steps = {"last": -1, "this": 0, "next": 1, "coming": 1, "current": 0}[match[1]]
    return unit_from(around.published, match[2], steps)


def _current_unit(match: re.Match[str], around: Surroundings) -> str | None:
    """What is left of "the end of the month", "the middle of the year"."""
    return unit_from(around.published if around.future else around.anchor or around.published, match[1], 0)


def _month_of_year(match: re.Match[str], around: Surroundings) -> str | None:
    """ "August last year", "5 April of that year", "March the following year"."""
    which = match[2]
    start = parts(around.published if re.match("last|this|next", which) else around.anchor or around.published)
    if start is None:
        return None
    step = -1 if re.match("last|the previous|the preceding", which) else 1 if re.search("next|following", which) else 0
    day, month = re.search(r"\d+", match[1]), re.search(MONTH, match[1])
    return iso(start[0] + step, MONTHS[month[0]] if month else None, int(day[0]) if day else None)


def _last_month_named(match: re.Match[str], around: Surroundings) -> str | None:
    """ "last November", "this May", "next March"; "the following May" from the date last spoken of."""
    which, month = match[1], MONTHS[match[3]]
    start = parts(around.anchor if re.search("following|previous|preceding|same|that", which) else around.published)
    if start is None or start[1] is None:
        return None
    if re.search("last|past|previous|preceding", which):
        year = start[0] - (month >= start[1])
    elif re.search("next|coming|following", which):
        year = start[0] + (month <= start[1])
    else:
        year = start[0]
    return iso(year, month, int(match[2] or match[4]) if match[2] or match[4] else None)


def _nth_day(match: re.Match[str], around: Surroundings) -> str | None:
    """ "the 17th", "the 9th of last month": a day of the month last spoken of, or the last such day before
    publication.
    """
    day, which = int(match[1]), match[2]
    if which:
        month = unit_from(
            around.published if re.match("last|this|next", which) else around.anchor,
            "month",
            -1 if re.match("last", which) else 1 if re.search("next|following", which) else 0,
        )
        found = parts(month)
        return iso(found[0], found[1], day) if found else None
    anchor, published = parts(around.anchor), as_day(around.published)
    if anchor and anchor[1]:
        return iso(anchor[0], anchor[1], day)
    if published is None:
        return None
    month_back = unit_from(around.published, "month", -1 if day > published.day and not around.future else 0)
    found = parts(month_back)
    return iso(found[0], found[1], day) if found else None


def _weekend(match: re.Match[str], around: Surroundings) -> str | None:
    day = as_day(around.published)
    if day is None:
        return None
    saturday = day - timedelta(days=(day.weekday() - 5) % 7 or (7 if match[1] in ("last", "past") else 0))
    if match[1] in ("this", "next", "coming") and around.future:
        saturday += timedelta(days=7)
    return f"{saturday}/{saturday + timedelta(days=1)}"


_EARLIER_THIS = r"(?:earlier |later |early |late |previously )?(?:in )?(?:the )?"
_YEAR_NAMED = (
    r"(last year|this year|next year|(?:of |in )?(?:the )?(?:same|that|that same|following|next|"
    r"previous|preceding) year)"
)
_READERS: tuple[tuple[str, Reader], ...] = (
    (r"(today|yesterday|tomorrow)", _publication),
    (rf"(?:{_EARLIER_THIS})(last|this|(?<!the )next|coming|current) (week|month|year)", _this_unit),
    (rf"(?:earlier |later )?(?:({_SAME}|{_NEXT}|{_PREVIOUS}) )(day|week|month|year)", anchored.unit_of),
    (r"(?:the )?(?:(?:very )?next day|day (?:before|after)|eve)", anchored.day_beside),
    (r"(?:the )?(week|month|year)", _current_unit),
    (r"(?:the )?(week|month|year) (before|after)", anchored.unit_beside),
    (rf"(?:the )?({WEEKDAY}) (before|after)", anchored.weekday_beside),
    (
        r"(?:an?|one|two|three|four|five|six|\d) hours? (?:later|earlier|before|after)",
        lambda _, around: anchored.same_day(around),
    ),
    (rf"({_SAME}|{_NEXT.replace('next|', '')}|{_PREVIOUS}) ({WEEKDAY})", anchored.weekday_from),
    (rf"(?:(last|past|this|next|coming|this past|this coming) )?({WEEKDAY})", _weekday),
    (rf"({WEEKDAY})(?: of| in)?,? (last|this|next) week", _weekday_of_week),
    (rf"({WEEKDAY}),? ([a-z]+ weeks ago)", _weekday_of_week),
    (r"(?:(?:the )?(last|past|this|next|coming|previous) )?weekend", _weekend),
    (rf"(half an?|{_COUNT[1:-1]}) {_UNIT} (?:ago|back)", counted.ago),
    (rf"{_COUNT} years? ago today|(?:on )?this day {_COUNT} years? ago", counted.years_to_the_day),
    (rf"{_COUNT} {_UNIT} ago (today|this month|this week)", counted.ago_today),
    (rf"exactly {_COUNT} {_UNIT} (later|after|earlier)", counted.to_the_day),
    (r"(\d{2}) hours (later|after|earlier|before|ago)", counted.hours),
    (rf"([a-z]+) ({WEEKDAY[:-2]})s ago|(?:the )?({WEEKDAY}) before last", counted.weekdays_back),
    (r"(?:the )?(?:day|night) (before|after) (.+)", _beside_feast),
    (rf"(?:the )?(first|last) {_COUNT} days of (?:the|this) (month|year)", _first_days),
    (r"(last|this) (?:spring|summer|autumn|fall)", _season),
    (r"(?:the )?(\d{1,2})(?:st|nd|rd|th)? (inst(?:ant|\.)?|ult(?:imo|\.)?)", _instant),
    (rf"{_COUNT} {_UNIT} (?:later|after|afterwards|thereafter|on)", anchored.later),
    (rf"{_COUNT} {_UNIT} (?:earlier|before|previously|beforehand|prior)", anchored.earlier),
    (rf"(?:in )?{_COUNT} {_UNIT} (?:from now|hence|from today)", counted.hence),
    (
        rf"((?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?(?:{MONTH})\.?(?: \d{{1,2}}(?:st|nd|rd|"
        rf"th)?)?),? (?:of |in )?{_YEAR_NAMED}",
        _month_of_year,
    ),
    (
        rf"(last|past|this|this past|this coming|next|coming|the following|following|the previous|previous|that|"
        rf"the same|same) (?:(\d{{1,2}}) )?({MONTH})(?: (\d{{1,2}}))?",
        _last_month_named,
    ),
    (
        r"(?:the )?(\d{1,2})(?:st|nd|rd|th)(?: of)?(?: ((?:last|this|next|the same|that|the following|same) month))?",
        _nth_day,
    ),
    (r"(?:the )?(?:(\w+(?:-\w+)?) )?anniversary", anchored.anniversary),
)
