"""`casetrace annotate pull`: what annotators made, as JSONL, one file for each of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.annotate.connection import Server, Title, connect, on_server, say
from casetrace.cli.extra import extra

if TYPE_CHECKING:
    from casetrace.labelstudio.pull import Pulled


@annotate.command("pull")
@extra("annotate")
@on_server
def pull_cli(
    server: Server,
    folder: Annotated[Path, typer.Argument(help="folder for ANNOTATOR.jsonl, documents.jsonl and faults.jsonl")],
    title: Title = "casetrace",
    everything: Annotated[bool, typer.Option("--all", help="read all tasks again, not only what changed")] = False,
) -> None:
    """Bring submitted work into a folder; exit code 1 while any of it is faulty. Safe to repeat."""
    from casetrace.labelstudio.folder import FAULTS, read_state, store
    from casetrace.labelstudio.project import parts
    from casetrace.labelstudio.pull import pull

    with connect(server) as client:
        counts: Counter[str] = Counter()
        faulty = 0
        for project in parts(client, title):
            state = read_state(folder, url=client.url, title=title)
            found = pull(client, project, since=None if everything else state.until.get(project.id))
            merged = store(found, folder, state=state)
            faulty = merged.pop("faulty", 0)
            counts += merged + Counter(skipped=found.skipped, drafts=found.drafts)
            _tell(found)
    say(f"{counts['new']} annotations new, {counts['changed']} changed, {counts['same']} the same;"
        f" {counts['skipped']} tasks skipped by an annotator, {counts['drafts']} with unsubmitted work")  # fmt: skip
    if faulty:
        say(f"{faulty} cannot be used as they are: {folder / FAULTS}; mend them in the browser and pull again")
    raise typer.Exit(1 if faulty else 0)


def _tell(found: Pulled) -> None:
    for work in found.work:
        for line in (*work.faults, *work.notices):
            say(f"{work.address}: {work.annotator}: {line}")
