"""`casetrace explain FILE`: every stage of one article, for a newcomer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli import app


@app.command("explain")
def explain_cli(
    file: Annotated[Path, typer.Argument(help="an article (.txt .md .html .pdf .docx)")],
    model: Annotated[str, typer.Option(help="a trained pipeline; models/en_casetrace when not given")] = "",
) -> None:
    """Print each stage of an article: coloured text, events with arguments, values, records."""
    from rich.console import Console

    from casetrace.explain import explain
    from casetrace.extraction import extract
    from casetrace.read import read
    from casetrace.types import CasetraceError, Document, Rejection

    console = Console(highlight=False)
    for item in read([file]):
        if isinstance(item, Rejection):
            line = f", line {item.line}" if item.line else ""
            raise CasetraceError(f"{item.source}{line}: {item.reason}")
        assert isinstance(item, Document)
        for found in extract([item], model=model or None):
            if isinstance(found, Rejection):
                raise CasetraceError(f"{found.source}: {found.reason}")
            for part in explain(*found):
                console.print(part)
