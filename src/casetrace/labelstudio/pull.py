"""What annotators made, back from the server: only tasks that changed, one annotation for each annotator, checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from casetrace.labelstudio.client import Client, Refused
from casetrace.labelstudio.project import PAGE_SIZE, Project
from casetrace.labelstudio.tasks import Json, document_of, read_result
from casetrace.types import Annotation, Document

BATCH = 200
"""Tasks in one export; their numbers stand in the address, which may be some thousand characters long."""
OVERLAP = timedelta(seconds=2)
"""How far a pull looks back behind the last one, for work that was being saved at that moment."""


class Work(NamedTuple):
    """What one annotator made of one task: an annotation, or the faults for which there is none."""

    task: int
    address: str
    annotator: str
    document: Document | None
    annotation: Annotation | None
    faults: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


class Pulled(NamedTuple):
    """Everything that changed in a project since the last pull."""

    project: int
    work: tuple[Work, ...]
    skipped: int
    drafts: int
    until: str | None


def pull(client: Client, project: Project, *, since: str | None = None) -> Pulled:
    """Read all submitted work in tasks that changed after `since` (the `until` of an earlier pull; None: everything).

    Nothing is written here, so that a connection that breaks leaves everything as it was.
    """
    changed = dict(changed_tasks(client, project, since=since))
    annotators = {row["id"]: row["email"] for row in client.get("/api/users/")}
    tasks = list(export(client, project, list(changed)))
    work = tuple(item for task in tasks for item in read_task(task, annotators, url=client.url))
    return Pulled(
        project=project.id,
        work=work,
        skipped=sum(row["was_cancelled"] for task in tasks for row in task["annotations"]),
        drafts=sum(bool(task.get("drafts")) for task in tasks),
        until=max(changed.values(), default=since),
    )


def changed_tasks(client: Client, project: Project, *, since: str | None = None) -> Iterator[tuple[int, str]]:
    """Number and time of change of each task that changed after `since`."""
    query = {"filters": {"conjunction": "and", "items": [_after(since)] if since else []}}
    number = 1
    while True:
        try:
            found = client.get(
                "/api/tasks/", project=project.id, fields="task_only", page=number, page_size=PAGE_SIZE,
                query=json.dumps(query),
            )["tasks"]  # fmt: skip
        except Refused as error:
            if error.status == 404 and number > 1:  # a page past the end
                return
            raise
        yield from ((row["id"], row["updated_at"]) for row in found)
        if len(found) < PAGE_SIZE:
            return
        number += 1


def export(client: Client, project: Project, task_ids: list[int]) -> Iterator[Json]:
    """The chosen tasks with all annotations; JSON is the only export that keeps everything."""
    for at in range(0, len(task_ids), BATCH):
        yield from client.get(
            f"/api/projects/{project.id}/export", exportType="JSON", download_all_tasks="true",
            **{"ids[]": task_ids[at : at + BATCH]},
        )  # fmt: skip


def read_task(task: Json, annotators: Mapping[int, str], *, url: str) -> Iterator[Work]:
    """One piece of work for each annotator who submitted the task: the newest, where somebody submitted twice."""
    for row in _newest(task["annotations"]):
        name = annotators.get(row["completed_by"], f"user-{row['completed_by']}")
        reading = read_result(row["result"], task, made_by=name)
        notices = list(reading.notices)
        changed_by = row.get("updated_by") or row["completed_by"]
        if changed_by != row["completed_by"]:
            notices.append(f"changed by {annotators.get(changed_by, changed_by)} after {name} had submitted it")
        yield Work(
            task=task["id"], address=f"{url}/projects/{task['project']}/data?task={task['id']}", annotator=name,
            document=document_of(task) if reading.annotation else None, annotation=reading.annotation,
            faults=reading.faults, notices=tuple(notices),
        )  # fmt: skip


def _newest(rows: Iterable[Json]) -> list[Json]:
    submitted = [row for row in rows if not row["was_cancelled"]]
    by_hand = {row["completed_by"]: row for row in sorted(submitted, key=lambda row: (row["updated_at"], row["id"]))}
    return [by_hand[hand] for hand in sorted(by_hand)]


def _after(since: str) -> Json:
    moment = datetime.fromisoformat(since) - OVERLAP
    value = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"filter": "filter:tasks:updated_at", "operator": "greater", "type": "Datetime", "value": value}
