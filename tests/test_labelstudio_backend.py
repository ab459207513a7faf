"""What the model answers to Label Studio: one checked prediction for each task, whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

import pytest
from fastapi.testclient import TestClient

from casetrace.assemble import assemble
from casetrace.extraction import Extraction
from casetrace.labelstudio.backend import Model, make_app
from casetrace.labelstudio.page import page
from casetrace.labelstudio.tasks import to_result, to_task
from casetrace.markup import read_markup
from casetrace.retrain import Trainer
from casetrace.types import Document, Rejection

DOCUMENT, ANNOTATION = read_markup("[Police|ORG o score=0.9] [arrested|ARREST agent=o score=0.6] her.", doc_id="d")
BROKEN = Document(id="broken", text="No pipeline reads this.")


def predict(documents: Iterable[Document]) -> Iterator[Extraction | Rejection]:
    for document in documents:
        if document.id == "broken":
            yield Rejection(source=document.id, reason="the pipeline failed")
        else:
            yield Extraction(DOCUMENT, ANNOTATION, assemble(DOCUMENT, ANNOTATION))


@pytest.fixture
def model() -> Model:
    return Model(predict, "en_casetrace-9")


def test_one_answer_for_each_task_in_order(model: Model) -> None:
    changed = to_task(DOCUMENT)
    changed["data"]["text"] += "!"
    tasks = [to_task(BROKEN), to_task(DOCUMENT), {"data": {"text": "not ours"}}, changed]
    answer = TestClient(make_app(model)).post("/predict", json={"tasks": tasks, "label_config": page()})
    results = answer.json()["results"]
    assert [row["model_version"] for row in results] == ["en_casetrace-9"] * 4
    assert [row["result"] for row in results] == [[], to_result(ANNOTATION), [], []]
    assert [row["score"] for row in results] == [0.0, 0.6, 0.0, 0.0]


def test_what_the_page_lacks_is_not_sent(model: Model) -> None:
    whole = page()
    for config in (whole.replace('value="ARREST"', 'value="CAPTURE"'), whole.replace('value="ASSERTED"', 'value="X"')):
        body = {"tasks": [to_task(DOCUMENT)], "label_config": config}
        assert TestClient(make_app(model)).post("/predict", json=body).json()["results"][0]["result"] == []


def test_the_addresses_that_label_studio_calls(model: Model) -> None:
    saved, trained = [], []
    app = make_app(model, on_saved=lambda: saved.append(1), train=lambda: trained.append(1))
    client = TestClient(app)
    assert client.get("/health").json()["status"] == "UP"
    assert client.post("/setup", json={"project": "1"}).json() == {"model_version": "en_casetrace-9"}
    assert client.get("/versions").json()["versions"] == ["en_casetrace-9"]
    for action in ("ANNOTATION_CREATED", "ANNOTATION_UPDATED", "START_TRAINING", "TASKS_CREATED"):
        assert client.post("/webhook", json={"action": action}).json() == {"status": "ok"}
    assert (len(saved), len(trained)) == (2, 1)
    model.swap(predict, "en_casetrace-10")
    assert client.post("/setup", json={}).json() == {"model_version": "en_casetrace-10"}


def test_training_starts_after_so_many_and_one_at_a_time() -> None:
    started, go = [], threading.Event()

    def train() -> None:
        started.append(1)
        go.wait(5)

    trainer = Trainer(train, after=3)
    for _ in range(7):
        trainer.saved()
    assert started == [1]
    go.set()
