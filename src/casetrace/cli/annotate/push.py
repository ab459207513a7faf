"""`casetrace annotate push`: documents onto the annotators' desk, the most useful first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.annotate.connection import Server, Title, connect, on_server, say
from casetrace.cli.annotate.serve import Overlap, StepOption, check_step, open_project
from casetrace.cli.extra import extra

if TYPE_CHECKING:
    from casetrace.labelstudio.client import Client
    from casetrace.labelstudio.project import Pushed
    from casetrace.types import Annotation, Document

Items = list[tuple["Document", "Annotation | None"]]


@annotate.command("push")
@extra("annotate")
@on_server
def push_cli(
    server: Server,
    inputs: Annotated[
        list[str], typer.Argument(help="files or folders (.txt .md .html .pdf .docx .jsonl); - is stdin")
    ],
    title: Title = "casetrace",
    annotations: Annotated[
        Path | None, typer.Option(help="JSONL of annotations over these documents, to pre-label them with")
    ] = None,
    model: Annotated[str, typer.Option(help="pipeline that pre-labels them; `none` for bare texts")] = "",
    order: Annotated[
        str, typer.Option(help="queue: least sure and most different first; given: as they come")
    ] = "queue",
    step: StepOption = "all",
    overlap: Overlap = 1,
    assign: Annotated[
        str, typer.Option(help="annotators, by commas: each gets a project with the documents that are theirs")
    ] = "",
    guidelines: Annotated[Path, typer.Option(help="Markdown shown to annotators")] = Path("annotations/GUIDELINES.md"),
    allow_telemetry: Annotated[bool, typer.Option(help="send texts even to a server that reports outside")] = False,
) -> None:
    """Send documents with the model's pre-annotation to a project; those that are there already are left alone."""
    from casetrace import queue
    from casetrace.labelstudio.guard import refuse_leaks
    from casetrace.labelstudio.project import get_project, push
    from casetrace.types import CasetraceError

    if order not in ("queue", "given"):
        raise CasetraceError(f"--order {order}: not known; there is: queue, given")
    found_step = check_step(step)
    failed: list[str] = []
    with connect(server) as client:
        for reason in refuse_leaks(client, allow=allow_telemetry):
            say(f"pushed although {reason}")
        items = _items(inputs, annotations, model)
        ranked = [items[at] for at in queue.order(items)] if order == "queue" else items
        for name, share in _shares(client, title, ranked, assign, overlap).items():
            wanted = 1 if assign else overlap
            open_project(client, name, step=found_step, overlap=wanted, guidelines=guidelines)
            _tell(name, push(client, get_project(client, name), share, step=found_step), failed)
    raise typer.Exit(1 if failed else 0)


def _shares(client: Client, title: str, items: Items, annotators: str, overlap: int) -> dict[str, Items]:
    """The documents of each project: all in one, or one project for each annotator, who keeps what is there already."""
    from casetrace.labelstudio.assign import assign
    from casetrace.labelstudio.project import find_project, part_title, tasks_on

    if not annotators:
        return {title: items}
    names = {name: part_title(title, name) for name in map(str.strip, annotators.split(","))}
    there = {name: find_project(client, part) for name, part in names.items()}
    desks = {name: {row.doc_id for row in tasks_on(client, part)} if part else set() for name, part in there.items()}
    given = set().union(*desks.values())
    new = [document.id for document, _ in items if document.id not in given]
    for name, doc_ids in assign(new, list(names), overlap=overlap).items():
        desks[name].update(doc_ids)
    return {part: [item for item in items if item[0].id in desks[name]] for name, part in names.items()}


def _tell(name: str, done: Pushed, failed: list[str]) -> None:
    say(f"{name}: {len(done.new)} documents pushed, {len(done.known)} were there,"
        f" {done.predictions} pre-annotations sent")  # fmt: skip
    for doc_id in done.changed:
        failed.append(doc_id)
        say(f"{doc_id}: is there with another text and was left alone; give the new text a new id")


def _items(inputs: list[str], annotations: Path | None, model: str) -> Items:
    """Every readable document with its pre-annotation; says what could not be read."""
    from casetrace import jsonl
    from casetrace.read import read
    from casetrace.schema import check
    from casetrace.types import Annotation, Document

    documents = []
    for item in read(inputs):
        if isinstance(item, Document):
            documents.append(item)
        else:
            say(f"{item.kind}: {item.source}: {item.reason}")
    if annotations is None:
        return [(document, None) for document in documents] if model == "none" else _predicted(documents, model)
    made = {row.doc_id: row for row in jsonl.read(annotations, Annotation)}
    found = ((document, made.get(document.id)) for document in documents)
    return [(document, check(row, document) if row else None) for document, row in found]


def _predicted(documents: list[Document], model: str) -> Items:
    from casetrace.extraction import Extraction, extract

    items: Items = []
    with typer.progressbar(extract(documents, model=model or None), length=len(documents), label="pre-labelling",
                           file=typer.get_text_stream("stderr")) as bar:  # fmt: skip
        for document, found in zip(documents, bar, strict=True):
            if not isinstance(found, Extraction):
                say(f"{found.source}: not pre-labelled: {found.reason}")
            items.append((document, found.annotation if isinstance(found, Extraction) else None))
    return items
