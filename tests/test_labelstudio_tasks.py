"""Tasks out and annotations back: nothing is lost, and whatever Label Studio lets pass is named."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk.label_interface.interface import LabelInterface

from casetrace.corpus import SPLITS, read_split
from casetrace.labelstudio.page import page
from casetrace.labelstudio.tasks import document_of, read_result, to_prediction, to_result, to_task
from casetrace.markup import read_markup
from casetrace.types import Annotation, Document

ROOT = Path(__file__).parents[1]
FAULTS = tomllib.loads((ROOT / "tests/cases/labelstudio/faults.toml").read_text("utf-8"))["case"]
TEXTS = {
    "emoji": "😀 [Police|ORG o] 👩\u200d👧 [arrested|ARREST:NEGATED e agent=o subject=p] [Ruth 🇰🇪 Okello|PERSON p].",
    "khmer": "[ឡុង សុខា|PERSON p] ត្រូវបាន [ចាប់ខ្លួន|ARREST subject=p place=g] នៅ [ភ្នំពេញ|GPE g]។",
    "crlf": "[Police|ORG]\r\n\r\n[freed|RELEASE:DEMANDED subject=g]\tten  \r[workers\r\n and two|GROUP g].\u2028",
    "bom and nbsp": "\ufeff[Ruth\u00a0Okello|PERSON a] e\u0301 \u200b[Okello|PERSON coref=a]",
    "two relations of one pair": "[sued|SUE subject=o agent=o law=l] [Acme|ORG o] [Act 3|LAW l]",
    "scores": "[Police|ORG o score=0.5] [held|DETAIN e agent=o@0.25,p subject=p@0.75 score=0.125] [her|ANAPHOR p]",
    "nothing": "The union met on a quiet day.",
}


def back(document: Document, annotation: Annotation, *, by_model: bool = True) -> Annotation | None:
    task = json.loads(json.dumps(to_task(document, annotation)))
    result = json.loads(json.dumps(to_result(annotation)))
    reading = read_result(result, task, made_by=annotation.made_by, by_model=by_model)
    assert (reading.faults, reading.notices) == ((), ())
    return reading.annotation


def by_place(annotation: Annotation | None) -> Annotation | None:
    """With spans in the order of the text and relations in one order, for an annotation that is a set of them."""
    if annotation is None:
        return None
    spans = tuple(sorted(annotation.spans, key=lambda span: span.start))
    relations = tuple(sorted(annotation.relations, key=lambda link: (link.head, link.child, link.label)))
    return annotation.model_copy(update={"spans": spans, "relations": relations})


@pytest.mark.parametrize("split", SPLITS)
def test_every_gold_document_comes_back_identical(split: Any) -> None:
    for document, annotation in read_split(ROOT, split):
        assert by_place(back(document, annotation, by_model=False)) == by_place(annotation)


def test_label_studio_takes_every_gold_annotation() -> None:
    interface = LabelInterface(page())
    for _, annotation in read_split(ROOT, "dev"):
        assert interface.validate_prediction(to_prediction(annotation), return_errors=True) == []


@pytest.mark.parametrize("name", TEXTS)
def test_hard_texts_come_back_identical(name: str) -> None:
    document, annotation = read_markup(TEXTS[name], doc_id=name, made_by="m-1")
    assert by_place(back(document, annotation)) == by_place(annotation)
    assert document_of(to_task(document)) == document


def test_a_tick_of_no_case_comes_back() -> None:
    document, annotation = read_markup("[Ruth Okello|PERSON] spoke.", doc_id="d", made_by="m-1")
    ticked = annotation.model_copy(update={"no_case": True})
    assert back(document, ticked) == ticked


def test_every_mark_file_comes_back_identical() -> None:
    for file in sorted((ROOT / "tests/cases").rglob("*.mark")):
        document, annotation = read_markup(file.read_bytes().decode("utf-8"), doc_id=file.stem)
        assert by_place(back(document, annotation)) == by_place(annotation)


def test_two_relations_of_one_pair_are_one_arrow() -> None:
    _, annotation = read_markup(TEXTS["two relations of one pair"], doc_id="d")
    arrows = [part["labels"] for part in to_result(annotation) if part["type"] == "relation"]
    assert arrows == [["subject", "agent"], ["law"]]


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["name"])
def test_what_label_studio_lets_pass_is_refused(case: dict[str, Any]) -> None:
    task = to_task(Document(id="d", text="Police arrested Ruth Okello ."))
    reading = read_result(json.loads(case["result"]), task, made_by="ann")
    assert list(reading.faults) == case["faults"]
    assert reading.annotation is None


def test_a_slip_of_the_mouse_is_mended_and_told() -> None:
    task = to_task(Document(id="d", text="Police arrested Ruth Okello ."))
    result = [
        {"id": "p", "from_name": "entity", "type": "labels", "value": {"start": 15, "end": 28, "labels": ["PERSON"]}},
        {"id": "a", "from_name": "event", "type": "labels", "value": {"start": 7, "end": 15, "labels": ["ARREST"]}},
        {"type": "relation", "from_id": "p", "to_id": "a", "direction": "left", "labels": ["subject"]},
    ]
    reading = read_result(result, task, made_by="ann")
    assert reading.faults == ()
    assert reading.notices == (
        "span p (PERSON 15-28 None): white space at its edge was cut off",
        "span a (ARREST 7-15 'arrested'): no modality was chosen; ASSERTED is meant",
    )
    _, meant = read_markup("Police [arrested|ARREST a subject=p] [Ruth Okello|PERSON p] .", doc_id="d", made_by="ann")
    assert reading.annotation == meant


def test_a_text_changed_on_the_server_is_refused() -> None:
    task = to_task(Document(id="d", text="Police arrested her."))
    task["data"]["text"] += " "
    assert read_result([], task, made_by="ann").faults == ("the text on the server is not the one that was pushed",)
    foreign = read_result([], {"data": {"text": "x"}}, made_by="ann")
    assert foreign.faults == ("the task was not made by casetrace: KeyError 'doc_id'",)
