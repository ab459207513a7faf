"""Dates that pages give of themselves, and dates of the story that must not be taken for them."""

from __future__ import annotations

import pytest

from casetrace.reading.metadata import find_published, iso_date

CASES = [
    ("Freed\n24 July 2024\nShe was freed.", "2024-07-24"),
    ("Freed\nShe was freed.\n\npublished 2020-06-23", "2020-06-23"),
    ("# Freed\n\nWednesday 9 December 2020, by Ruth Okello (Date first published: 1 December 2020).", "2020-12-09"),
    ("Freed\nPublished: 3rd May 2023 | Updated: 5 May 2023\nShe was freed.", "2023-05-03"),
    ("Freed\nPosted on May 3, 2023 by admin\nShe was freed.", "2023-05-03"),
    ("Freed\n\nKISUMU, 3 May 2023 – A court freed her.", "2023-05-03"),
    ("Freed\n\n(Nairobi, May 3, 2023) – A court freed her.", "2023-05-03"),
    ("Freed\n\nShe was freed on 3 May 2023 after a month.", None),
    ("Freed\n\nOn 3 May 2023, a court freed her.", None),
    ("Freed\n\nUPDATE 18/07/18: the court will sit again.", None),
    ("Freed\n03/05/2023\nShe was freed.", None),  # 3 May or 5 March
]


@pytest.mark.parametrize(("text", "published"), CASES)
def test_find_published(text: str, published: str | None) -> None:
    assert find_published(text) == published


TOLD = [
    ("2024-07-24T10:00:00+02:00", "2024-07-24"),
    ("2024-07-24 10:00", "2024-07-24"),
    ("July 24, 2024", "2024-07-24"),
    ("2024", "2024"),
    ("2024-13", None),
    ("03/05/2023", None),
    ("", None),
]


@pytest.mark.parametrize(("words", "date"), TOLD)
def test_date_told_beside_a_text(words: str, date: str | None) -> None:
    assert iso_date(words) == date
