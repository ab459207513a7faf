"""`casetrace annotate check`: look the corpus over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli.annotate import annotate


@annotate.command("check")
def check_cli(
    root: Annotated[Path, typer.Argument(help="folder that holds corpus/ and annotations/")] = Path(),
    hrdsattack: Annotated[
        Path | None, typer.Option(help="folder of the HRDsAttack data set, to check that part too")
    ] = None,
    notices: Annotated[bool, typer.Option(help="print oddities too, not only errors")] = False,
) -> None:
    """Check every annotation of the corpus and between its splits; exit code 1 when there is an error."""
    from casetrace.audit import audit
    from casetrace.corpus import SPLITS, read_external, read_shared_names, read_split

    splits = {split: list(read_split(root, split)) for split in SPLITS}
    found = list(audit(splits, shared_names=read_shared_names(root)))
    count = sum(map(len, splits.values()))
    if hrdsattack:
        external = {split: list(read_external(root, split, hrdsattack=hrdsattack)) for split in SPLITS}
        found += audit(external, leaks=False)
        count += sum(map(len, external.values()))
    errors = [finding for finding in found if finding.level == "error"]
    for finding in found if notices else errors:
        print(f"{finding.level}: {finding.doc_id}: {finding.message}")
    print(f"casetrace: {count} documents, {len(errors)} errors, {len(found) - len(errors)} notices", file=sys.stderr)
    raise typer.Exit(1 if errors else 0)
