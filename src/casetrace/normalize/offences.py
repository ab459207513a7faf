"""Offences to the small published vocabulary of offences.toml; the words of the text stay what the record quotes."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Offence(NamedTuple):
    """One entry of the vocabulary."""

    name: str
    huridocs: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]


@cache
def offences() -> dict[str, Offence]:
    """The whole vocabulary, in the order in which the patterns are tried."""
    rows = tomllib.loads(files("casetrace.normalize").joinpath("offences.toml").read_text("utf-8"))
    return {
        name: Offence(
            name,
            row["huridocs"],
            re.compile(
                "|".join(
                    rf"\b(?:{pattern})" if pattern[0].isalnum() or pattern[0] == "(" else pattern
                    for pattern in row["patterns"]
                )
            ),
            tuple(row["examples"]),
        )
        for name, row in rows.items()
    }


def read_offence(text: str) -> str | None:
    """The vocabulary's name for an offence, or nothing if it holds none that fits.

    >>> read_offence("incitement to commit a felony"), read_offence("something else")
    ('incitement', None)
    """
    words = re.sub(r"\s+", " ", text.lower().replace("’", "'"))
    return next((offence.name for offence in offences().values() if offence.pattern.search(words)), None)
