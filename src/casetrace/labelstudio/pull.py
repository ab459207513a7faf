"""What annotators made, back from the server: only tasks that changed, one annotation for each annotator, checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from casetrace.labelstudio.client import Client
from casetrace.labelstudio.people import members
from casetrace.labelstudio.project import Project, task_pages
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
    annotators = {member.id: member.email for member in members(client)}
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
    for task in task_pages(client, project, filters=[_after(since)] if since else []):
        yield task.id, _moment(task.changed)


def export(client: Client, project: Project, task_ids: list[int]) -> Iterator[Json]:
    """The chosen tasks with all annotations; JSON is the only export that keeps everything."""
    for at in range(0, len(task_ids), BATCH):
        pieces = client.projects.exports.download_sync(
            project.id, export_type="JSON", download_all_tasks=True,
            # its own `ids` goes out under a name that the server does not know, which then sends everything
            request_options={"additional_query_parameters": {"ids[]": task_ids[at : at + BATCH]}},
        )  # fmt: skip
        yield from json.loads(b"".join(pieces))


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
    value = _moment(datetime.fromisoformat(since) - OVERLAP)
    return {"filter": "filter:tasks:updated_at", "operator": "greater", "type": "Datetime", "value": value}


def _moment(time: datetime) -> str:
    """A time as the server writes it."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
