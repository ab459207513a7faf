"""SQLite: normalised tables with full-text search, as datasette and others open it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from casetrace.export.rows import Cell, Row, case_row, event_row
from casetrace.jsonl import unfinished
from casetrace.types import CaseRecord, CasetraceError, Value

_SCHEMA = """
CREATE TABLE cases (
  case_id TEXT PRIMARY KEY, doc_id TEXT NOT NULL, published TEXT, country TEXT, name TEXT NOT NULL, kind TEXT NOT NULL,
  count INTEGER, count_bound TEXT, status TEXT, first_date TEXT, last_date TEXT, "check" INTEGER NOT NULL
);
CREATE TABLE events (
  event_id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases(case_id), position INTEGER NOT NULL, type TEXT
  NOT NULL,
  modality TEXT NOT NULL, detail TEXT, date TEXT, date_type TEXT, date_words TEXT, term TEXT, term_bound TEXT,
  term_kind TEXT,
  term_words TEXT,
  amount NUMERIC, currency TEXT, amount_words TEXT, with_group TEXT, score REAL, "check" INTEGER NOT NULL
);
CREATE TABLE subject_values (
  id INTEGER PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases(case_id), field TEXT NOT NULL, value TEXT NOT NULL,
  text TEXT,
  start INTEGER, "end" INTEGER, score REAL
);
CREATE TABLE event_values (
  id INTEGER PRIMARY KEY, event_id TEXT NOT NULL REFERENCES events(event_id), field TEXT NOT NULL, value TEXT NOT NULL,
  offence TEXT, country TEXT, text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, score REAL
);
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY, event_id TEXT NOT NULL REFERENCES events(event_id), text TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX events_case ON events(case_id);
CREATE INDEX events_type ON events(type, modality);
CREATE INDEX subject_values_case ON subject_values(case_id);
CREATE INDEX event_values_event ON event_values(event_id);
CREATE INDEX evidence_event ON evidence(event_id);
CREATE VIRTUAL TABLE cases_search USING fts5(
  name, aliases, roles, organisations, charges, places, case_id UNINDEXED, tokenize="unicode61 remove_diacritics 2"
);
"""


def write_sqlite(records: Sequence[CaseRecord], path: Path) -> list[str]:
    """Write a fresh database; it takes its name only when it is complete."""
    with unfinished(path) as place:
        try:
            _fill(place, records)
        except sqlite3.IntegrityError as error:
            raise CasetraceError(f"{path}: two records share an id ({error}); write each record once") from error
        except sqlite3.OperationalError as error:
            raise CasetraceError(f"{path}: the database cannot be written: {error}") from error
    return []


def _fill(place: Path, records: Sequence[CaseRecord]) -> None:
    with closing(sqlite3.connect(place)) as database:
        database.executescript(_SCHEMA)
        for record in records:
            _insert(database, record)
        database.commit()


def _insert(database: sqlite3.Connection, record: CaseRecord) -> None:
    _row(database, "cases", case_row(record))
    subject = record.subject
    for field, values in (("role", subject.roles), ("organisation", subject.organisations)):
        for value in values:
            _row(database, "subject_values", {"case_id": record.case_id, "field": field, **_value(value)})
    for alias in subject.aliases:
        _row(database, "subject_values", {"case_id": record.case_id, "field": "alias", "value": alias})
    for number, event in enumerate(record.events):
        row = event_row(record, number) | {"position": number}
        _row(database, "events", row)
        for quote in event.evidence:
            _row(database, "evidence", {"event_id": row["event_id"], **quote.model_dump()})
    for values_row in _event_values(record):
        _row(database, "event_values", values_row)
    _search(database, record)


def _event_values(record: CaseRecord) -> Iterator[Row]:
    for number, event in enumerate(record.events):
        groups = (("agent", event.agents), ("charge", event.charges), ("law", event.laws), ("place", event.places))
        for field, values in groups:
            for value in values:
                yield {"event_id": f"{record.case_id}-{number}", "field": field, **_value(value)}


def _value(value: Value) -> Row:
    kept = ("value", "text", "start", "end", "score", "offence", "country")
    return {key: cell for key, cell in value.model_dump().items() if key in kept}


def _search(database: sqlite3.Connection, record: CaseRecord) -> None:
    row = case_row(record)
    places = " ".join(place.value for event in record.events for place in event.places)
    words = [_joined(row[column]) for column in ("name", "aliases", "roles", "organisations", "charges")]
    database.execute("INSERT INTO cases_search VALUES (?, ?, ?, ?, ?, ?, ?)", (*words, places, record.case_id))


def _joined(value: Cell | list[str]) -> str:
    return " ".join(value) if isinstance(value, list) else str(value or "")


def _row(database: sqlite3.Connection, table: str, row: Row) -> None:
    """Insert the cells whose columns the table has."""
    columns = [name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")]
    cells = {column: row[column] for column in columns if column in row and not isinstance(row[column], list)}
    names, marks = ", ".join(f'"{column}"' for column in cells), ", ".join("?" * len(cells))
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(cells.values()))
