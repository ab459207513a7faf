"""`casetrace annotate show` and `add`: a corpus text with its annotation in place, out for correction and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli.annotate import annotate

Root = Annotated[Path, typer.Option(help="folder that holds corpus/ and annotations/")]


@annotate.command("show")
def show_cli(doc_id: Annotated[str, typer.Argument(metavar="ID")], root: Root = Path()) -> None:
    """Print a corpus text with its annotation in place, ready to be corrected."""
    from casetrace.corpus import read_manifest, read_split
    from casetrace.manuscript import write_manuscript
    from casetrace.types import CasetraceError

    entry = read_manifest(root).get(doc_id)
    if entry is None:
        raise CasetraceError(f"no text {doc_id!r} in {root / 'corpus' / 'manifest.jsonl'}")
    for document, annotation in read_split(root, entry.split):
        if document.id == doc_id:
            print(write_manuscript(entry, document, annotation), end="")


@annotate.command("add")
def add_cli(files: Annotated[list[Path], typer.Argument(metavar="FILE...")], root: Root = Path()) -> None:
    """Add manuscripts to the corpus, each in place of the text of the same id."""
    from casetrace.manuscript import add, read_manuscript

    count = add(root, [read_manuscript(file) for file in files])
    print(f"casetrace: {count} texts added to {root / 'corpus'}", file=sys.stderr)
