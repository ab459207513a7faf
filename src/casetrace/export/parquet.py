"""Parquet: cases, and beside them events; several values of a field are a list column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casetrace.export.rows import Row, case_row, event_row
from casetrace.export.tables import beside
from casetrace.jsonl import unfinished
from casetrace.types import CaseRecord, CasetraceError

_LISTS = ("aliases", "roles", "organisations", "charges", "offences", "laws", "agents", "places", "quote")
_NUMBERS = ("count", "events", "check", "start", "end")
_DECIMALS = ("amount", "score")


def write_parquet(records: Sequence[CaseRecord], path: Path) -> list[str]:
    """Write two Parquet files with fixed column types; needs pyarrow (the extra `export`)."""
    arrow = _arrow()
    cases = [case_row(record) for record in records]
    events = [event_row(record, number) for record in records for number in range(len(record.events))]
    for rows, target in ((cases, path), (events, beside(path, "events"))):
        with unfinished(target) as place:
            arrow.parquet.write_table(_table(arrow, rows), place)
    return []


def _arrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise CasetraceError("Parquet needs pyarrow: pip install 'casetrace[export]'") from error
    return pyarrow


def _table(arrow: Any, rows: list[Row]) -> Any:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    schema = arrow.schema([(column, _type(arrow, column, rows)) for column in columns])
    return arrow.Table.from_pylist(rows, schema=schema)


def _type(arrow: Any, column: str, rows: list[Row]) -> Any:
    if column in _LISTS or any(isinstance(row.get(column), list) for row in rows):
        return arrow.list_(arrow.string())
    if column in _NUMBERS:
        return arrow.int64()
    return arrow.float64() if column in _DECIMALS else arrow.string()
