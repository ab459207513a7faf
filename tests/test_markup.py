"""Inline mark-up: what it writes it reads, and broken mark-up is told with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrace.markup import MarkupError, read_markup, write_markup
from casetrace.schema import LABELS, MODALITIES, RELATIONS, SchemaError, check
from casetrace.types import Annotation, Document, Relation, Span

ROUND = [
    "Nothing marked.",
    "[Ruth Okello|PERSON p1 has_role=r1], a [journalist|ROLE r1], was [freed|RELEASE subject=p1].",
    "We demand [her|ANAPHOR a1] [release|RELEASE:DEMANDED subject=a1 score=0.75].",
    "A \\[sic\\] back\\\\slash | bar, [A\\|B \\[x\\]|ORG].",
    "[A|PERSON a] and [B|PERSON b coref=a@0.5] were [held|DETAIN subject=a,b].\r\n\n\U0001f600 [ភ្នំពេញ|GPE]",
]


@pytest.mark.parametrize("marked", ROUND)
def test_mark_up_survives_reading_and_writing(marked: str) -> None:
    document, annotation = read_markup(marked, doc_id="d")
    assert write_markup(document, annotation) == marked


def test_read_gives_the_whole_annotation() -> None:
    document, annotation = read_markup("[She|ANAPHOR a] was [not|GPE]\n[freed|RELEASE:NEGATED subject=a].", doc_id="d")
    assert document == Document(id="d", text="She was not\nfreed.")
    assert annotation == Annotation(
        doc_id="d",
        sha256=document.sha256,
        spans=(
            Span(id="a", start=0, end=3, label="ANAPHOR", text="She"),
            Span(id="_8", start=8, end=11, label="GPE", text="not"),
            Span(id="_12", start=12, end=17, label="RELEASE", text="freed", modality="NEGATED"),
        ),
        relations=(Relation(head="_12", label="subject", child="a"),),
    )


BROKEN = [
    ("one\n[two", MarkupError, "line 2: stray '['"),
    ("a ] b", MarkupError, "line 1: stray ']'"),
    ("[x|NOPE]", MarkupError, "unknown label"),
    ("[x|ORG a b]", MarkupError, "two ids"),
    ("[x|ORG coref=]", MarkupError, "no span id"),
    ("[x|ORG a coref=b]", SchemaError, "is not a span"),
    ("[x|ORG a charge=a]", SchemaError, "points to itself"),
    ("[x |ORG]", SchemaError, "white space"),
    ("[x|ORG a] [y|ORG a]", SchemaError, "share an id"),
    ("[x|ORG a subject=b] [y|ORG b]", SchemaError, "its head is a ORG"),
]


@pytest.mark.parametrize(("marked", "kind", "message"), BROKEN)
def test_broken_mark_up_is_told(marked: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message.replace("[", r"\[")):
        read_markup(marked, doc_id="d")


@given(st.text(alphabet="ab []|\\\n\U0001f600é", max_size=40), st.data())
def test_any_text_with_any_span_survives(text: str, data: st.DataObject) -> None:
    document = Document(id="d", text=text)
    start = data.draw(st.integers(0, len(text)))
    words = text[start : start + 3]
    good = words and words == words.strip()
    spans = (Span(id="x", start=start, end=start + len(words), label="ORG", text=words),) if good else ()
    annotation = Annotation(doc_id="d", sha256=document.sha256, spans=spans)
    assert read_markup(write_markup(document, annotation), doc_id="d") == (document, annotation)


def test_schema_examples_are_valid_mark_up_of_their_own_entry() -> None:
    for name, label in LABELS.items():
        for example in label.examples:
            assert name in {span.label for span in read_markup(example, doc_id="d")[1].spans}
    for name, relation_type in RELATIONS.items():
        for example in relation_type.examples:
            assert [relation.label for relation in read_markup(example, doc_id="d")[1].relations] == [name]
    for name, modality in MODALITIES.items():
        assert {span.modality for span in read_markup(modality.examples[0], doc_id="d")[1].spans} == {name}


def test_hotkeys_and_colours_are_distinct() -> None:
    hotkeys = [entry.hotkey for entry in (*LABELS.values(), *MODALITIES.values())]
    assert len(set(hotkeys)) == len(hotkeys)
    assert len({label.colour for label in LABELS.values()}) == len(LABELS)


def test_annotation_of_another_text_is_refused() -> None:
    document, annotation = read_markup("[Ruth|PERSON]", doc_id="d")
    with pytest.raises(SchemaError, match="made for another text"):
        check(annotation, Document(id="d", text="Rita"))
    assert check(annotation, document) is annotation
