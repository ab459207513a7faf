"""`casetrace evaluate`: how good a pipeline is, in figures with intervals."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from casetrace.evaluate import Case, Evaluation
    from casetrace.gold import Gold

GoldArgument = Annotated[
    str, typer.Argument(help="a split (train, dev, test, or all of them), or a folder of ID.txt + ID.json")
]
Root = Annotated[Path, typer.Option(help="folder that holds corpus/ and annotations/")]
HrdsAttack = Annotated[Path | None, typer.Option(help="use that split's real articles from this data set")]


@app.command("evaluate")
def evaluate_cli(
    gold: GoldArgument = "test",
    root: Root = Path(),
    hrdsattack: HrdsAttack = None,
    model: Annotated[str, typer.Option(help="a trained pipeline, or its spans.jsonl; models/en_casetrace")] = "",
    gold_annotation: Annotated[bool, typer.Option(help="assemble the gold annotation, to measure that alone")] = False,
    dossiers: Annotated[Path | None, typer.Option(help="gold dossiers: score linking and consolidation too")] = None,
    output: Annotated[str, typer.Option("-o", "--output", help="JSON file for all figures")] = "",
    report: Annotated[Path | None, typer.Option(help="HTML page with figures, curves and every error")] = None,
    learning: Annotated[
        Path | None, typer.Option(help="learning curve for the report, of benchmarks/learning.py")
    ] = None,
    page: Annotated[Path | None, typer.Option("--markdown", help="page whose marked part gets the tables")] = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="put tables by label into the page of --markdown too")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="show every level, not the headline alone")] = False,
) -> None:
    """Score a pipeline against gold: precision, recall, F1 and 95 % intervals at every level."""
    found = read_gold_or_split(gold, root, hrdsattack)
    from casetrace.evaluate.cases import assemble_gold, predict, seen_in_training
    from casetrace.jsonl import replacing
    from casetrace.types import CasetraceError

    if labels and page is None:
        raise CasetraceError("--labels puts tables into a page: name it with --markdown FILE")

    cases = assemble_gold(found) if gold_annotation else predict(found, system=model or None)
    evaluation = _with_dossiers(score(cases, root, hrdsattack), cases, dossiers)
    title = f"{gold}, real articles" if hrdsattack else gold
    _show(evaluation, title, every)
    for note in (note for item in found for note in item.notes):
        print(f"note: {note}", file=sys.stderr)
    seen = [] if gold_annotation else seen_in_training(found, system=model or None)
    if seen:
        print(f"note: this pipeline was trained on {len(seen)} of these documents: {', '.join(seen)}", file=sys.stderr)
    if output:
        with replacing(output) as lines:
            lines.write(evaluation.model_dump_json(indent=1))
    if report:
        from casetrace.report.page import write_report

        curve = json.loads(learning.read_text("utf-8")) if learning else None
        write_report(evaluation, cases, report, title=title, learning=curve)
    if page:
        _renew_tables(page, evaluation, name=Path(title).name, every=every, labels=labels)


def read_gold_or_split(gold: str, root: Path, hrdsattack: Path | None) -> list[Gold]:
    """The documents of a split of the corpus, or of a gold folder; the first thing that all scoring commands call."""
    from casetrace.types import CasetraceError

    if find_spec("scipy") is None:
        raise CasetraceError("scoring needs scipy: pip install 'casetrace[evaluate]'")
    from casetrace.corpus import SPLITS
    from casetrace.gold import read_gold, read_split_gold

    splits = SPLITS if gold == "all" else [split for split in SPLITS if split == gold]
    if not splits and not Path(gold).is_dir():
        raise CasetraceError(f"{gold}: neither a folder nor one of {', '.join(SPLITS)}, all")
    if not splits:
        return list(read_gold(Path(gold)))
    if not (root / "annotations").is_dir():
        raise CasetraceError(f"{root}: no annotations/ here; run it in a clone of casetrace, or name one with --root")
    return [item for split in splits for item in read_split_gold(root, split, hrdsattack=hrdsattack)]


def score(cases: list[Case], root: Path, hrdsattack: Path | None) -> Evaluation:
    """Evaluate, with the slices that need the training data where that is at hand."""
    from casetrace.evaluate import evaluate
    from casetrace.gold import training_facts

    known, frequency = training_facts(root, hrdsattack=hrdsattack)
    return evaluate(cases, known=known, frequency=frequency)


def _with_dossiers(evaluation: Evaluation, cases: list[Case], dossiers: Path | None) -> Evaluation:
    """The figures of linking beside the others, where gold dossiers are given."""
    if dossiers is None:
        return evaluation
    from casetrace.consolidate import consolidate
    from casetrace.evaluate.dossiers import dossier_figures, read_dossiers
    from casetrace.link import link
    from casetrace.types import CaseRecord

    def join(records: Sequence[CaseRecord]) -> Iterator[list[str]]:
        for dossier in consolidate(records, link(records)):
            yield [record.case_id for record in dossier.records]

    figures = dossier_figures(cases, read_dossiers(dossiers), join=join)
    return evaluation.model_copy(update={"overall": evaluation.overall | figures})


def renew(page: Path, mark: str, table: str) -> None:
    """Write a table between `<!-- figures: MARK -->` and `<!-- end of figures -->`; raises `CasetraceError` without."""
    from casetrace.jsonl import replacing
    from casetrace.types import CasetraceError

    start, end = f"<!-- figures: {mark} -->\n", "<!-- end of figures -->\n"
    old = page.read_text("utf-8") if page.is_file() else ""
    before, found, rest = old.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise CasetraceError(f"{page}: no lines {start.strip()} and {end.strip()} to write the figures between")
    with replacing(page) as lines:
        lines.write(before + start + table + end + after)


def _renew_tables(page: Path, evaluation: Evaluation, *, name: str, every: bool, labels: bool) -> None:
    from casetrace.report.tables import figures_markdown, labels_markdown

    renew(page, name, figures_markdown({name: evaluation}, every=every))
    if labels:
        renew(page, f"{name}, by label", labels_markdown(evaluation))


def _show(evaluation: Evaluation, title: str, every: bool) -> None:
    from rich.console import Console

    from casetrace.report.tables import confidence_lines, overall_table, slices_table

    console = Console(highlight=False)
    heading = f"{title}: {evaluation.documents} documents, {evaluation.made_by}"
    console.print(overall_table(evaluation, title=heading, width=console.width, every=every))
    for line in confidence_lines(evaluation):
        console.print(line)
    if every:
        console.print(slices_table(evaluation))
