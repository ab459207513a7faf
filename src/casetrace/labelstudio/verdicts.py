"""Disagreements as Label Studio tasks: the versions side by side without names, one click decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple
from xml.etree import ElementTree as ET

from casetrace.adjudicate import Disagreement, Mark, Version
from casetrace.labelstudio.client import Client
from casetrace.labelstudio.project import TITLE, Project, find_project, get_project, send_tasks, task_pages
from casetrace.labelstudio.pull import export
from casetrace.labelstudio.tasks import Json
from casetrace.schema import LABELS
from casetrace.types import Document

CONTEXT = 300
"""Characters shown on each side of a place."""
NEITHER, OTHER = "nothing is to be marked here", "something else: leave it open"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Verdict(NamedTuple):
    """What was decided on one disagreement: the number of a version, or -1 for nothing to mark."""

    place: str
    version: int


def verdict_page() -> str:
    """The labelling configuration for verdicts."""
    view = ET.Element("View")
    ET.SubElement(view, "Header", value="$about", size="5")
    ET.SubElement(view, "HyperText", name="versions", value="$versions", inline="true")
    ET.SubElement(view, "Choices", name="verdict", toName="versions", value="$options", choice="single-radio",
                  required="true", requiredMessage="Which version is right?")  # fmt: skip
    ET.indent(view)
    return ET.tostring(view, encoding="unicode")


def verdict_project(client: Client, title: str = f"{TITLE} verdicts") -> Project:
    """The project for verdicts, made if it is not there."""
    if find_project(client, title) is None:
        client.projects.create(title=title, label_config=verdict_page(), sampling="Sequential sampling")
    return get_project(client, title)


def push_places(client: Client, project: Project, places: Sequence[tuple[Document, Disagreement]]) -> int:
    """Send the disagreements that are not there yet; returns their number."""
    there = {task.data.get("place") for task in task_pages(client, project)}
    new = [to_task(document, place) for document, place in places if place.id not in there]
    if new:
        send_tasks(client, project, new)
    return len(new)


def read_verdicts(client: Client, project: Project) -> Iterator[Verdict]:
    """Every decision; of several on one place the newest. "Something else" decides nothing."""
    ids = [task.id for task in task_pages(client, project) if task.done]
    for task in export(client, project, ids):
        rows = [row for row in task["annotations"] if not row["was_cancelled"]]
        said = [_said(row) for row in sorted(rows, key=lambda row: row["updated_at"])]
        if said and said[-1] == NEITHER:
            yield Verdict(task["data"]["place"], -1)
        elif said and said[-1][:1] in LETTERS[: task["data"]["count"]] and said[-1] != OTHER:
            yield Verdict(task["data"]["place"], LETTERS.index(said[-1][0]))


def to_task(document: Document, place: Disagreement) -> Json:
    """One disagreement as a task."""
    about = place.relation and place.head and f"{place.relation} of “{_words(document, place.head)}”"
    columns = "".join(
        f"<td style='vertical-align:top;padding:0 1em;border-left:1px solid #ccc'><b>{letter}</b>"
        f"<p style='white-space:pre-wrap;line-height:1.8'>{_shown(document, place, version)}</p></td>"
        for letter, version in zip(LETTERS, place.versions, strict=False)
    )
    told = [f"{letter}: {_told(document, version)}" for letter, version in zip(LETTERS, place.versions, strict=False)]
    neither = [NEITHER] if all(version.marks for version in place.versions) else []
    return {
        "data": {
            "place": place.id, "doc_id": document.id, "count": len(place.versions),
            "about": f"{document.id}: {about or 'which marks are right?'}",
            "versions": f"<table><tr>{columns}</tr></table>",
            "options": [{"value": text} for text in (*told, *neither, OTHER)],
        }
    }  # fmt: skip


def _said(row: Json) -> str:
    choices = [choice for part in row["result"] if part["type"] == "choices" for choice in part["value"]["choices"]]
    return choices[0] if choices else ""


def _told(document: Document, version: Version) -> str:
    marks = [f"{mark[2]}{f' {mark[3]}' if mark[3] else ''} “{_words(document, mark)}”" for mark in version.marks]
    return ", ".join(marks) or "nothing"


def _words(document: Document, mark: Mark) -> str:
    return document.text[mark[0] : mark[1]]


def _shown(document: Document, place: Disagreement, version: Version) -> str:
    """The text around the place as HTML, with the marks of one version in their colours."""
    shown = {*version.marks, *([place.head] if place.head else [])}
    start = max(0, min([place.start, *(mark[0] for mark in shown)]) - CONTEXT)
    end = min(len(document.text), max([place.end, *(mark[1] for mark in shown)]) + CONTEXT)
    pieces, at = [], start
    for mark in sorted(shown):
        pieces.append(escape(document.text[at : mark[0]]))
        name = mark[2] if mark[3] in (None, "ASSERTED") else f"{mark[2]} {mark[3]}"
        pieces.append(f"<mark style='background:{LABELS[mark[2]].colour}55'>{escape(_words(document, mark))}</mark>"
                      f"<sup>{name}</sup>")  # fmt: skip
        at = mark[1]
    return "".join(pieces) + escape(document.text[at:end])
