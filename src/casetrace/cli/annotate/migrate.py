"""`casetrace annotate migrate`: a change of the vocabulary carried into files and a running project, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.annotate.connection import Server, connect, on_server, say
from casetrace.cli.annotate.serve import StepOption, check_step
from casetrace.cli.extra import extra

if TYPE_CHECKING:
    from casetrace.labelstudio.client import Client
    from casetrace.labelstudio.page import Step
    from casetrace.migrate import Rules


@annotate.command("migrate")
@extra("annotate")
@on_server
def migrate_cli(
    server: Server,
    rules: Annotated[Path, typer.Argument(help="TOML file: [labels], [split.LABEL], [relations], [modalities]")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="annotations, JSONL")] = None,
    title: Annotated[str, typer.Option("--project", help="title or number of a project to migrate too")] = "",
    log: Annotated[Path, typer.Option(help="folder for the rows that undo it")] = Path("migration"),
    undo: Annotated[bool, typer.Option(help="take back what the rows in --log say")] = False,
    dry_run: Annotated[bool, typer.Option(help="only report what would change")] = False,
    step: StepOption = "all",
) -> None:
    """Rename, merge or split labels everywhere, with a report; --undo restores every byte of it."""
    from casetrace.migrate import read_rules
    from casetrace.types import CasetraceError

    found = read_rules(rules)
    if log.is_dir() and not undo:
        say(f"going on with the migration whose rows are in {log}; choose another --log for a new one")
    if not files and not title:
        raise CasetraceError("nothing to migrate: name JSONL files, or a project with --project")
    for file in files or ():
        _migrate_file(file, found, log / f"{file.stem}.jsonl", undo=undo, dry_run=dry_run)
    if title:
        with connect(server) as client:
            _migrate_project(client, title, found, log / "project.jsonl", check_step(step), undo=undo, dry_run=dry_run)


def _migrate_file(file: Path, rules: Rules, log: Path, *, undo: bool, dry_run: bool) -> None:
    from casetrace import jsonl
    from casetrace.migrate import Change, apply, changes, left_over, report
    from casetrace.types import Annotation

    rows = list(jsonl.read(file, Annotation))
    planned = list(jsonl.read(log, Change)) if undo or log.is_file() else []
    found = planned or list(changes(rows, rules))
    after = list(apply(rows, found, undo=undo))
    differ = sum(one != other for one, other in zip(rows, after, strict=True))
    say(f"{file}: {differ} of {len(rows)} annotations {'would change' if dry_run else 'changed'}")
    for (old, new), count in sorted(report(found).items()):
        say(f"  {count:>5} {new if undo else old} -> {old if undo else new}")
    for name, count in sorted(left_over(after).items()):
        say(f"  {count:>5} {name}: not in the vocabulary and without a rule")
    if not dry_run:
        jsonl.write(found, log)
        jsonl.write(after, file)


def _migrate_project(
    client: Client, title: str, rules: Rules, log: Path, step: Step, *, undo: bool, dry_run: bool
) -> None:
    from casetrace import jsonl
    from casetrace.labelstudio.migration import PlanRow, carry_out, plan
    from casetrace.labelstudio.page import page
    from casetrace.labelstudio.project import get_project

    project = get_project(client, title)
    if undo or log.is_file():
        rows = list(jsonl.read(log, PlanRow))
    else:
        rows = list(plan(client, project, rules, page=page(step)))
        if not dry_run:
            jsonl.write(rows, log)
    if dry_run:
        say(f"project {project.title!r}: {len(rows)} things would change")
        return
    counts = carry_out(client, rows, undo=undo)
    say(f"project {project.title!r}: {counts['done']} changed, {counts['already']} were already so,"
        f" {counts['changed since']} left alone because somebody changed them since")  # fmt: skip
