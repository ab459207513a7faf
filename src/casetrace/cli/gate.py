"""`casetrace gate`: fails when a figure on the test split falls under its floor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli import app
from casetrace.cli.evaluate import Root, read_gold_or_split

UNRELEASED = "## Unreleased\n"


@app.command("gate")
def gate_cli(
    gold: Annotated[str, typer.Argument(help="a split, or a folder of ID.txt + ID.json")] = "test",
    root: Root = Path(),
    model: Annotated[str, typer.Option(help="a trained pipeline, or its spans.jsonl; models/en_casetrace")] = "",
    floors: Annotated[Path, typer.Option(help="file with the floors")] = Path("models/floors.toml"),
    changelog: Annotated[Path, typer.Option(help="where lowered floors are told")] = Path("CHANGELOG.md"),
    renew: Annotated[str, typer.Option(help="set the floors to the measured figures, for this reason")] = "",
    lower: Annotated[
        bool, typer.Option("--lower", help="with --renew: floors may fall; told in the changelog")
    ] = False,
) -> None:
    """Fail with exit code 1 when a headline figure is under its floor; with --renew, set the floors anew."""
    found = read_gold_or_split(gold, root, None)
    from casetrace.evaluate import evaluate
    from casetrace.evaluate.cases import predict
    from casetrace.evaluate.gate import failures, read_floors, write_floors
    from casetrace.evaluate.gate import renew as renew_floors
    from casetrace.gold import fingerprint
    from casetrace.jsonl import replacing

    old = read_floors(floors) if floors.is_file() or not renew else None
    evaluation, mark = evaluate(predict(found, system=model or None)), fingerprint(found)
    history = changelog.read_text("utf-8") if changelog.is_file() else UNRELEASED
    if renew:
        new, lines = renew_floors(old, evaluation, gold=gold, fingerprint=mark, reason=renew, lower=lower)
        with replacing(floors) as file:
            file.write(write_floors(new))
        _tell(changelog, history, [line for line in lines if line not in history])
        return
    failed = list(failures(read_floors(floors), evaluation, fingerprint=mark, changelog=history))
    for failure in failed:
        print(f"casetrace: gate: {failure}", file=sys.stderr)
    print(f"casetrace: gate: {len(failed)} failures on {evaluation.documents} documents", file=sys.stderr)
    raise typer.Exit(1 if failed else 0)


def _tell(changelog: Path, history: str, lines: list[str]) -> None:
    """Add lines at the end of the part of the changelog that is not released yet."""
    from casetrace.jsonl import replacing

    if not lines:
        return
    before, _, after = history.partition(UNRELEASED)
    part, mark, older = after.partition("\n## ")
    added = "".join(f"- {line}.\n" for line in lines)
    with replacing(changelog) as file:
        file.write(before + UNRELEASED + part.rstrip("\n") + "\n" + added + mark + older)
