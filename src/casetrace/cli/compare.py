"""`casetrace compare A B`: which of two pipelines is better, by how much, and in which values."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli import app
from casetrace.cli.evaluate import GoldArgument, HrdsAttack, Root, read_gold_or_split, renew


@app.command("compare")
def compare_cli(
    left: Annotated[str, typer.Argument(help="a trained pipeline, or a spans.jsonl of `extract --annotations`")],
    right: Annotated[str, typer.Argument(help="the other one")],
    gold: GoldArgument = "test",
    root: Root = Path(),
    hrdsattack: HrdsAttack = None,
    output: Annotated[str, typer.Option("-o", "--output", help="JSON file with every changed value")] = "",
    page: Annotated[Path | None, typer.Option("--markdown", help="page whose part `compare` gets the table")] = None,
    most: Annotated[int, typer.Option(help="changed values to print of each kind")] = 5,
) -> None:
    """Compare two pipelines on the same documents: what got better, what got worse, which values changed."""
    found = read_gold_or_split(gold, root, hrdsattack)
    from rich.console import Console

    from casetrace.evaluate.cases import predict
    from casetrace.evaluate.compare import compare
    from casetrace.jsonl import replacing
    from casetrace.report.tables import change_lines, differences_markdown, differences_table

    comparison = compare(predict(found, system=left), predict(found, system=right))
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(differences_table(comparison, left=left, right=right))
    counts = Counter(change.kind for change in comparison.changes)
    console.print(
        "values: " + (", ".join(f"{number} {kind}" for kind, number in counts.most_common()) or "none changed")
    )
    for line in change_lines(comparison, most=most):
        console.print(line)
    if page:
        renew(page, "compare", differences_markdown(comparison, left=Path(left).stem, right=Path(right).stem))
    if output:
        with replacing(output) as lines:
            lines.write(comparison.model_dump_json(indent=1))
        print(f"casetrace: {len(comparison.changes)} changed values written to {output}", file=sys.stderr)
