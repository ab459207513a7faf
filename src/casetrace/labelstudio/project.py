"""A project on a server: made with the page, filled with tasks, in bulk and so that repeating changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from casetrace.labelstudio.client import Client
from casetrace.labelstudio.page import Step, page
from casetrace.labelstudio.tasks import Json, to_prediction, to_task
from casetrace.types import Annotation, CasetraceError, Document

BATCH = 250
"""Tasks in one call: a broken connection costs at most these, and no call runs into a proxy's time limit."""
PAGE_SIZE = 1000
TITLE = "casetrace"

Item = TypeVar("Item")


class Project(NamedTuple):
    """A project of casetrace: its number, title and configuration as the server has it."""

    id: int
    title: str
    config: str
    model_version: str | None


class Task(NamedTuple):
    """One task that is on the server, whoever made it; `done` when as many annotators as are wanted submitted it."""

    id: int
    data: Json
    changed: datetime
    done: bool


class TaskRow(NamedTuple):
    """One task that casetrace made."""

    id: int
    doc_id: str
    sha256: str


class Pushed(NamedTuple):
    """What a push did: document ids that are new, were there, and are there with another text."""

    new: tuple[str, ...]
    known: tuple[str, ...]
    changed: tuple[str, ...]
    predictions: int


def find_project(client: Client, title: str = TITLE) -> Project | None:
    """The project with this title or number, if the server has it."""
    return next((row for row in projects(client) if title in (row.title, str(row.id))), None)


def get_project(client: Client, title: str = TITLE) -> Project:
    """The same; raises `CasetraceError` naming those that are there."""
    project = find_project(client, title)
    if project is None:
        there = ", ".join(f"{row.title!r} ({row.id})" for row in projects(client)) or "none"
        raise CasetraceError(f"{client.url}: no project {title!r}; there is: {there}; choose with --project")
    return project


def part_title(title: str, annotator: str) -> str:
    """The title of the part of a project that one annotator was given; a title may have 50 characters."""
    return f"{title} / {annotator}"[:50]


def parts(client: Client, title: str = TITLE) -> list[Project]:
    """A project and the parts of it that annotators were given; raises `CasetraceError` where there is neither."""
    found = [
        row for row in projects(client) if title in (row.title, str(row.id)) or row.title.startswith(f"{title} / ")
    ]
    return found or [get_project(client, title)]


def projects(client: Client) -> Iterator[Project]:
    """All projects that the token's owner can see."""
    return map(_project, client.projects.list(page_size=PAGE_SIZE))


def make_project(
    client: Client, title: str = TITLE, *, step: Step = "all", overlap: int = 1, guide: str = ""
) -> Project:
    """Make a project with the page of a step; each task is given to `overlap` annotators, who do not see each other.

    `guide` is HTML that annotators can open beside each text.
    """
    made = client.projects.create(
        title=title, label_config=page(step), maximum_annotations=overlap, sampling="Sequential sampling",
        expert_instruction=guide, show_collab_predictions=True, description=f"casetrace, step {step}",
    )  # fmt: skip
    return _project(made)


def set_overlap(client: Client, project: Project, overlap: int) -> None:
    """Have every task of a project done by this many annotators."""
    client.projects.update(project.id, maximum_annotations=overlap)


def tasks_on(client: Client, project: Project) -> Iterator[TaskRow]:
    """All tasks of a project that casetrace made, without their annotations."""
    for row in task_pages(client, project):
        if "doc_id" in row.data and "sha256" in row.data:
            yield TaskRow(row.id, row.data["doc_id"], row.data["sha256"])


def push(
    client: Client, project: Project, items: Sequence[tuple[Document, Annotation | None]], *, step: Step = "all"
) -> Pushed:
    """Send documents that are not there yet as tasks, in the order given, and pre-annotations that are newer.

    A document is there when its id and text are; one that is there with another text is left alone and told.
    """
    there = _by_document(tasks_on(client, project))
    new = [item for item in items if item[0].id not in there]
    changed = [
        document.id for document, _ in items if document.id in there and there[document.id].sha256 != document.sha256
    ]
    known = [item for item in items if item[0].id in there and item[0].id not in changed]
    for batch in _batches(new):
        send_tasks(client, project, [to_task(document, annotation, step=step) for document, annotation in batch])
    renewed = _renew_predictions(client, project, known, there, step=step)
    _show_newest(client, project, [annotation for _, annotation in items if annotation is not None])
    return Pushed(
        new=tuple(document.id for document, _ in new),
        known=tuple(document.id for document, _ in known),
        changed=tuple(changed),
        predictions=renewed + sum(annotation is not None for _, annotation in new),
    )


def send_tasks(client: Client, project: Project, tasks: list[Json]) -> None:
    """Send tasks in one call, with what stands in them."""
    rows: Any = tasks  # the SDK takes plain rows too: its own model wants of a prediction the number of its task
    client.projects.import_tasks(project.id, request=rows, commit_to_project=True)


def _renew_predictions(
    client: Client,
    project: Project,
    known: Sequence[tuple[Document, Annotation | None]],
    there: Mapping[str, TaskRow],
    *,
    step: Step,
) -> int:
    """Pre-annotations by a model that a task has none of yet; returns their number."""
    wanted = [(document, annotation) for document, annotation in known if annotation is not None]
    had = _predicted(client, project) if wanted else set()
    rows: list[Any] = [
        {"task": there[document.id].id, **to_prediction(annotation, step=step)}
        for document, annotation in wanted
        if (there[document.id].id, to_prediction(annotation)["model_version"]) not in had
    ]
    for batch in _batches(rows):
        client.projects.import_predictions(project.id, request=batch)
    return len(rows)


def _predicted(client: Client, project: Project) -> set[tuple[int, str]]:
    """Task and model of every pre-annotation on the server."""
    return {(row.task, row.model_version or "") for row in client.predictions.list(project=project.id)}


def _show_newest(client: Client, project: Project, annotations: Sequence[Annotation]) -> None:
    """Have the server show these pre-annotations: it would go on showing those of the first model."""
    versions = {to_prediction(annotation)["model_version"] for annotation in annotations}
    if len(versions) == 1 and project.model_version not in versions:
        client.projects.update(project.id, model_version=versions.pop())


def _by_document(rows: Iterable[TaskRow]) -> dict[str, TaskRow]:
    """By document id; of copies, which another program may have made, the first."""
    there: dict[str, TaskRow] = {}
    for row in rows:
        there.setdefault(row.doc_id, row)
    return there


def task_pages(client: Client, project: Project, *, filters: Sequence[Json] = ()) -> Iterator[Task]:
    """The tasks of a project: all, or those that the filters of Label Studio's data manager let through."""
    query = json.dumps({"filters": {"conjunction": "and", "items": list(filters)}})
    rows: Iterable[Any] = client.tasks.list(project=project.id, fields="task_only", page_size=PAGE_SIZE, query=query)
    for row in rows:  # of any of the models that the SDK has of a task
        yield Task(row.id, row.data, row.updated_at, row.is_labeled)


def _batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    for at in range(0, len(items), BATCH):
        yield list(items[at : at + BATCH])


def _project(row: Any) -> Project:
    """From any of the models that the SDK has of a project."""
    return Project(row.id, row.title, row.label_config, getattr(row, "model_version", None))
