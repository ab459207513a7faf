"""How many people a group is: "at least 12 protesters" -> 12, "dozens of" -> nothing."""

from __future__ import annotations

import re
from typing import NamedTuple

from casetrace.normalize.numbers import SCALES, SMALL, read_number
from casetrace.types import Bound

_BOUNDS: tuple[tuple[str, Bound], ...] = (
    (r"at least|more than|over|no fewer than|not less than|upwards of", "min"),
    (r"up to|at most|fewer than|less than|no more than|as many as", "max"),
    (r"about|around|approximately|some|nearly|almost|roughly|an estimated|close to|just over", "about"),
)
_NUMBER = (
    rf"(half an? (?:{'|'.join(SCALES)})|\d[\d,]*(?:\.\d+)?(?: (?:hundred|thousand|million|dozen))?|"
    rf"(?:an? )?(?:{'|'.join([*SMALL, *SCALES])})(?:(?:[ -]|\band\b)+(?:{'|'.join([*SMALL, *SCALES])}))*)"
)
_MANY = (
    "people|men|women|children|staff|police|youths?|public|family|families|crowd|media|personnel|folk|crew|youth|workforce|group|rest|majority|"
    "villagefolk|clergy|others|leadership|membership|community|team|couple|band|delegation|households?|gang|mob|squad|unit|battalion|congregation|audience|class|all|both|some|many|several"
)
_SINGULAR = re.compile(
    rf"(?!(?:.*\b(?:and|or|of|dozens|hundreds|thousands|these|those|all|many|some|several|no|they)\b))(?!.*\b(?:{_MANY})$)(?:[\w’'-]+\s)+[\w’'-]*[^s\W]$"
)
_COLLECTIVE = re.compile(r"a (?:number|group|handful|crowd)\b|.*\b(?:gang|mob|squad|crew|battalion)$")
_PAIR = re.compile(r"^(?:both|a couple|a pair)\b")


_RANGE = re.compile(
    rf"(?:between {_NUMBER} and|(?:from )?{_NUMBER} (?:to|or)) {_NUMBER}\b|"
    rf"(?<![\w.,])(\d[\d,.]*) ?[-–] ?\d[\d,.]*(?: (?:{'|'.join(SCALES)}))?(?![\w%])"
)
_BOTH = re.compile(
    rf"(?:(?:{'|'.join(pattern for pattern, _ in _BOUNDS)}) )?{_NUMBER} (?:(?!of\b|and\b|or\b)[a-z'-]+ ?){{1,3}} ?and "
    rf"{_NUMBER} (?:(?!of\b|and\b|or\b|other\b)[a-z'-]+ ?){{1,3}}"
)
"""Two kinds of people, each with its number: "nine men and one woman"."""
_COUNTED = re.compile(rf"(?<![\w.])(?:(?:{'|'.join(pattern for pattern, _ in _BOUNDS)})\s)?{_NUMBER}(?![\w%])")
_NO_COUNT = re.compile(
    r"(?:\w+ ){0,2}(?:dozens|hundreds|thousands|scores|several|many|a few|tens) |"
    r"(?:no[ -]?one|nobody|none|no (?!fewer|less|more)|at least$)|.*\d ?(?:%|per ?cent\b)"
)
"""Words that name no number of people, or a share of them."""


class Count(NamedTuple):
    """How many, and which bound the words give."""

    value: int
    bound: Bound | None = None


def read_count(text: str) -> Count | None:
    """The number of people that the words name.

    >>> [read_count(words).value for words in ("at least 12 protesters", "eighty-eight workers", "a pregnant worker")]
    [12, 88, 1]
    >>> read_count("dozens of farmers") is None
    True
    """
    words = _tidied(text)
    bound = next((bound for pattern, bound in _BOUNDS if re.match(rf"(?:a total of )?(?:{pattern})\s", words)), None)
    if _NO_COUNT.match(words):
        return None
    if (low := _low_end(words)) is not None:
        return Count(low, "min")
    if (number := _number(words)) is not None:
        return Count(number, bound)
    if _PAIR.match(words):
        return Count(2)
    return Count(1) if _names_one(words) else None


def _tidied(text: str) -> str:
    """Lower case, without what stands before the number and without ages."""
    words = re.sub(r"\s+", " ", text.lower().replace("’", "'").replace("‑", "-")).strip()
    words = re.sub(r"^(an?|one|the) \d+[- ]years?[- ]old$", r"\1 person", words)
    words = re.sub(
        r"^(?:the|these|those|all|other|another|his|her|their|its|our)\s+(?:other |remaining |first )?"
        rf"(?=(?:\d|\w+ of|(?:{'|'.join(SMALL)})\b))",
        "",
        words,
    )
    return re.sub(r"\b(?:aged )?\d+(?:[- ]years?[- ]old)?,? ?(?<=old) |,? aged \d+", "", words)


def _number(words: str) -> int | None:
    """The number near the beginning, or the sum of two kinds of people."""
    if both := _BOTH.fullmatch(words):
        parts = [read_number(number) for number in (both[1], both[2])]
        return sum(int(part) for part in parts if part is not None)
    match = _COUNTED.search(words)
    value = read_number(match[1]) if match and match.start() < 25 else None
    return int(value) if value is not None and value == int(value) else None


def _names_one(words: str) -> bool:
    """Whether the words mean one person: "a pregnant worker", "her husband", but not "a gang"."""
    single = re.match(r"(?:an?|another)\s", words) and not _COLLECTIVE.match(words)
    return bool(words in ("one", "someone") or _SINGULAR.match(words) or single)


def _low_end(words: str) -> int | None:
    """The lower end of "five or six men", "between 5 and 7", "1-2 million people"."""
    match = _RANGE.search(words)
    if match is None:
        return None
    low = next(filter(None, match.groups()))
    scale = next((scale for scale in SCALES if match[0].endswith(" " + scale) and scale not in low), "")
    number = read_number(f"{low} {scale}")
    return int(number) if number is not None else None
