"""`casetrace export`: records in the formats of other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli import app
from casetrace.cli.paths import check_paths


@app.command("export")
def export_cli(
    records: Annotated[str, typer.Argument(help="records.jsonl; - is stdin")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="the file; csv, parquet and uwazi write a second, -events, beside it")
    ],
    to: Annotated[
        str, typer.Option("--to", help="jsonl, csv, parquet, sqlite, uwazi or ftm; else by the ending of the file")
    ] = "",
) -> None:
    """Write records as JSONL, CSV, Parquet, SQLite, Uwazi import CSV or FollowTheMoney entities."""
    from casetrace import jsonl
    from casetrace.export import EXPORTS, export
    from casetrace.types import CaseRecord, CasetraceError

    endings = {".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet", ".sqlite": "sqlite", ".db": "sqlite"}
    chosen = to or endings.get(output.suffix, "")
    if not chosen:
        raise CasetraceError(f"{output}: the format does not show in the name; add --to {', '.join(EXPORTS)}")
    check_paths([records], [output])
    warnings = export(jsonl.read(records, CaseRecord), output, to=chosen)
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(f"written: {output} ({chosen}, {len(warnings)} warnings)", file=sys.stderr)
