"""A listing page -> its items: several statements on one page, each a title line with a date line under it."""

from __future__ import annotations

from itertools import pairwise

from casetrace.reading.metadata import date_of_line

FEWEST_ITEMS = 3
LONGEST_TITLE = 200


def split_listing(text: str) -> list[str]:
    """The items of a listing page, each from its title to the next title; any other text comes back whole.

    >>> page = "News\\nA\\n1 May 2024\\nOne.\\nB\\n2 May 2024\\nTwo.\\nC\\n3 May 2024\\nThree.\\n"
    >>> split_listing(page)
    ['A\\n1 May 2024\\nOne.\\n', 'B\\n2 May 2024\\nTwo.\\n', 'C\\n3 May 2024\\nThree.\\n']
    """
    starts = _item_starts(text)
    if len(starts) < FEWEST_ITEMS:
        return [text]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def _item_starts(text: str) -> list[int]:
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            lines.append((at, line.strip()))
        at += len(line)
    return [start for (start, title), (_, below) in pairwise(lines) if _is_title(title) and date_of_line(below)]


def _is_title(line: str) -> bool:
    return len(line) <= LONGEST_TITLE and not date_of_line(line) and not line.endswith((".", ":", ";"))
