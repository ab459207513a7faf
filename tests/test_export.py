"""Exports: what other tools read is what the record says."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest

from casetrace import jsonl
from casetrace.export import EXPORTS, export
from casetrace.export.uwazi import preflight
from casetrace.types import CaseRecord, CasetraceError

HOSTILE = '=HYPERLINK("http://x";"y") | Doe; "Jane"\n@sum'


@pytest.fixture
def records() -> list[CaseRecord]:
    quote = {"text": "w", "start": 0, "end": 1}
    event = {
        "type": "SENTENCE",
        "modality": "ASSERTED",
        "evidence": [quote],
        "date": {"value": "2020-04", "date_type": "unknown day", **quote},
        "agents": [{"value": "Kisumu High Court", **quote}],
        "charges": [{"value": "incitement", "offence": "incitement", **quote}],
        "places": [{"value": "Kisumu", "country": "KE", **quote}],
        "term": {"value": "P18M", "kind": "imposed", **quote},
        "amount": {"value": "6000000", "currency": "KES", **quote},
    }
    row = {"doc_id": "d", "events": [event], "charges": ["incitement"], "status": "sentenced", "country": "KE"}
    return [
        CaseRecord.model_validate(
            {
                "case_id": "a",
                "subject": {"name": "Ruth Okello", "kind": "person", "aliases": ["Okello", "R. Okello"]},
                **row,
            }
        ),
        CaseRecord.model_validate({"case_id": "b", "subject": {"name": HOSTILE, "kind": "group", "count": 10}, **row}),
    ]


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_jsonl_is_identity(records: list[CaseRecord], tmp_path: Path) -> None:
    export(records, tmp_path / "r.jsonl", to="jsonl")
    assert list(jsonl.read(tmp_path / "r.jsonl", CaseRecord)) == records


def test_csv_is_safe_and_complete(records: list[CaseRecord], tmp_path: Path) -> None:
    export(records, tmp_path / "r.csv", to="csv")
    first, second = rows(tmp_path / "r.csv")
    assert (first["name"], first["aliases"], first["status"], first["first_date"]) == (
        "Ruth Okello",
        "Okello; R. Okello",
        "sentenced",
        "2020-04",
    )
    assert second["name"] == '\'=HYPERLINK("http://x","y") | Doe, "Jane" @sum'
    event = rows(tmp_path / "r-events.csv")[0]
    assert (event["date"], event["date_type"], event["term"], event["amount"]) == (
        "2020-04",
        "day unknown",
        "P18M",
        "6000000",
    )


def test_uwazi_tells_what_it_would_falsify(records: list[CaseRecord], tmp_path: Path) -> None:
    warnings = export(records, tmp_path / "u.csv", to="uwazi")
    assert warnings == list(preflight(records))
    assert any("2020-04 is not one day" in warning and "2020-04-01:2020-04-30" in warning for warning in warnings)
    assert any("Uwazi reads | as the end of a value" in warning for warning in warnings)
    first, second = rows(tmp_path / "u.csv")
    assert (first["title"], first["aliases"], first["period"]) == (
        "Ruth Okello",
        "Okello|R. Okello",
        "2020-04-01:2020-04-30",
    )
    assert "|" not in second["title"]
    assert rows(tmp_path / "u-events.csv")[0]["date"] == "2020-04-01:2020-04-30"


def test_sqlite_is_normalised_and_searchable(records: list[CaseRecord], tmp_path: Path) -> None:
    export(records, tmp_path / "r.sqlite", to="sqlite")
    database = sqlite3.connect(tmp_path / "r.sqlite")
    found = database.execute(
        "SELECT cases.name, events.type, events.date, event_values.value FROM cases JOIN events USING (case_id)"
        " JOIN event_values USING (event_id) WHERE event_values.field = 'agent' AND case_id IN"
        " (SELECT case_id FROM cases_search WHERE cases_search MATCH 'okello')"
    ).fetchall()
    assert found == [("Ruth Okello", "SENTENCE", "2020-04", "Kisumu High Court")]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    with pytest.raises(CasetraceError, match="share an id"):
        export([records[0], records[0]], tmp_path / "twice.sqlite", to="sqlite")


def test_parquet(records: list[CaseRecord], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(records, tmp_path / "r.parquet", to="parquet")
    cases = parquet.read_table(tmp_path / "r.parquet").to_pylist()
    assert (cases[0]["name"], cases[0]["aliases"], cases[1]["count"]) == ("Ruth Okello", ["Okello", "R. Okello"], 10)
    assert parquet.read_table(tmp_path / "r-events.parquet").to_pylist()[0]["amount"] == 6000000


def test_followthemoney_validates(records: list[CaseRecord], tmp_path: Path) -> None:
    model = pytest.importorskip("followthemoney").model
    assert export(records, tmp_path / "r.ftm.json", to="ftm") == []
    entities = [model.get_proxy(json.loads(line)) for line in (tmp_path / "r.ftm.json").read_text("utf-8").splitlines()]
    for entity in entities:
        entity.schema.validate(entity.to_dict())
    assert {entity.schema.name for entity in entities} == {
        "Person",
        "LegalEntity",
        "PublicBody",
        "Event",
        "CourtCase",
        "CourtCaseParty",
    }
    event = next(entity for entity in entities if entity.schema.name == "Event")
    assert (event.get("date"), event.get("location"), event.get("country")) == (["2020-04"], ["Kisumu"], ["ke"])


def test_unknown_format(records: list[CaseRecord], tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match=f"there are {', '.join(EXPORTS)}"):
        export(records, tmp_path / "x", to="excel")
