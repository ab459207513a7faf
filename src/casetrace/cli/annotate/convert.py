"""`casetrace annotate convert`: annotation to the formats of other tools and back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.annotate.connection import say


@annotate.command("convert")
def convert_cli(
    kind: Annotated[str, typer.Argument(metavar="FORMAT", help="prodigy, brat, conll or spacy")],
    source: Annotated[Path, typer.Argument(help="annotations, JSONL; with --back a file or folder of that format")],
    output: Annotated[Path, typer.Option("-o", "--output", help="file or folder to write")],
    text: Annotated[
        list[Path] | None, typer.Option(help="the documents: JSONL, folder of .txt, or folder of corpus/")
    ] = None,
    back: Annotated[bool, typer.Option(help="read that format and write annotations")] = False,
    documents: Annotated[Path | None, typer.Option(help="with --back: JSONL file for the documents")] = None,
    losses: Annotated[bool, typer.Option(help="list every single loss, not only how many")] = False,
) -> None:
    """Write annotation for another tool, or read it from there; says what the format does not take."""
    from casetrace import jsonl
    from casetrace.formats import FORMATS
    from casetrace.texts import join, read_texts
    from casetrace.types import Annotation, CasetraceError

    if kind not in FORMATS:
        raise CasetraceError(f"{kind}: not known; there is: {', '.join(FORMATS)}")
    if back:
        pairs = list(FORMATS[kind].read(source))
        jsonl.write((annotation for _, annotation in pairs), output)
        if documents:
            jsonl.write((document for document, _ in pairs), documents)
        say(f"{len(pairs)} annotations read from {source}")
        return
    pairs = list(join(jsonl.read(source, Annotation), read_texts(text or [])))
    lost = list(FORMATS[kind].write(pairs, output))
    say(f"{len(pairs)} annotations written to {output}; {'nothing is lost' if not lost else 'not in it:'}")
    for what, count in Counter(loss.what for loss in lost).most_common():
        say(f"  {count:>5} {what}")
    for loss in lost if losses else ():
        say(f"{loss.doc_id}: {loss.what} {loss.detail}".rstrip())
