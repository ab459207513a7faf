"""`casetrace verify`: does every quote stand where the file says it stands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli import app
from casetrace.cli.paths import check_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casetrace.types import CaseRecord, Dossier


@app.command("verify")
def verify_cli(
    found: Annotated[str, typer.Argument(metavar="RECORDS", help="records.jsonl or dossiers.jsonl; - is stdin")],
    documents: Annotated[list[str], typer.Argument(help="what they were extracted from: files, folders, .jsonl")],
) -> None:
    """Re-check every quote, name and offset against the documents; exit code 1 and a line for each that is wrong.

    It tells whether the words stand where the record says, not whether a date or an amount follows from them.
    """
    from casetrace.read import read
    from casetrace.types import Document
    from casetrace.verify import verify

    check_paths([found, *documents])
    known = {document.id: document for document in read(documents) if isinstance(document, Document)}
    checked = list(_rows(found))
    faults = list(verify(checked, known))
    for fault in faults:
        print(fault)
    print(f"{len(checked)} checked, {len(faults)} faults", file=sys.stderr)
    if faults:
        raise typer.Exit(1)


def _rows(path: str) -> Iterator[CaseRecord | Dossier]:
    """A dossier is known by its records."""
    from pydantic import ValidationError

    from casetrace import jsonl
    from casetrace.types import CaseRecord, CasetraceError, Dossier

    for number, row in jsonl.rows(path):
        try:
            yield Dossier.model_validate(row) if "records" in row else CaseRecord.model_validate(row)
        except ValidationError as error:
            raise CasetraceError(
                f"{path}, line {number}: neither a record nor a dossier: {error.errors()[0]['msg']}"
            ) from error
