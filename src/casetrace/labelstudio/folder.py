"""Pulled work on disk: ANNOTATOR.jsonl, documents.jsonl, faults.jsonl; what is replaced is kept in history/."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field

from casetrace import jsonl
from casetrace.labelstudio.pull import Pulled, Work
from casetrace.types import Annotation, CasetraceError, Document, Frozen

STATE = "pulled.json"
DOCUMENTS, FAULTS = "documents.jsonl", "faults.jsonl"


class Fault(Frozen):
    """Work on the server that cannot be used as it is: where it is and everything that is wrong with it."""

    task: int
    address: str
    annotator: str
    faults: tuple[str, ...]


class State(Frozen):
    """Which project a folder was pulled from, and up to which change of it and of each annotator's part of it."""

    url: str
    title: str
    until: dict[int, str] = Field(default_factory=dict)


def read_state(folder: Path, *, url: str, title: str) -> State:
    """Where the last pull into this folder ended; raises `CasetraceError` if it was from another project."""
    file = folder / STATE
    if not file.is_file():
        return State(url=url, title=title)
    state = State.model_validate_json(file.read_text("utf-8"))
    if (state.url, state.title) != (url, title):
        raise CasetraceError(f"{folder}: holds the work of {state.title!r} on {state.url}; choose another folder")
    return state


def store(pulled: Pulled, folder: Path, *, state: State) -> Counter[str]:
    """Merge a pull into the folder; counts what is new, changed, the same and faulty. Repeating it changes nothing.

    `state` is what `read_state` said before the pull.
    """
    counts: Counter[str] = Counter()
    by_annotator: dict[str, list[Annotation]] = defaultdict(list)
    for work in pulled.work:
        if work.annotation is not None:
            by_annotator[work.annotator].append(work.annotation)
    _merge_documents(folder / DOCUMENTS, [work.document for work in pulled.work if work.document])
    for annotator, rows in by_annotator.items():
        counts += _merge(folder / f"{file_name(annotator)}.jsonl", rows)
    counts["faulty"] = _merge_faults(folder / FAULTS, pulled.work)
    with jsonl.replacing(folder / STATE) as lines:
        until = state.until | ({pulled.project: pulled.until} if pulled.until else {})
        lines.write(state.model_copy(update={"until": until}).model_dump_json())
    return counts


def file_name(annotator: str) -> str:
    """An e-mail address as the name of a file.

    >>> file_name("ann@example.org"), file_name("../Ann B")
    ('ann@example.org', '.._Ann_B')
    """
    return re.sub(r"[^\w@.+-]", "_", annotator)


def _merge(file: Path, rows: Iterable[Annotation]) -> Counter[str]:
    there = {row.doc_id: row for row in jsonl.read(file, Annotation)} if file.is_file() else {}
    counts: Counter[str] = Counter()
    replaced = []
    for row in rows:
        old = there.get(row.doc_id)
        counts["new" if old is None else "same" if old == row else "changed"] += 1
        replaced += [old] if old is not None and old != row else []
        there[row.doc_id] = row
    _append(file.parent / "history" / file.name, replaced)
    if counts["new"] or counts["changed"]:
        jsonl.write((there[doc_id] for doc_id in sorted(there)), file)
    return counts


def _append(file: Path, rows: list[Annotation]) -> None:
    if rows:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", newline="\n") as lines:
            lines.writelines(row.model_dump_json(by_alias=True) + "\n" for row in rows)


def _merge_documents(file: Path, documents: Iterable[Document]) -> None:
    there = {row.id: row for row in jsonl.read(file, Document)} if file.is_file() else {}
    found = there | {document.id: document for document in documents}
    jsonl.write((found[doc_id] for doc_id in sorted(found)), file)


def _merge_faults(file: Path, work: Iterable[Work]) -> int:
    """Rewrite what was pulled now, keep the rest; returns how many faulty pieces of work there are."""
    there = {(row.task, row.annotator): row for row in jsonl.read(file, Fault)} if file.is_file() else {}
    found: Mapping[tuple[int, str], Fault | None] = there | {
        (item.task, item.annotator): Fault(task=item.task, address=item.address, annotator=item.annotator,
                                           faults=item.faults) if item.faults else None
        for item in work
    }  # fmt: skip
    faulty = [fault for _, fault in sorted(found.items()) if fault is not None]
    if faulty or file.is_file():
        jsonl.write(faulty, file)
    return len(faulty)
