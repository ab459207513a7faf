"""Case records from marked-up texts: tests/cases/records.toml holds a text and the records that a reader would file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from casetrace.assemble import assemble
from casetrace.assemble.status import detail_of
from casetrace.markup import read_markup
from casetrace.types import Annotation, CaseRecord, Document, Event, Span

CASES = tomllib.loads((Path(__file__).parent / "cases" / "records.toml").read_text("utf-8"))["case"]


def document_of(marked: str, published: str | None = None, *, scored: bool = False) -> tuple[Document, Annotation]:
    """The case's document and annotation; `scored` makes its relations those of a model, the first told the surest."""
    document, annotation = read_markup(marked.strip(), doc_id="case")
    if scored:
        links = [link.model_copy(update={"score": 0.9 - at / 100}) for at, link in enumerate(annotation.relations)]
        annotation = annotation.model_copy(update={"relations": tuple(links)})
    return document.model_copy(update={"published": published}), annotation


def told(event: Event) -> str:
    """An event on one line: type, modality if not asserted, and its values."""
    parts = [event.type if event.modality == "ASSERTED" else f"{event.type}:{event.modality}"]
    parts += [event.date.value if event.date.date_type else f"({event.date.value})"] if event.date else []
    parts += [f"by {', '.join(agent.value for agent in event.agents)}"] if event.agents else []
    parts += [f"for {', '.join(charge.value for charge in event.charges)}"] if event.charges else []
    parts += [f"under {', '.join(law.value for law in event.laws)}"] if event.laws else []
    parts += [f"at {', '.join(place.value for place in event.places)}"] if event.places else []
    parts += [" ".join(filter(None, ("term", event.term.bound, event.term.value)))] if event.term else []
    parts += [f"{event.amount.value} {event.amount.currency}"] if event.amount else []
    parts += [f"[{event.detail}]"] if event.detail else []
    return " ".join(parts + (["check"] if event.check else []))


def filed(record: CaseRecord) -> dict[str, Any]:
    subject = record.subject
    name = subject.name if subject.count is None else f"{subject.name} ({subject.count})"
    return {
        "name": name,
        "kind": subject.kind,
        "status": (record.status or "") + (" check" if record.status_check else ""),
        "events": [told(event) for event in record.events],
    }


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_records(case: dict[str, Any]) -> None:
    document, annotation = document_of(case["text"], case.get("published"), scored=case.get("scored", False))
    assert [filed(record) for record in assemble(document, annotation)] == case.get("record", [])


def test_every_value_quotes_the_text() -> None:
    for case in CASES:
        document, annotation = document_of(case["text"], case.get("published"))
        for record in assemble(document, annotation):
            for event in record.events:
                values = [
                    *event.agents,
                    *event.charges,
                    *event.laws,
                    *event.places,
                    *filter(None, (event.date, event.term, event.amount)),
                ]
                for quote in (*event.evidence, *values):
                    assert document.text[quote.start : quote.end] == quote.text


def test_the_same_text_gives_the_same_records() -> None:
    document, annotation = document_of(CASES[0]["text"], CASES[0].get("published"))
    shuffled = annotation.model_copy(update={"spans": annotation.spans[::-1], "relations": annotation.relations[::-1]})
    assert assemble(document, annotation) == assemble(document, shuffled)


def test_a_low_score_marks_the_value() -> None:
    marked = (
        "[Police|ORG o score=0.9] [arrested|ARREST agent=o@0.4 subject=p@0.9 score=0.9] [Okello|PERSON p score=0.9]."
    )
    (record,) = assemble(*document_of(marked))
    (event,) = record.events
    assert (event.score, event.check) == (0.81, False)
    assert (event.agents[0].score, event.agents[0].check) == (0.36, True)


DETAILS = [
    line.split("\t") for line in (Path(__file__).parent / "cases" / "details.tsv").read_text("utf-8").splitlines()[1:]
]


@pytest.mark.parametrize(("label", "clause", "detail"), DETAILS)
def test_details(label: str, clause: str, detail: str) -> None:
    before, word, after = re.split(r"[\[\]]", clause)
    trigger = Span(id="e", start=len(before), end=len(before + word), label=label, text=word, modality="ASSERTED")
    assert (detail_of(trigger, before + word + after) or "-") == detail
