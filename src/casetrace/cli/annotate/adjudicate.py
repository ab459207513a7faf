"""`casetrace annotate adjudicate`: the places where annotators differ out for a verdict, the verdicts back."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.annotate.connection import Server, connect, on_server, say
from casetrace.cli.extra import extra

if TYPE_CHECKING:
    from casetrace.types import Annotation


@annotate.command("adjudicate")
@extra("annotate")
@on_server
def adjudicate_cli(
    server: Server,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="annotations, JSONL; as for agreement")],
    text: Annotated[list[Path], typer.Option(help="the documents: JSONL, folder of .txt, or folder of corpus/")],
    output: Annotated[Path, typer.Option("-o", "--output", help="JSONL file for the settled annotations")],
    title: Annotated[str, typer.Option("--project", help="title of the project for verdicts")] = "casetrace verdicts",
) -> None:
    """Ask for verdicts where annotators differ and write what is settled; repeat until nothing is open."""
    from casetrace import jsonl
    from casetrace.adjudicate import settle
    from casetrace.agreement import by_annotator
    from casetrace.labelstudio.guard import refuse_leaks
    from casetrace.labelstudio.verdicts import push_places, read_verdicts, verdict_project
    from casetrace.texts import join, read_texts
    from casetrace.types import Annotation

    work = by_annotator({str(file): list(jsonl.read(file, Annotation)) for file in files})
    texts = read_texts(text)
    for rows in work.values():
        list(join(rows.values(), texts))
    with connect(server) as client:
        refuse_leaks(client)
        project = verdict_project(client, title)
        verdicts = {verdict.place: verdict.version for verdict in read_verdicts(client, project)}
        hands = {doc_id: rows for doc_id, rows in _by_document(work).items() if len(rows) > 1}
        found = {doc_id: settle(texts[doc_id], rows, verdicts=verdicts) for doc_id, rows in sorted(hands.items())}
        places = [(texts[doc_id], place) for doc_id, settled in found.items() for place in settled.open]
        pushed = push_places(client, project, places)
    count = jsonl.write((settled.annotation for settled in found.values() if settled.annotation), output)
    say(f"{count} of {len(found)} documents settled, in {output}; {len(verdicts)} verdicts so far")
    if places:
        say(f"{len(places)} places are open, {pushed} of them new, in project {title!r} ({client.url}/projects/"
            f"{project.id}/data?labeling=1); decide there and repeat the command")  # fmt: skip


def _by_document(work: dict[str, dict[str, Annotation]]) -> dict[str, dict[str, Annotation]]:
    found: dict[str, dict[str, Annotation]] = defaultdict(dict)
    for name, rows in work.items():
        for doc_id, annotation in rows.items():
            found[doc_id][name] = annotation
    return dict(found)
