"""The corpus counted on two small documents."""

from __future__ import annotations

from casetrace.census import count, write_page
from casetrace.markup import read_markup

PAIRS = [
    read_markup("[Police|ORG o] [arrested|ARREST agent=o] [Ruth|PERSON].", doc_id="a"),
    read_markup("No case here, nothing at all.", doc_id="b"),
]


def test_counts() -> None:
    census = count({"train": PAIRS[:1], "dev": PAIRS[1:]}, {})
    totals = {"documents": 2, "words": 9, "spans": 3, "events": 1, "relations": 1, "documents without an event": 1}
    assert census.totals == totals
    assert census.tables["split"] == {"train": 1, "dev": 1}
    assert census.tables["genre"] == {"external": 2}
    assert census.tables["length in words"]["up to 80"] == 2
    assert census.tables["event"]["ARREST"] == census.tables["modality"]["ASSERTED"] == 1
    assert census.diversity["distinct 4-grams in 1,000"] == 1000


def test_page_shows_each_table() -> None:
    page = write_page(count({"train": PAIRS}, {}))
    assert "| documents | 2 |" in page
    assert "train      2 ████████████████████████████████████████" in page
