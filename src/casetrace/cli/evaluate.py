"""`casetrace evaluate`: how good a pipeline is, in figures with intervals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casetrace.evaluate import Case
    from casetrace.gold import Gold


@app.command("evaluate")
def evaluate_cli(
    gold: Annotated[str, typer.Argument(help="a folder of ID.txt + ID.json, or a split: train, dev, test")] = "test",
    root: Annotated[Path, typer.Option(help="folder that holds corpus/ and annotations/")] = Path(),
    hrdsattack: Annotated[Path | None, typer.Option(help="use that split's real articles from this data set")] = None,
    model: Annotated[str, typer.Option(help="a trained pipeline; models/en_casetrace when not given")] = "",
    gold_annotation: Annotated[
        bool, typer.Option(help="give the assembly the gold annotation, to measure it alone")
    ] = False,
    output: Annotated[str, typer.Option("-o", "--output", help="JSON file for all figures")] = "",
) -> None:
    """Score a pipeline against gold: precision, recall, F1 and 95 % intervals at every level."""
    from rich.console import Console

    from casetrace.evaluate import evaluate
    from casetrace.jsonl import replacing
    from casetrace.report.tables import overall_table

    found = list(_gold(gold, root, hrdsattack))
    evaluation = evaluate(list(_cases(found, model or None, gold_annotation)))
    console = Console()
    console.print(overall_table(evaluation, title=f"{gold}: {evaluation.documents} documents"))
    for note in (note for item in found for note in item.notes):
        console.print(f"note: {note}")
    if output:
        with replacing(output) as lines:
            lines.write(evaluation.model_dump_json(indent=1))


def _gold(gold: str, root: Path, hrdsattack: Path | None) -> Iterator[Gold]:
    from casetrace.corpus import SPLITS, read_external, read_split
    from casetrace.gold import Gold, read_gold

    split = next((split for split in SPLITS if split == gold), None)
    if split is None:
        yield from read_gold(Path(gold))
    else:
        pairs = read_external(root, split, hrdsattack=hrdsattack) if hrdsattack else read_split(root, split)
        yield from (Gold(document, annotation) for document, annotation in pairs)


def _cases(found: list[Gold], model: str | None, gold_annotation: bool) -> Iterator[Case]:
    from casetrace.assemble import assemble
    from casetrace.evaluate import Case
    from casetrace.extract import Extraction, extract
    from casetrace.types import CasetraceError

    documents = [item.document for item in found]
    predicted = (
        (Extraction(item.document, item.annotation, assemble(item.document, item.annotation)) for item in found)
        if gold_annotation
        else extract(documents, model=model)
    )
    for item, extraction in zip(found, predicted, strict=True):
        if not isinstance(extraction, Extraction):
            raise CasetraceError(f"{extraction.source}: {extraction.reason}")
        records = assemble(item.document, item.annotation) if item.records is None else item.records
        yield Case(item.document, item.annotation, extraction.annotation, records, extraction.records)
