"""`casetrace link`: which records are about one subject."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from casetrace.cli import app
from casetrace.cli.paths import check_paths


@app.command("link")
def link_cli(
    records: Annotated[str, typer.Argument(help="records.jsonl; - is stdin")],
    output: Annotated[str, typer.Option("-o", "--output", help="judgements, one a line; - is stdout")] = "-",
    different: Annotated[bool, typer.Option(help="also write the pairs that were compared and kept apart")] = False,
) -> None:
    """Propose which records are about one subject, with reasons: a file of judgements to read, change and keep."""
    from collections import Counter

    from casetrace import jsonl
    from casetrace.link import link
    from casetrace.types import CaseRecord

    check_paths([records], [output])
    found = list(link(jsonl.read(records, CaseRecord), different=different))
    jsonl.write(found, output)
    counts = Counter(judgement.verdict for judgement in found)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("same", "unsure", "different") if counts[verdict])
    print(f"pairs: {told or 'none'}", file=sys.stderr)
