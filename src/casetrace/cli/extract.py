"""`casetrace extract` and `casetrace ingest`: from articles to documents and case records."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli import app
from casetrace.cli.paths import check_paths

if TYPE_CHECKING:
    from casetrace.extraction import Extraction
    from casetrace.types import Document, Rejection

Inputs = Annotated[list[str], typer.Argument(help="files or folders (.txt .md .html .pdf .docx .jsonl); - is stdin")]
Output = Annotated[str, typer.Option("-o", "--output", help="JSONL file to write; - is stdout")]
Quarantine = Annotated[Path | None, typer.Option(help="JSONL file for what failed, with reasons")]
MaxBytes = Annotated[int, typer.Option(help="refuse files larger than this")]
MAX_BYTES = 20_000_000


@app.command("ingest")
def ingest_cli(
    inputs: Inputs, output: Output = "-", quarantine: Quarantine = None, max_bytes: MaxBytes = MAX_BYTES
) -> None:
    """Read articles of every kind into documents, one JSONL line each."""
    from casetrace import jsonl
    from casetrace.read import read

    quarantine = quarantine or _beside(output)
    written = check_paths(inputs, (output, str(quarantine)))
    rejected: list[Rejection] = []
    found = read(inputs, max_bytes=max_bytes, leave_out=written)
    count = jsonl.write(_accepted(found, rejected), output)
    _report(count, "documents", rejected, quarantine)


@app.command("extract")
def extract_cli(
    inputs: Inputs,
    output: Output = "-",
    annotations: Annotated[str, typer.Option(help="JSONL file for the spans and relations found")] = "",
    model: Annotated[str, typer.Option(help="a trained pipeline; models/en_casetrace when not given")] = "",
    engine: Annotated[str, typer.Option(help="local: processes of this machine; ray: Ray, or $RAY_ADDRESS")] = "local",
    jobs: Annotated[int, typer.Option(min=1, help="processes; with ray on this machine, tasks at a time")] = 1,
    quarantine: Quarantine = None,
    max_bytes: MaxBytes = MAX_BYTES,
) -> None:
    """Pull case records out of articles, every value with the words it came from."""
    from casetrace import jsonl
    from casetrace.assemble.unplaced import unplaced
    from casetrace.extraction import find_model
    from casetrace.read import read

    run = _engine(engine)
    find_model(model or None)
    quarantine = quarantine or _beside(output)
    written = check_paths(inputs, (output, annotations, str(quarantine)))
    rejected: list[Rejection] = []
    documents = list(_accepted(read(inputs, max_bytes=max_bytes, leave_out=written), rejected))
    found = _progress(run(documents, model=model or None, jobs=jobs), total=len(documents))
    with ExitStack() as files:
        records = files.enter_context(jsonl.replacing(output))
        spans = files.enter_context(jsonl.replacing(annotations)) if annotations else None
        count = left = 0
        for extraction in _extracted(found, rejected):
            count += len(extraction.records)
            left += len(unplaced(extraction.annotation, extraction.records))
            records.writelines(record.model_dump_json() + "\n" for record in extraction.records)
            if spans:
                spans.write(extraction.annotation.model_dump_json(by_alias=True) + "\n")
    say_left(left, annotations)
    _report(count, f"records from {len(documents)} documents", rejected, quarantine)


def _engine(name: str) -> Callable[..., Iterator[Extraction | Rejection]]:
    """The function that extracts, by the name of its engine."""
    from casetrace.extraction import extract
    from casetrace.scale import extract_on_ray
    from casetrace.types import CasetraceError

    engines = {"local": extract, "ray": extract_on_ray}
    if name not in engines:
        raise CasetraceError(f"--engine {name}: not known; there are: {', '.join(engines)}")
    return engines[name]


def _accepted(found: Iterable[Document | Rejection], rejected: list[Rejection]) -> Iterator[Document]:
    from casetrace.types import Document

    for item in found:
        if isinstance(item, Document):
            yield item
        else:
            rejected.append(item)


def _extracted(found: Iterable[Extraction | Rejection], rejected: list[Rejection]) -> Iterator[Extraction]:
    from casetrace.extraction import Extraction

    for item in found:
        if isinstance(item, Extraction):
            yield item
        else:
            rejected.append(item)


def _progress(found: Iterable[Extraction | Rejection], *, total: int) -> Iterable[Extraction | Rejection]:
    if not sys.stderr.isatty():
        yield from found
        return
    with typer.progressbar(found, length=total, label="extracting", file=sys.stderr) as bar:
        yield from bar


def say_left(left: int, annotations: str) -> None:
    """Say how many events stand in no record, and where they are to be seen."""
    if left:
        where = f"they stand in {annotations}" if annotations else "--annotations FILE keeps them"
        print(f"casetrace: {left} events, of which it was not found to whom they happened, are in no record; {where},"
              " and `casetrace explain` lists them", file=sys.stderr)  # fmt: skip


def _beside(output: str) -> Path:
    """The quarantine file's place when none is named: beside the output."""
    named = output != "-" and Path(output).name
    return Path(output).with_suffix(".quarantine.jsonl") if named else Path("quarantine.jsonl")


def _report(count: int, what: str, rejected: list[Rejection], quarantine: Path) -> None:
    """Say on stderr what was made and what was not; exit code 1 when anything failed."""
    from casetrace import jsonl

    print(f"casetrace: {count} {what}", file=sys.stderr)
    for rejection in rejected:
        line = "" if rejection.line is None else f", line {rejection.line}"
        print(f"  {rejection.kind}: {rejection.source}{line}: {rejection.reason}", file=sys.stderr)
    if rejected:
        jsonl.write(rejected, quarantine)
        kinds = Counter(rejection.kind for rejection in rejected)
        told = " and ".join(f"{number} {kind}" for kind, number in kinds.items())
        print(f"casetrace: {told} written to {quarantine}", file=sys.stderr)
    raise typer.Exit(1 if any(rejection.kind == "failed" for rejection in rejected) else 0)
