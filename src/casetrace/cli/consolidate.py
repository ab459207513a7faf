"""`casetrace consolidate` and `casetrace conflicts`: what all sources say of one subject, and where they disagree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli import app
from casetrace.cli.paths import check_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casetrace.types import Conflict, Dossier


@app.command("consolidate")
def consolidate_cli(
    records: Annotated[str, typer.Argument(help="records.jsonl; - is stdin")],
    judgements: Annotated[
        list[Path] | None, typer.Argument(help="judgement files, the later standing against the earlier")
    ] = None,
    output: Annotated[str, typer.Option("-o", "--output", help="dossiers, one a line; - is stdout")] = "-",
) -> None:
    """Join the records that are judged the same into dossiers; without judgements, link proposes them first."""
    from casetrace import jsonl
    from casetrace.consolidate import consolidate
    from casetrace.link import link
    from casetrace.types import CaseRecord, Judgement

    check_paths([records, *(judgements or [])], [output])
    known = list(jsonl.read(records, CaseRecord))
    judged = [one for path in judgements or [] for one in jsonl.read(path, Judgement)] or list(link(known))
    dossiers = consolidate(known, judged)
    jsonl.write(dossiers, output)
    joined = sum(len(dossier.records) > 1 for dossier in dossiers)
    disputed = sum(bool(dossier.conflicts) for dossier in dossiers)
    print(
        f"{len(known)} records, {len(dossiers)} dossiers, {joined} with several records, {disputed} with conflicts",
        file=sys.stderr,
    )


@app.command("conflicts")
def conflicts_cli(dossiers: Annotated[str, typer.Argument(help="dossiers.jsonl; - is stdin")]) -> None:
    """List, field by field, every version on which the sources of a dossier disagree, with its words and source."""
    from casetrace import jsonl
    from casetrace.types import Dossier

    for dossier in jsonl.read(dossiers, Dossier):
        for line in _lines(dossier):
            print(line)


def _lines(dossier: Dossier) -> Iterator[str]:
    if dossier.conflicts:
        sources = ", ".join(dict.fromkeys(record.doc_id for record in dossier.records))
        yield f"{dossier.subject.name} ({sources})"
    for conflict in dossier.conflicts:
        yield f"  {_field(conflict)}"
        for version in conflict.versions:
            words = " ".join(version.text.split())
            yield f'    {version.value:<28} {version.doc_id}, {version.start}-{version.end}: "{words}"'


def _field(conflict: Conflict) -> str:
    return conflict.field if conflict.event is None else f"{conflict.field} of {conflict.event}"
