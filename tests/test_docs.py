"""Annotation to Doc and back."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin

from casetrace.docs import to_annotation, to_doc, to_docbin
from casetrace.markup import read_markup
from casetrace.schema import SchemaError
from casetrace.types import Annotation, Document

MARKED = """[Ruth Oba|PERSON score=0.9 has_role=_10@0.8], [journalist|ROLE score=0.7],
was [arrested|ARREST score=0.95 subject=_0@0.6].

[She|ANAPHOR score=0.5 coref=_0@0.4] denies [fraud|CHARGE score=0.5];
we demand her [release|RELEASE:DEMANDED score=0.25]."""


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    return spacy.blank("en")


def spread(annotation: Annotation) -> tuple[list[object], set[object]]:
    return [span.model_dump() for span in annotation.spans], {
        tuple(item.model_dump().values()) for item in annotation.relations
    }


def test_annotation_survives_a_doc(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup(MARKED, doc_id="a")
    doc, misfits = to_doc(nlp.make_doc, document, annotation=annotation)
    assert misfits == []
    assert [entity.text for entity in doc.ents] == ["Ruth Oba", "journalist", "She", "fraud"]
    assert doc.spans["events"].attrs["modality"] == ["ASSERTED", "DEMANDED"]
    assert spread(to_annotation(doc, document=document)) == spread(annotation)


def test_annotation_survives_a_docbin(nlp: spacy.language.Language, tmp_path: Path) -> None:
    document, annotation = read_markup(MARKED, doc_id="a")
    doc, _ = to_doc(nlp.make_doc, document, annotation=annotation)
    to_docbin([doc], tmp_path / "a.spacy")
    (read,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(nlp.vocab)
    assert spread(to_annotation(read, document=document)) == spread(annotation)


def test_span_inside_a_word_is_widened_and_told(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup("An [arrest|ARREST]2 was [made|SUE].", doc_id="a")
    doc, misfits = to_doc(nlp.make_doc, document, annotation=annotation)
    assert [(misfit.span.text, misfit.words) for misfit in misfits] == [("arrest", "arrest2")]
    assert [span.text for span in doc.spans["events"]] == ["arrest2", "made"]


def test_span_that_shares_its_word_is_lost_and_told(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup("[abc|GPE][def|GPE] x", doc_id="a")
    _, misfits = to_doc(nlp.make_doc, document, annotation=annotation)
    assert [misfit.words for misfit in misfits] == ["abcdef", None]


def test_doc_of_another_text_is_refused(nlp: spacy.language.Language) -> None:
    document, annotation = read_markup(MARKED, doc_id="a")
    doc, _ = to_doc(nlp.make_doc, document, annotation=annotation)
    with pytest.raises(SchemaError):
        to_annotation(doc, document=Document(id="a", text="Something else altogether, " * 20))


def test_empty_doc(nlp: spacy.language.Language) -> None:
    document = Document(id="a", text="")
    assert to_annotation(nlp(""), document=document) == Annotation(doc_id="a", sha256=document.sha256)
