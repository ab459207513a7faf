"""Case tables of normalisation: developed-on rows must all hold, held-out rows keep their measured accuracy, bugs
are known.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from casetrace.normalize.counts import read_count
from casetrace.normalize.dateparts import Surroundings
from casetrace.normalize.dates import read_date
from casetrace.normalize.durations import read_duration
from casetrace.normalize.laws import read_laws
from casetrace.normalize.money import read_money
from casetrace.normalize.names import same_name
from casetrace.normalize.offences import offences, read_offence
from casetrace.normalize.places import document_country, place_country

CASES = Path(__file__).parent / "cases"
Row = dict[str, str]


def rows(table: str, split: str) -> list[Row]:
    with open(CASES / f"{table}.tsv", encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row["split"] == split]


def date_of(row: Row) -> tuple[str, str]:
    around = Surroundings(
        row["published"] or None, row["anchor"] or None, row["direction"] == "future", None, row["country"] or None
    )
    when = read_date(row["text"], around)
    return (when.value if when else "-"), row["expected"]


def duration_of(row: Row) -> tuple[tuple[str, str], tuple[str, str]]:
    length = read_duration(row["text"])
    found = (length.value, length.bound or "") if length else ("-", "")
    return found, (row["expected"], row["bound"])


def money_of(row: Row) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    money = read_money(row["text"], country=row["country"] or None)
    expected = (row["amount"].strip("-"), row["currency"].strip("-"), row["bound"])
    if money is None or money.currency is None:  # a number without its currency claims nothing
        return ("", "", ""), expected
    number = f"{money.value}/{money.high}" if money.high else str(money.value)
    return (number, money.currency, money.bound or money.share or ""), expected


def laws_of(row: Row) -> tuple[str, str]:
    return "; ".join(read_laws(row["text"])), row["expected"]


def names_of(row: Row) -> tuple[bool, bool]:
    first, *others = row["forms"].split("|")
    return all(same_name(first, other) for other in others), row["same"] == "yes"


TABLES: dict[str, tuple[Callable[[Row], tuple[object, object]], float]] = {
    "dates": (date_of, 0.99),
    "durations": (duration_of, 0.99),
    "money": (money_of, 0.99),
    "laws": (laws_of, 0.99),
    "names": (names_of, 0.95),
}


def accuracy(table: str, split: str) -> float:
    reader, _ = TABLES[table]
    outcomes = [found == expected for found, expected in map(reader, rows(table, split))]
    return sum(outcomes) / len(outcomes)


@pytest.mark.parametrize("table", TABLES)
def test_developed_on(table: str) -> None:
    reader, _ = TABLES[table]
    wrong = [(row, found) for row in rows(table, "developed") for found, expected in [reader(row)] if found != expected]
    assert wrong == []


@pytest.mark.parametrize("table", TABLES)
def test_held_out_accuracy_does_not_fall(table: str) -> None:
    assert accuracy(table, "heldout") >= TABLES[table][1]


@pytest.mark.parametrize(("table", "row"), [(table, row) for table in TABLES for row in rows(table, "bugs")])
def test_known_bugs(table: str, row: Row) -> None:
    found, expected = TABLES[table][0](row)
    if found == expected:
        pytest.fail("mended: move the row to the developed-on part")
    pytest.xfail(f"known: {row['text']}")


@pytest.mark.parametrize("name", offences())
def test_examples_of_offences(name: str) -> None:
    assert {read_offence(example) for example in offences()[name].examples} == {name}


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("at least 12 protesters", 12),
        ("eighty-eight", 88),
        ("dozens", None),
        ("dozens of farmers", None),
        ("her husband", 1),
        ("a 17-year-old student", 1),
        ("A 13-year-old", 1),
        ("nine of the twelve", 9),
        ("two dozen activists", 24),
        ("villagers", None),
        ("the five defendants", 5),
        ("heavily pregnant worker", 1),
        ("more than a hundred garment workers", 100),
        ("between five and seven people", 5),
        ("five or six men", 5),
        ("100-150 workers", 100),
        ("1-2 million people", 1_000_000),
        ("one to two thousand people", 1_000),
        ("nine men and one woman", 10),
        ("two of the men and one woman", 2),
        ("twenty-five drivers", 25),
        ("a hundred and twenty drivers", 120),
        ("no fewer than 12 men", 12),
        ("about half a million people", 500_000),
        ("no one", None),
        ("at least", None),
        ("more than 30 per cent of the workers", None),
        ("a smuggling gang", None),
    ],
)
def test_counts(words: str, count: int | None) -> None:
    found = read_count(words)
    assert (found.value if found else None) == count


def test_shared_place_names_are_never_guessed() -> None:
    assert place_country("Georgia") is None
    assert place_country("Georgia", mentioned=["GE", "AM"]) == "GE"
    assert place_country("Santiago") is None
    assert document_country(["Santiago"], "The Chilean court") == "CL"
