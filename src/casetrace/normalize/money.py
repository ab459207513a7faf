"""Amounts of money to a decimal number and an ISO 4217 code, with bounds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from casetrace.normalize.numbers import SCALES, SMALL, read_number
from casetrace.types import Bound, Share

_BOUNDS: tuple[tuple[str, Bound], ...] = (
    (
        r"up to|no more than|not more than|a maximum of|at most|less than|under|as much as|below|a maximum fine of",
        "max",
    ),
    (r"at least|no less than|not less than|a minimum of|more than|over|upwards of|in excess of|above", "min"),
    (
        r"nearly|almost|about|around|approximately|approx\.?|roughly|some|close to|just over|just under|an estimated|"
        r"the equivalent of|equivalent to|equal to|~|c\.|circa",
        "about",
    ),
)
_SHARE = re.compile(
    r"\b(?:each|apiece|per (?:person|head|worker|month|day|week|year)|a (?:head|person|month|day|week))\b"
)
_TOTAL = re.compile(r"\b(?:(?:a )?(?:combined )?total of|altogether|in total|in all|a sum of|the sum of|a combined)\b")
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_SPELT = "|".join(sorted([*SMALL, *SCALES], key=len, reverse=True))
_NUMBER = (
    rf"(?:\d(?:[\d.,’'\u00a0\u202f]|[ ](?=\d{{3}}\b))*(?:[ -]?(?:{_SCALE})\b)*|"
    rf"(?:\bhalf )?(?:\ban? )?\b(?:{_SPELT})\b(?:(?:[ -]|\band\b)+(?:{_SPELT})\b)*)"
)


class Money(NamedTuple):
    """A number (a range has `high`), its ISO 4217 code if the words tell it, which bound they give, and whether it
    is for each.
    """

    value: Decimal
    currency: str | None
    high: Decimal | None = None
    bound: Bound | None = None
    share: Share | None = None


def read_money(text: str, *, country: str | None = None, mentioned: Iterable[str] = ()) -> Money | None:
    """The amount that the words name; `country` (ISO 3166 alpha-2) settles names such as "shillings".

    So does a country among those `mentioned` in the text, if only one of them has a currency of that name.

    >>> read_money("about $1,500")
    Money(value=Decimal('1500'), currency='USD', high=None, bound='about', share=None)
    >>> read_money("100,000 shillings", country="KE").currency, read_money("100,000 shillings").currency
    ('KES', None)
    """
    words = re.sub(r"\s+", " ", text.replace("–", "-").replace("—", "-").replace("\u00a0", " ")).strip(" .,;").lower()
    share: Share | None = "each" if _SHARE.search(words) else "total" if _TOTAL.search(words) else None
    words = _TOTAL.sub("", _SHARE.sub("", words)).strip()
    words, bound = _take_bound(words)
    numbers = [match for match in re.finditer(_NUMBER, words) if match[0].strip(" .,")]
    if not numbers or re.search(r"\b(?:thousands|hundreds|millions|dozens|several|few) of\b", words):
        return None
    values = _values([match[0] for match in numbers[:2]], words)
    units = re.sub(_NUMBER, "\n", words)
    currency = _currency(units, countries=(country, *mentioned))
    if values is None or (currency is None and not _names_money(units)):
        return None
    return Money(values[0], currency, values[1], bound, share)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("casetrace.normalize").joinpath("money.toml").read_text("utf-8"))


@cache
def _codes() -> dict[str, str]:
    return {name: code for code, names in _tables()["names"].items() for name in names}


def _take_bound(words: str) -> tuple[str, Bound | None]:
    for pattern, bound in _BOUNDS:
        match = re.match(rf"(?:{pattern})\s*(?=\S)", words)
        if match:
            return words[match.end() :], bound
    return words, None


def _values(numbers: list[str], words: str) -> tuple[Decimal, Decimal | None] | None:
    """One number, or two when the words say "between A and B", "A-B" or "A to B"; a scale after B counts for A too."""
    found = [read_number(number.strip(" .,-")) for number in numbers]
    if found[0] is None:
        return None
    ranged = len(found) == 2 and re.search(rf"between|\bto\b|{re.escape(numbers[0])}[^\d]{{0,6}}-|from", words)
    if not ranged or found[1] is None:
        return found[0], None
    scale = re.search(rf"({_SCALE})\b", numbers[1])
    low = found[0] * SCALES[scale[1]] if scale and not re.search(rf"(?:{_SCALE})\b", numbers[0]) else found[0]
    return (low, found[1]) if low < found[1] else None


def _names(units: str) -> list[str]:
    """Candidate currency names in the words around the number, longest first, plural endings cut."""
    pieces = [piece.strip(" ,-()'") for piece in units.split("\n")]
    names = []
    for piece in pieces:
        tokens = re.sub(r"^(?:in|of|a|the|between|and|to|from|fine)\s+", "", piece).split()
        for size in range(min(4, len(tokens)), 0, -1):
            names += [" ".join(tokens[at : at + size]) for at in range(len(tokens) - size + 1)]
    return sorted(names, key=lambda name: -len(name))


def _forms(name: str) -> tuple[str, ...]:
    bare = name.strip(".")
    return tuple(dict.fromkeys([name, bare, bare.removesuffix("s"), bare.removesuffix("es")]))


def _currency(units: str, *, countries: tuple[str | None, ...]) -> str | None:
    shared = _tables()["shared"]
    for name in _names(units):
        for form in _forms(name):
            if form in _codes():
                return _codes()[form]
            if form in ("$", "dollar"):
                return _dollar(countries[0])
            if form in shared:
                return _of_country(shared[form], countries)
            joined = next((shared[part] for part in re.split(r"[ ]", form) if part == "cfa"), None)
            if joined or form == "fcfa":
                return _of_country(joined or shared["cfa"], countries)
    return None


def _of_country(codes: dict[str, str], countries: tuple[str | None, ...]) -> str | None:
    """The code of the document's country, else that of the only country mentioned that has one."""
    if countries[0] in codes:
        return codes[countries[0] or ""]
    found = {codes[country] for country in countries if country in codes}
    return found.pop() if len(found) == 1 else None


def _dollar(country: str | None) -> str | None:
    tables = _tables()["dollar_countries"]
    local: dict[str, str] = tables["local"]
    return None if country in tables["unsure"] else local.get(country or "", "USD")


def _names_money(units: str) -> bool:
    known = set(_codes()) | set(_tables()["shared"]) | {"fcfa"}
    return any(form in known for name in _names(units) for form in _forms(name))
