"""Accuracy of normalisation on the held-out rows of tests/cases, side by side with other libraries on the same rows.

    python benchmarks/normalize.py            # the table
    python benchmarks/normalize.py --misses   # and every row that casetrace gets wrong

The other libraries (dateparser, python-dateutil, price-parser, quantulum3) are compared where they are installed. A
date
counts as right with the right precision; a sum of money with the right number, and in the second line also its
currency.
"""

from __future__ import annotations

import argparse
import csv
import warnings
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from casetrace.normalize.dateparts import Surroundings
from casetrace.normalize.dates import read_date
from casetrace.normalize.durations import months, read_duration
from casetrace.normalize.laws import read_laws
from casetrace.normalize.money import read_money
from casetrace.normalize.names import same_name

CASES = Path(__file__).parent.parent / "tests" / "cases"
Row = dict[str, str]
Guess = Callable[[Row], bool]
_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H"}


def casetrace_date(row: Row) -> bool:
    """Value and precision."""
    around = Surroundings(
        row["published"] or None, row["anchor"] or None, row["direction"] == "future", None, row["country"] or None
    )
    when = read_date(row["text"], around)
    return (when.value if when else "-") == row["expected"]


def dateparser_date(row: Row) -> bool:
    """Told the anchor or the document's date as its base, and which way to look."""
    from dateparser.date import DateDataParser

    base = row["anchor"] or row["published"]
    settings: dict[str, object] = {
        "PREFER_DATES_FROM": "future" if row["direction"] else "past",
        "RETURN_TIME_AS_PERIOD": False,
    }
    if len(base) == 10:
        settings["RELATIVE_BASE"] = datetime.fromisoformat(base)
    found = DateDataParser(languages=["en"], settings=settings).get_date_data(row["text"])
    if found.date_obj is None:
        return row["expected"] == "-"
    width = {"day": 10, "week": 10, "month": 7, "year": 4}.get(found.period, 10)
    return found.date_obj.date().isoformat()[:width] == row["expected"]


def dateutil_date(row: Row) -> bool:
    """Precision is not told, so a day is compared where a day is expected, else its beginning."""
    from dateutil.parser import ParserError, parse

    base = row["anchor"] or row["published"]
    default = datetime.fromisoformat(base) if len(base) == 10 else datetime(1900, 1, 1)
    try:
        found = parse(row["text"], default=default, fuzzy=True).date().isoformat()
    except (ParserError, OverflowError):
        return row["expected"] == "-"
    return found[: len(row["expected"])] == row["expected"] if row["expected"] != "-" else False


def casetrace_duration(row: Row) -> bool:
    """Value and bound."""
    length = read_duration(row["text"])
    return ((length.value, length.bound or "") if length else ("-", "")) == (row["expected"], row["bound"])


def quantities(words: str) -> list[Any]:
    """What quantulum3 finds, without its classifier, whose stored model needs an old scikit-learn."""
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(parser.parse(words))


def quantulum_duration(row: Row) -> bool:
    """The first quantity of time, without its bound."""
    found = [one for one in quantities(row["text"]) if one.unit.entity.name == "time"]
    if not found:
        return row["expected"] == "-"
    unit = _UNITS.get(found[0].unit.name.removesuffix("s"))
    whole = Decimal(str(found[0].value))
    if unit is None or whole != int(whole):
        return False
    said = f"PT{int(whole)}H" if unit == "H" else f"P{int(whole)}{unit}"
    return said == row["expected"] or (months(said) is not None and months(said) == months(row["expected"]))


def casetrace_amount(row: Row) -> bool:
    """The number alone."""
    money = read_money(row["text"], country=row["country"] or None)
    if row["amount"] in ("", "-"):
        return money is None or money.currency is None
    return money is not None and (f"{money.value}/{money.high}" if money.high else str(money.value)) == row["amount"]


def casetrace_money(row: Row) -> bool:
    """Number, currency and bound."""
    money = read_money(row["text"], country=row["country"] or None)
    if row["amount"] in ("", "-"):
        return money is None or money.currency is None
    return (
        casetrace_amount(row)
        and money is not None
        and (money.currency, money.bound or money.share or "") == (row["currency"], row["bound"])
    )


def price_parser_amount(row: Row) -> bool:
    """The number alone: its currency is the sign or word as written."""
    from price_parser import Price

    found = Price.fromstring(row["text"]).amount
    return found is None if row["amount"] in ("", "-") else found is not None and str(found) == row["amount"]


def quantulum_amount(row: Row) -> bool:
    """The number alone."""
    found = [one.value for one in quantities(row["text"])]
    if row["amount"] in ("", "-"):
        return not found
    return bool(found) and "/" not in row["amount"] and Decimal(str(found[0])) == Decimal(row["amount"])


def casetrace_law(row: Row) -> bool:
    """Every item, in order."""
    return "; ".join(read_laws(row["text"])) == row["expected"]


def casetrace_name(row: Row) -> bool:
    """Every form of a cluster with the first."""
    first, *others = row["forms"].split("|")
    return all(same_name(first, other) for other in others) == (row["same"] == "yes")


RIVALS: dict[str, dict[str, Guess]] = {
    "dates": {"casetrace": casetrace_date, "dateparser": dateparser_date, "dateutil": dateutil_date},
    "durations": {"casetrace": casetrace_duration, "quantulum3": quantulum_duration},
    "money": {"casetrace": casetrace_money},
    "money, number only": {
        "casetrace": casetrace_amount,
        "price-parser": price_parser_amount,
        "quantulum3": quantulum_amount,
    },
    "laws": {"casetrace": casetrace_law},
    "names": {"casetrace": casetrace_name},
}


def rows(table: str, split: str) -> list[Row]:
    """The rows of one part of a table."""
    with open(CASES / f"{table}.tsv", encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row["split"] == split]


def attempt(guess: Guess, row: Row) -> bool:
    """A library that fails on a row is wrong on it."""
    try:
        return guess(row)
    except ImportError:
        raise
    except Exception:
        return False


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--misses", action="store_true")
    options.add_argument("--split", default="heldout", choices=["developed", "heldout"])
    chosen = options.parse_args()
    for table, rivals in RIVALS.items():
        found = rows(table.split(",")[0], chosen.split)
        cells = []
        for name, guess in rivals.items():
            try:
                right = [attempt(guess, row) for row in found]
            except ImportError:
                cells.append(f"{name} not installed")
                continue
            cells.append(f"{name} {sum(right)}/{len(found)} = {sum(right) / len(found):.1%}")
            if chosen.misses and name == "casetrace":
                for row, hit in zip(found, right, strict=True):
                    if not hit:
                        print("   miss:", " | ".join(value for value in row.values()))
        print(f"{table:<20} " + "   ".join(cells))


if __name__ == "__main__":
    main()
