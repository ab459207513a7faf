"""Title and publication date where a plain text states them itself."""

from __future__ import annotations

import re
from datetime import datetime

from dateutil import parser

_MONTH = (r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
          r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?")  # fmt: skip
_DAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?"
_DAY_FIRST = rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}"
_MONTH_FIRST = rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
_DATE = rf"{_DAY}(?:{_DAY_FIRST}|{_MONTH_FIRST}|\d{{4}}-\d\d-\d\d)"
_TELLS = r"(?:first\s+)?(?:published|posted|updated|released|issued|date|dated|press release)(?:\s+(?:on|at|date))?"

DATE_LINE = re.compile(rf"^\W*(?P<date>{_DATE})\W*$", re.I)
PUBLISHED = (
    re.compile(rf"^\W*(?:last\s+)?{_TELLS}\s*[:,]?\s*(?P<date>{_DATE})", re.I),
    DATE_LINE,
    re.compile(rf"^\W*(?P<date>{_DATE})\s*,?\s*(?:[|•·–—-]|by\b|\d\d?[:.]\d\d)", re.I),
    re.compile(rf"^\W*[A-Z][\w .,'’()/-]{{2,60}}?[,(|–—-]\s*(?P<date>{_DATE})\s*\)?\s*(?:[–—:|-]|$)"),
    re.compile(rf"\b(?:published|posted)\s*(?:on|:)?\s*(?P<date>{_DATE})\W*$", re.I),
)
"""How pages give their date, surest first: told, a line of its own, a by-line, a dateline, at the end of a line."""
_KIND = re.compile(r"^(?:joint )?(?:statement|press release|news release|report|article|open letter)\s*[|:]\s*", re.I)
HEAD_LINES, FOOT_LINES = 12, 4


def find_title(text: str) -> str | None:
    """The first line if it reads like a headline, without Markdown and a "Statement |" before it.

    >>> find_title("# Union leader freed\\n\\nShe was freed on Monday.")
    'Union leader freed'
    """
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    title = _KIND.sub("", re.sub(r"^[#*\s]+|[*\s]+$", "", first))
    return title if 0 < len(title) <= 200 and not title.endswith((".", ":", ";")) and not date_of_line(title) else None


def find_published(text: str) -> str | None:
    """The publication date as YYYY-MM-DD if the first or last lines state one in full; else None, never a guess.

    >>> find_published("Freed\\n24 July 2024\\nShe was freed on 3 May 2024.")
    '2024-07-24'
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    around = lines[:HEAD_LINES] + lines[max(HEAD_LINES, len(lines) - FOOT_LINES) :]
    for pattern in PUBLISHED:
        for line in around:
            match = pattern.search(line)
            if match and (date := _iso(match["date"])):
                return date
    return None


def date_of_line(line: str) -> str | None:
    """The date, if the line is a full date and nothing else."""
    match = DATE_LINE.match(line.strip())
    return _iso(match["date"]) if match else None


def iso_date(words: str) -> str | None:
    """A date given beside a text, as YYYY-MM-DD, YYYY-MM or YYYY; None where it is no date, or could be two.

    >>> [iso_date(words) for words in ("2024-07-24T10:00:00Z", "2024-07", "24 July 2024", "yesterday", "2024-02-31")]
    ['2024-07-24', '2024-07', '2024-07-24', None, None]
    """
    if re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", words):
        return words
    match = re.fullmatch(rf"(?P<date>{_DATE})(?:[T ]\d\d:.*)?", words.strip(), re.I)
    return _iso(match["date"]) if match else None


def _iso(words: str) -> str | None:
    try:
        found = parser.parse(words, default=datetime(1, 1, 1))
    except (ValueError, OverflowError):
        return None
    return found.date().isoformat() if found.year > 1900 else None
