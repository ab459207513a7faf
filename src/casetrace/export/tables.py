"""CSV: one file with a row for each case, beside it `-events` with a row for each event; safe to open in a
spreadsheet.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from casetrace.export.rows import Cell, Row, case_row, event_row
from casetrace.jsonl import replacing
from casetrace.types import CaseRecord

SEPARATOR = "; "


def write_csv(records: Sequence[CaseRecord], path: Path) -> list[str]:
    """Write cases to `path` and events beside it; UTF-8 with a byte order mark, which spreadsheets need."""
    events = [event_row(record, number) for record in records for number in range(len(record.events))]
    write_rows([case_row(record) for record in records], path, columns=list(case_row(_EMPTY)))
    write_rows(events, beside(path, "events"), columns=list(events[0]) if events else ["event_id"])
    return []


def beside(path: Path, what: str) -> Path:
    """The second file of an export: cases.csv -> cases-events.csv."""
    return path.with_name(f"{path.stem}-{what}{path.suffix}")


def write_rows(rows: Iterable[Row], path: Path, *, columns: list[str], separator: str = SEPARATOR) -> None:
    """Write rows with every cell made safe."""
    with replacing(path) as lines:
        lines.write("\ufeff")
        writer = csv.DictWriter(lines, columns, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({column: _cell(row.get(column), separator) for column in columns})


def safe(words: str, separator: str = SEPARATOR) -> str:
    """Words that no spreadsheet takes for a formula and no reader for two values.

    >>> safe("=HYPERLINK(1)"), safe("Doe; Jane"), safe("two\\nlines")
    ("'=HYPERLINK(1)", 'Doe, Jane', 'two lines')
    """
    plain = re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", words).strip()
    plain = plain.replace(separator.strip(), "," if separator.strip() == ";" else "/")
    return "'" + plain if re.match(r"[=+\-@\uff1d\uff0b\uff0d\uff20]", plain) else plain


def _cell(value: Cell | list[str], separator: str) -> Cell:
    if isinstance(value, list):
        return safe_list(value, separator)
    return safe(value, separator) if isinstance(value, str) else value


def safe_list(values: list[str], separator: str) -> str:
    """Several values in one cell."""
    return separator.join(safe(value, separator) for value in values)


_EMPTY = CaseRecord.model_validate({"case_id": "", "doc_id": "", "subject": {"name": "", "kind": "person"}})
