"""`casetrace annotate push`: documents onto the annotators' desk, the most useful first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.annotate.connection import Data, Timeout, Title, Token, Url, connect, say
from casetrace.cli.annotate.serve import Overlap, StepOption, check_step, open_project

if TYPE_CHECKING:
    from casetrace.types import Annotation, Document

Items = list[tuple["Document", "Annotation | None"]]


@annotate.command("push")
def push_cli(
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
    guidelines: Annotated[Path, typer.Option(help="Markdown shown to annotators")] = Path("annotations/GUIDELINES.md"),
    allow_telemetry: Annotated[bool, typer.Option(help="send texts even to a server that reports outside")] = False,
    url: Url = "",
    token: Token = None,
    data: Data = None,
    timeout: Timeout = 120.0,
) -> None:
    """Send documents with the model's pre-annotation to a project; those that are there already are left alone."""
    from casetrace import queue
    from casetrace.labelstudio.guard import refuse_leaks
    from casetrace.labelstudio.project import get_project, push
    from casetrace.types import CasetraceError

    if order not in ("queue", "given"):
        raise CasetraceError(f"--order {order}: not known; there is: queue, given")
    found_step = check_step(step)
    with connect(url, token, timeout=timeout, data=data) as client:
        for reason in refuse_leaks(client, allow=allow_telemetry):
            say(f"pushed although {reason}")
        open_project(client, title, step=found_step, overlap=overlap, guidelines=guidelines)
        items = _items(inputs, annotations, model)
        ranked = [items[at] for at in queue.order(items)] if order == "queue" else items
        done = push(client, get_project(client, title), ranked, step=found_step)
    say(f"{len(done.new)} documents pushed, {len(done.known)} were there, {done.predictions} pre-annotations sent")
    for doc_id in done.changed:
        say(f"{doc_id}: is there with another text and was left alone; give the new text a new id")
    raise typer.Exit(1 if done.changed else 0)


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
    from casetrace.extract import Extraction, extract

    items: Items = []
    with typer.progressbar(extract(documents, model=model or None), length=len(documents), label="pre-labelling",
                           file=typer.get_text_stream("stderr")) as bar:  # fmt: skip
        for document, found in zip(documents, bar, strict=True):
            if not isinstance(found, Extraction):
                say(f"{found.source}: not pre-labelled: {found.reason}")
            items.append((document, found.annotation if isinstance(found, Extraction) else None))
    return items
