"""Normalised values, each with the words it came from."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from casetrace.types.base import Frozen

Bound = Literal["min", "max", "about"]
TermKind = Literal["imposed", "suspended", "served", "maximum"]
Share = Literal["each", "total"]
DateType = Literal["exact", "estimate", "unknown day", "unknown day and month"]


class Quote(Frozen):
    """The words of the document that something rests on."""

    text: str
    start: int
    end: int


class Value(Frozen):
    """A normalised value and the words it came from; `value` equals the words where no normal form is sure."""

    value: str
    text: str
    start: int
    end: int
    score: float | None = None
    check: bool = Field(
        default=False, description="a person should look at it: the score is low or the text contradicts it"
    )


class DateValue(Value):
    """A date in ISO 8601; `date_type` is null where the words do not resolve and `value` only repeats them."""

    date_type: DateType | None = None


class Charge(Value):
    """An offence: `value` is its words, `offence` its name in the published vocabulary."""

    offence: str | None = None


class Place(Value):
    """A place as named, with its ISO 3166 country where it is certain."""

    country: str | None = None
    kind: Literal["GPE", "FACILITY"] | None = None


class Term(Value):
    """A length of time in ISO 8601 (`life` for life), with the bound its words give and what kind of term it is."""

    bound: Bound | None = None
    kind: TermKind | None = None


class Amount(Frozen):
    """Money: a decimal number and an ISO 4217 code; null where the words are not sure to mean one.

    `high` is the upper end of a range, `share` tells an amount for each person from a total.
    """

    value: Decimal | None
    currency: str | None
    text: str
    start: int
    end: int
    score: float | None = None
    check: bool = False
    high: Decimal | None = None
    bound: Bound | None = None
    share: Share | None = None
