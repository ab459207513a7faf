"""Records in the formats of other tools: a registry of writers, each given the records and a path.

Every writer neutralises what the target would take for a formula or a separator, and returns what a reader should know:
values that the target would falsify, drop or cannot hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from casetrace.export.ftm import write_ftm
from casetrace.export.jsonlines import write_jsonl
from casetrace.export.parquet import write_parquet
from casetrace.export.sqlite import write_sqlite
from casetrace.export.tables import write_csv
from casetrace.export.uwazi import write_uwazi
from casetrace.types import CaseRecord, CasetraceError

Writer = Callable[[Sequence[CaseRecord], Path], list[str]]

EXPORTS: dict[str, Writer] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
    "sqlite": write_sqlite,
    "uwazi": write_uwazi,
    "ftm": write_ftm,
}


def export(records: Iterable[CaseRecord], path: Path | str, *, to: str) -> list[str]:
    """Write the records in the format `to`; returns the warnings, raises `CasetraceError` for an unknown format."""
    if to not in EXPORTS:
        raise CasetraceError(f"no export is called {to!r}; there are {', '.join(EXPORTS)}")
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return EXPORTS[to](list(records), path)
