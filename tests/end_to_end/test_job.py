"""One whole job as a team does it: serve, push, annotate as three, pull, agreement, adjudicate, train."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casetrace import jsonl
from casetrace.adjudicate import Disagreement, settle
from casetrace.cli import app
from casetrace.corpus import SPLITS, read_manifest, read_split
from casetrace.labelstudio.client import Client
from casetrace.labelstudio.people import token_of
from casetrace.labelstudio.project import get_project, task_pages, tasks_on
from casetrace.labelstudio.server import free_port, login_of
from casetrace.labelstudio.tasks import to_result
from casetrace.labelstudio.verdicts import LETTERS
from casetrace.retrain import dev_score, run_training, write_corpus
from casetrace.schema import EVENTS
from casetrace.types import Annotation, Document

ROOT = Path(__file__).parents[2]
ANNOTATORS = ("ann@example.org", "ben@example.org", "cho@example.org")
Gold = dict[str, tuple[Document, Annotation]]


@pytest.fixture(scope="module")
def gold() -> Gold:
    pairs = [pair for pair in read_split(ROOT, "train") if len(pair[0].text) < 1500][:20]
    return {
        document.id: (document, annotation.model_copy(update={"made_by": "gold-1"})) for document, annotation in pairs
    }


@pytest.fixture(scope="module")
def serving(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of `casetrace annotate serve`, with its server up and the model connected if there is one."""
    import shutil

    folder = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("job") / "label-studio"))
    os.environ["CASETRACE_LABEL_STUDIO_DATA"] = str(folder)
    command = [sys.executable, "-m", "casetrace", "annotate", "serve", "--port", str(free_port()), "--no-browser",
               "--project", "job", "--overlap", "3", "--data", str(folder)]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        for line in process.stderr or ():
            if "Ctrl-C" in line:
                break
        yield folder
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        del os.environ["CASETRACE_LABEL_STUDIO_DATA"]


def run(*arguments: str) -> str:
    """The messages of a command that ends well."""
    done = CliRunner().invoke(app, ["annotate", *arguments])
    assert done.exit_code == 0, done.output
    return done.stderr + done.stdout


def without_last_event(annotation: Annotation) -> Annotation:
    events = [span.id for span in annotation.spans if span.label in EVENTS]
    gone = events[-1:]
    links = tuple(link for link in annotation.relations if link.head not in gone)
    return annotation.model_copy(update={"relations": links, "spans": tuple(
        span for span in annotation.spans if span.id not in gone)})  # fmt: skip


def with_first_event_demanded(annotation: Annotation) -> Annotation:
    events = [span.id for span in annotation.spans if span.label in EVENTS]
    spans = [span.model_copy(update={"modality": "DEMANDED"}) if span.id in events[:1] else span
             for span in annotation.spans]  # fmt: skip
    return annotation.model_copy(update={"spans": tuple(spans)})


def by_place(annotation: Annotation) -> tuple[Any, ...]:
    places = {span.id: (span.start, span.end) for span in annotation.spans}
    spans = sorted((span.start, span.end, span.label, span.modality) for span in annotation.spans)
    # which earlier mention a coreference link goes to does not matter to its chain
    links = {(places[link.head], link.label, None if link.label == "coref" else places[link.child])
             for link in annotation.relations}  # fmt: skip
    return spans, links


def test_the_whole_job(serving: Path, gold: Gold, tmp_path: Path) -> None:
    texts, pre, work = tmp_path / "texts.jsonl", tmp_path / "pre.jsonl", tmp_path / "work"
    jsonl.write((document for document, _ in gold.values()), texts)
    jsonl.write((annotation for _, annotation in gold.values()), pre)
    pushed = run("push", str(texts), "--annotations", str(pre), "--project", "job")
    assert "20 documents pushed, 0 were there, 20 pre-annotations sent" in pushed
    assert "0 documents pushed, 20 were there, 0" in run(
        "push", str(texts), "--annotations", str(pre), "--project", "job"
    )
    told = run("users", *ANNOTATORS)
    passwords = dict(line.split("\t") for line in told.splitlines() if "\t" in line)
    assert set(passwords) == set(ANNOTATORS)

    url = json.loads((serving / "server.json").read_text())["url"]
    hands = [lambda annotation: annotation, without_last_event, with_first_event_demanded]
    for email, hand in zip(ANNOTATORS, hands, strict=True):
        with Client(url, token_of(url, email, passwords[email])) as client:
            for row in tasks_on(client, get_project(client, "job")):
                result = to_result(hand(gold[row.doc_id][1]))
                client.annotations.create(row.id, result=result, lead_time=60)

    assert "60 annotations new, 0 changed, 0 the same" in run("pull", str(work), "--project", "job")
    assert "0 annotations new, 0 changed" in run("pull", str(work), "--project", "job")
    files = [str(work / f"{email}.jsonl") for email in ANNOTATORS]
    for email, hand in zip(ANNOTATORS, hands, strict=True):
        for row in jsonl.read(work / f"{email}.jsonl", Annotation):
            assert by_place(row) == by_place(hand(gold[row.doc_id][1]))

    run("agreement", *files, "--text", str(work / "documents.jsonl"), "-o", str(tmp_path / "agreement.json"))
    found = json.loads((tmp_path / "agreement.json").read_text())
    assert found["annotators"] == list(ANNOTATORS)
    assert 0.7 < found["pairs"][0]["overall"]["events"]["value"] < 1
    assert found["pairs"][1]["modality_kappa"]["value"] < 1

    settled = tmp_path / "settled.jsonl"
    asked = ("adjudicate", *files, "--text", str(work / "documents.jsonl"), "-o", str(settled))
    for _ in range(3):
        if "places are open" not in run(*asked):
            break
        decide_as_ann(url, serving, work, gold)
    rows = {row.doc_id: row for row in jsonl.read(settled, Annotation)}
    assert len(rows) == 20
    assert [by_place(rows[name]) for name in gold] == [by_place(annotation) for _, annotation in gold.values()]


def decide_as_ann(url: str, serving: Path, work: Path, gold: Gold) -> None:
    """Decide every open place for the version that the first annotator marked."""
    hands = {
        email: {row.doc_id: row for row in jsonl.read(work / f"{email}.jsonl", Annotation)} for email in ANNOTATORS
    }
    places: dict[str, Disagreement] = {}
    decided: dict[str, int] = {}
    for name, (document, _) in gold.items():
        mine = {email: rows[name] for email, rows in hands.items()}
        for place in (open_places := settle(document, mine, verdicts={}).open):
            decided[place.id] = ann_says(place)
        places |= {place.id: place for place in open_places}
        places |= {place.id: place for place in settle(document, mine, verdicts=decided).open}
    with Client(url, login_of(serving).token) as client:
        for task in task_pages(client, get_project(client, "casetrace verdicts")):
            if not task.done:
                option = task.data["options"][ann_says(places[task.data["place"]])]["value"]
                value = {"choices": [option]}
                result = [{"from_name": "verdict", "to_name": "versions", "type": "choices", "value": value}]
                client.annotations.create(task.id, result=result)


def ann_says(place: Disagreement) -> int:
    number = next(at for at, version in enumerate(place.versions) if ANNOTATORS[0] in version.annotators)
    assert number < len(LETTERS)
    return number


@pytest.mark.skipif(not (ROOT / "models/en_casetrace").is_dir(), reason="no trained pipeline in models/en_casetrace")
def test_a_task_is_labelled_as_it_opens(serving: Path, tmp_path: Path) -> None:
    text = "Police arrested the journalist Ruth Okello in Nairobi on 3 May 2023 and charged her with incitement."
    jsonl.write([Document(id="fresh", text=text)], tmp_path / "fresh.jsonl")
    run("push", str(tmp_path / "fresh.jsonl"), "--model", "none", "--project", "job")
    url = json.loads((serving / "server.json").read_text())["url"]
    with Client(url, login_of(serving).token) as client:
        project = get_project(client, "job")
        (task,) = (row.id for row in tasks_on(client, project) if row.doc_id == "fresh")
        for _ in range(20):  # the first answer waits for the pipeline to warm up
            (*_, prediction) = client.tasks.get(task).predictions or [None]
            if prediction is not None:
                break
            time.sleep(0.5)
    assert prediction is not None
    assert prediction.model_version.startswith("en_casetrace")
    marked = {part["value"]["text"]: part["value"]["labels"] for part in prediction.result if part["type"] == "labels"}
    assert marked["arrested"] == ["ARREST"]
    assert marked["Ruth Okello"] == ["PERSON"]


def test_training_on_what_was_annotated(tmp_path: Path, gold: Gold) -> None:
    pytest.importorskip("torch", reason="training needs casetrace[train]")
    root = tmp_path / "root"
    manifest = read_manifest(ROOT)
    entries = []
    for split in SPLITS:
        pairs = list(read_split(ROOT, split))[:2]
        jsonl.write((annotation for _, annotation in pairs), root / "annotations" / f"{split}.jsonl")
        entries += [manifest[document.id] for document, _ in pairs]
        for document, _ in pairs:
            (root / "corpus/texts").mkdir(parents=True, exist_ok=True)
            (root / "corpus/texts" / f"{document.id}.txt").write_bytes(document.text.encode())
    jsonl.write(entries, root / "corpus/manifest.jsonl")
    in_test = next(read_split(root, "test"))
    work = [*list(gold.values())[:3], in_test]
    assert write_corpus(root, work, tmp_path / "data") == 3  # never what a pipeline is measured on
    shipped = ROOT / "models/en_casetrace"
    options = ("--optimiser.epochs", "1", "--optimiser.device", "cpu", "--optimiser.threads", "2")
    run_training(ROOT / "models/config.cfg", tmp_path / "data", tmp_path / "model", start=shipped, options=options)
    assert dev_score(tmp_path / "model", root) > 0.5  # one epoch on a few texts: what it knew is still there
