"""`casetrace show RECORDS`: case records as a readable table."""

from __future__ import annotations

from typing import Annotated

import typer

from casetrace.cli import app


@app.command("show")
def show_cli(
    records: Annotated[str, typer.Argument(help="records.jsonl; - is stdin")],
    most: Annotated[int, typer.Option(min=1, help="how many to show")] = 25,
    width: Annotated[int, typer.Option(min=80, help="columns, where the output is not a terminal")] = 150,
) -> None:
    """Print case records as a table: whom, what happened, what is demanded, the status."""
    from rich.console import Console

    from casetrace import jsonl
    from casetrace.report.cases import cases_table
    from casetrace.types import CaseRecord

    console = Console()
    if not console.is_terminal:
        console = Console(width=width)
    console.print(cases_table(jsonl.read(records, CaseRecord), most=most))
