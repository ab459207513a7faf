"""`casetrace annotate agreement`: how far annotators agree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.extra import extra


@annotate.command("agreement")
@extra("annotate")
def agreement_cli(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="annotations, JSONL; one file for each annotator, or mixed")
    ],
    text: Annotated[
        list[Path] | None,
        typer.Option(help="the documents: JSONL, folder of .txt, or folder of corpus/; to compare words and records"),
    ] = None,
    output: Annotated[str, typer.Option("-o", "--output", help="JSON file for all figures")] = "",
) -> None:
    """Compare annotators: F1 of each two, Cohen's kappa, Krippendorff's alpha, with 95 % intervals."""
    from rich.console import Console

    from casetrace import jsonl
    from casetrace.agreement import agreement, by_annotator
    from casetrace.report.agreement import tables
    from casetrace.texts import read_texts
    from casetrace.types import Annotation

    work = by_annotator({str(file): list(jsonl.read(file, Annotation)) for file in files})
    found = agreement(work, texts=read_texts(text) if text else None)
    console = Console()
    for table in tables(found):
        console.print(table)
    if not text:
        print("casetrace: words and whole records were not compared; give the texts with --text", file=sys.stderr)
    if output:
        with jsonl.replacing(output) as lines:
            lines.write(found.model_dump_json(indent=1))
