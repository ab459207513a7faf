"""`casetrace annotate stats`: what the corpus holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli.annotate import annotate

START, END = "<!-- stats -->\n", "<!-- end of stats -->\n"


@annotate.command("stats")
def stats_cli(
    root: Annotated[Path, typer.Argument(help="folder that holds corpus/ and annotations/")] = Path(),
    hrdsattack: Annotated[
        Path | None, typer.Option(help="folder of the HRDsAttack data set, to count that part too")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Markdown file whose part between the stats marks is renewed")
    ] = None,
) -> None:
    """Count documents, labels, genres, countries and lengths, and how varied the corpus is."""
    from casetrace.census import count, write_page
    from casetrace.corpus import SPLITS, read_external, read_manifest, read_split
    from casetrace.jsonl import replacing
    from casetrace.types import CasetraceError

    splits = {split: list(read_split(root, split)) for split in SPLITS}
    if hrdsattack:
        for split in SPLITS:
            splits[split] += read_external(root, split, hrdsattack=hrdsattack)
    table = write_page(count(splits, read_manifest(root)))
    if page is None:
        print(table, end="")
        return
    old = page.read_text("utf-8") if page.is_file() else ""
    if START not in old or END not in old:
        raise CasetraceError(f"{page}: no lines {START.strip()} and {END.strip()} to write the counts between")
    with replacing(page) as lines:
        lines.write(old[: old.index(START)] + START + table + old[old.index(END) :])
