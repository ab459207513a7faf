"""Out to a real server and back: the whole corpus, only what changed, wrong work, a changed vocabulary."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casetrace import jsonl
from casetrace.labelstudio.client import Client
from casetrace.labelstudio.folder import file_name, read_state, store
from casetrace.labelstudio.migration import carry_out, plan
from casetrace.labelstudio.page import page
from casetrace.labelstudio.project import Project, get_project, make_project, push, tasks_on
from casetrace.labelstudio.pull import pull
from casetrace.labelstudio.server import EMAIL
from casetrace.markup import read_markup
from casetrace.migrate import Rules
from casetrace.types import Annotation, CasetraceError, Document

Pair = tuple[Document, Annotation]
AcceptAll = Callable[[Client, Project], None]


def by_place(annotation: Annotation) -> tuple[Any, ...]:
    links = sorted((link.head, link.label, link.child) for link in annotation.relations)
    return annotation.doc_id, annotation.no_case, sorted(annotation.spans, key=lambda span: span.start), links


def test_the_whole_corpus_comes_back_identical(
    client: Client, tmp_path: Path, gold: list[Pair], accept_all: AcceptAll
) -> None:
    pairs = list(gold)
    for text in (
        "😀 [Police|ORG o]\r\n[held|DETAIN:NEGATED agent=o] nobody",
        "[ភ្នំពេញ|GPE g] [Ruth|PERSON]\u00a0\u2028",
    ):
        document, annotation = read_markup(text, doc_id=f"hard-{len(pairs)}", made_by="gold-1")
        pairs.append((document, annotation))
    document, annotation = read_markup("[Ruth Okello|PERSON] spoke.", doc_id="quiet", made_by="gold-1")
    pairs.append((document, annotation.model_copy(update={"no_case": True})))
    project = make_project(client, "whole corpus")
    done = push(client, project, pairs)
    assert (len(done.new), done.predictions, done.changed) == (len(pairs), len(pairs), ())
    assert push(client, get_project(client, "whole corpus"), pairs).known == tuple(pair[0].id for pair in pairs)
    accept_all(client, project)
    state = read_state(tmp_path, url=client.url, title=project.title)
    found = pull(client, project)
    assert store(found, tmp_path, state=state)["new"] == len(pairs)
    rows = {row.doc_id: row for row in jsonl.read(tmp_path / f"{file_name(EMAIL)}.jsonl", Annotation)}
    assert [by_place(rows[document.id]) for document, _ in pairs] == [by_place(annotation) for _, annotation in pairs]
    documents = {row.id: row for row in jsonl.read(tmp_path / "documents.jsonl", Document)}
    assert documents == {document.id: document for document, _ in pairs}


def test_a_pull_reads_what_changed_and_keeps_what_it_replaces(
    client: Client, tmp_path: Path, gold: list[Pair], accept_all: AcceptAll
) -> None:
    pairs = gold[:6]
    project = make_project(client, "incremental")
    push(client, project, pairs)
    accept_all(client, project)
    first = pull(client, project)
    store(first, tmp_path, state=read_state(tmp_path, url=client.url, title=project.title))
    time.sleep(2.5)
    task = list(tasks_on(client, project))[2]
    (submitted,) = client.annotations.list(task.id)
    client.annotations.update(submitted.id, result=submitted.result[:1])
    second = pull(client, project, since=first.until)
    assert task.id in [work.task for work in second.work]
    assert [work.task for work in pull(client, project, since=second.until).work] == [task.id]
    counts = store(second, tmp_path, state=read_state(tmp_path, url=client.url, title=project.title))
    assert (counts["changed"], counts["new"]) == (1, 0)
    (old,) = jsonl.read(tmp_path / "history" / f"{file_name(EMAIL)}.jsonl", Annotation)
    assert by_place(old) == by_place(pairs[2][1].model_copy(update={"doc_id": task.doc_id}))
    with pytest.raises(CasetraceError, match="holds the work of"):
        read_state(tmp_path, url=client.url, title="another")


def test_wrong_work_is_named_and_kept_apart(client: Client, tmp_path: Path, gold: list[Pair]) -> None:
    project = make_project(client, "wrong work")
    push(client, project, [(document, None) for document, _ in gold[:2]])
    left, right = tasks_on(client, project)
    past_the_end = {"id": "x", "from_name": "entity", "to_name": "text", "type": "labels",
                    "value": {"start": 5, "end": 99999, "text": "?", "labels": ["PERSON"]}}  # fmt: skip
    client.annotations.create(left.id, result=[past_the_end])
    client.annotations.create(right.id, result=[])
    found = pull(client, project)
    counts = store(found, tmp_path, state=read_state(tmp_path, url=client.url, title=project.title))
    assert (counts["new"], counts["faulty"]) == (1, 1)
    (fault,) = jsonl.rows(tmp_path / "faults.jsonl")
    assert fault[1]["address"] == f"{client.url}/projects/{project.id}/data?task={left.id}"
    assert "span x (PERSON 5-99999 '?'): its place is not in the text" in str(fault[1]["faults"])


def test_a_running_project_changes_its_vocabulary_and_back(
    client: Client, gold: list[Pair], accept_all: AcceptAll
) -> None:
    project = make_project(client, "migration")
    push(client, project, gold[:4])
    accept_all(client, project)
    before = {work.task: work.annotation for work in pull(client, project).work}
    rules = Rules(labels={"ORG": "COURT"})
    rows = list(plan(client, project, rules, page=page("spans")))
    done = carry_out(client, rows)
    assert done["done"] == len(rows) > 4
    assert carry_out(client, rows)["already"] == len(rows)
    assert get_project(client, "migration").config != project.config
    labels = {span.label for work in pull(client, project).work if work.annotation for span in work.annotation.spans}
    assert "ORG" not in labels
    assert carry_out(client, rows, undo=True)["done"] == len(rows)
    assert {work.task: work.annotation for work in pull(client, project).work} == before
