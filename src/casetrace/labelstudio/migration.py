"""A change of the vocabulary in a running project: page, submitted work, pre-annotations; a plan that also undoes it.

The plan is written before anything is changed. Each of its rows is made only where the server still has what was there
before, so that a migration that broke off can be repeated, and nobody's later work is overwritten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from casetrace.labelstudio.client import Client
from casetrace.labelstudio.page import EVENT, MODALITY, control_of
from casetrace.labelstudio.project import Project, task_pages
from casetrace.labelstudio.pull import export
from casetrace.labelstudio.tasks import Json
from casetrace.migrate import Rules
from casetrace.types import Frozen

FIELDS = {"annotation": "result", "prediction": "result", "page": "label_config"}


class PlanRow(Frozen):
    """One thing on the server, before and after."""

    kind: Literal["annotation", "prediction", "page"]
    id: int
    project: int
    before: Any
    after: Any


def plan(client: Client, project: Project, rules: Rules, *, page: str) -> Iterator[PlanRow]:
    """Everything that the rules change in a project, and its page."""
    for task in export(client, project, [row.id for row in task_pages(client, project)]):
        for row in task["annotations"]:
            yield from _row("annotation", row, rules, task["data"]["text"])
    texts = {row.id: row.data["text"] for row in task_pages(client, project)}
    for found in client.predictions.list(project=project.id):
        yield from _row("prediction", found.model_dump(), rules, texts[found.task])
    if project.config != page:
        yield PlanRow(kind="page", id=project.id, project=project.id, before=project.config, after=page)


def carry_out(client: Client, rows: Sequence[PlanRow], *, undo: bool = False) -> Counter[str]:
    """Make a plan true, or take it back; counts what was done, was done already, and was changed by somebody since."""
    counts: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: row.kind != "page"):  # the server wants labels that the page has
        calls, field = _calls(client, row), FIELDS[row.kind]
        old, new = (row.after, row.before) if undo else (row.before, row.after)
        now = getattr(calls.get(row.id), field)
        if now == new:
            counts["already"] += 1
        elif now != old:
            counts["changed since"] += 1
        else:
            # of a prediction the server wants to know the project, to look up the labels of its page
            calls.update(row.id, **{field: new}, **({"project": row.project} if row.kind == "prediction" else {}))
            counts["done"] += 1
    return counts


def _calls(client: Client, row: PlanRow) -> Any:
    """The calls of the SDK for this kind of thing: `get` and `update`."""
    return {"annotation": client.annotations, "prediction": client.predictions, "page": client.projects}[row.kind]


def migrate_result(result: Iterable[Json], rules: Rules, text: str) -> list[Json]:
    """A result list in the new vocabulary; the modality of a span that is no event any more is dropped."""
    parts = [_part(part, rules, text) for part in result]
    entities = {part["id"] for part in parts if part["type"] == "labels" and part["from_name"] != EVENT}
    return [part for part in parts if part.get("from_name") != MODALITY or part.get("id") not in entities]


def _row(kind: Literal["annotation", "prediction"], row: Json, rules: Rules, text: str) -> Iterator[PlanRow]:
    after = migrate_result(row["result"], rules, text)
    if after != row["result"]:
        yield PlanRow(kind=kind, id=row["id"], project=row["project"], before=row["result"], after=after)


def _part(part: Json, rules: Rules, text: str) -> Json:
    if part["type"] == "relation":
        return part | {"labels": [rules.relations.get(name, name) for name in part.get("labels") or []]}
    value = part["value"]
    if part["type"] == "labels":
        labels = [rules.label(name, text[value["start"] : value["end"]]) for name in value["labels"]]
        if labels == value["labels"]:
            return part
        return part | {"from_name": control_of(labels[0]), "value": value | {"labels": labels}}
    if part["from_name"] == MODALITY:
        choices = [rules.modalities.get(name, name) for name in value["choices"]]
        return part | {"value": value | {"choices": choices}}
    return part
