"""Annotation to spaCy Doc and DocBin, and back, with a report of every span that does not fit the words.

On a Doc, entities are in `doc.ents` and, with their scores, in `doc.spans["entities"]`; events are in
`doc.spans["events"]`; `doc.spans["relations"]` holds head and child of each relation in turn. Scores, modalities and
relation names are in the `attrs` of these groups, which spaCy writes to disk: nothing is in `doc._`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin, SpanGroup
from spacy.tokens import Span as DocSpan

from casetrace.markup import default_id
from casetrace.schema import EVENTS as EVENT_LABELS
from casetrace.schema import check
from casetrace.types import Annotation, Document, Frozen, Relation, Span

ENTITIES, EVENTS, RELATIONS = "entities", "events", "relations"


class Misfit(Frozen):
    """A span whose ends are not ends of words: where it was, and the whole words that stand for it (null: lost)."""

    doc_id: str
    span: Span
    words: str | None


def to_annotation(doc: Doc, *, document: Document, made_by: str | None = None) -> Annotation:
    """Everything that the pipeline wrote on a Doc, checked against the document that it was made from.

    The score of an event is the probability that trigger, label and modality are all right.
    """
    spans = [*_entity_spans(doc), *_event_spans(doc)]
    spans.sort(key=lambda span: span.start)
    annotation = Annotation(
        doc_id=document.id, sha256=document.sha256, spans=tuple(spans), relations=_relations(doc), made_by=made_by
    )
    return check(annotation, document)


def to_doc(make_doc: Callable[[str], Doc], document: Document, *, annotation: Annotation) -> tuple[Doc, list[Misfit]]:
    """A Doc that carries an annotation, and the spans that had to be widened to whole words or were lost.

    `make_doc` is `nlp.make_doc` of the pipeline whose words are wanted.
    """
    doc = make_doc(document.text)
    placed: dict[str, DocSpan] = {}
    misfits: list[Misfit] = []
    for span in sorted(annotation.spans, key=lambda span: span.start):
        found = _place(doc, span, taken=placed)
        if found is not None:
            placed[span.id] = found
        if found is None or (found.start_char, found.end_char) != (span.start, span.end):
            misfits.append(Misfit(doc_id=document.id, span=span, words=found.text if found else None))
    _write(doc, annotation, placed)
    return doc, misfits


def to_docbin(docs: Iterable[Doc], path: Path | str) -> None:
    """Write Docs with all their span groups to a `.spacy` file."""
    DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE"], docs=docs, store_user_data=False).to_disk(path)


def group(doc: Doc, name: str) -> SpanGroup:
    """A span group of a Doc, made empty if it is not there."""
    if name not in doc.spans:
        doc.spans[name] = SpanGroup(doc, name=name, attrs={}, spans=[])
    held: SpanGroup = doc.spans[name]
    return held


def add_relations(doc: Doc, found: Iterable[tuple[DocSpan, str, DocSpan, float | None]]) -> None:
    """Append (head, label, child, score) to the relations of a Doc."""
    rows = list(found)
    held = group(doc, RELATIONS)
    attrs: dict[str, Any] = held.attrs
    labels = [*attrs.get("labels", []), *(label for _, label, _, _ in rows)]
    scores = [*attrs.get("scores", []), *(score for _, _, _, score in rows)]
    ends = [*held, *(end for head, _, child, _ in rows for end in (head, child))]
    doc.spans[RELATIONS] = SpanGroup(doc, name=RELATIONS, attrs={"labels": labels, "scores": scores}, spans=ends)


def _entity_spans(doc: Doc) -> list[Span]:
    held = group(doc, ENTITIES)
    scores = held.attrs.get("scores") or [None] * len(held)
    return [_span(found, score=score) for found, score in zip(held, scores, strict=True)]


def _event_spans(doc: Doc) -> list[Span]:
    held = group(doc, EVENTS)
    count = len(held)
    scores = held.attrs.get("scores") or [None] * count
    modalities = held.attrs.get("modality") or ["ASSERTED"] * count
    sure = held.attrs.get("modality_scores") or [1.0] * count
    rows = zip(held, scores, modalities, sure, strict=True)
    return [
        _span(found, score=None if score is None else round(score * certain, 4), modality=modality)
        for found, score, modality, certain in rows
    ]


def _span(found: DocSpan, *, score: float | None, modality: Any = None) -> Span:
    return Span(
        id=default_id(found.start_char),
        start=found.start_char,
        end=found.end_char,
        label=found.label_,
        text=found.text,
        score=score,
        modality=modality,
    )


def _relations(doc: Doc) -> tuple[Relation, ...]:
    held = list(group(doc, RELATIONS))
    attrs = group(doc, RELATIONS).attrs
    rows = zip(held[::2], held[1::2], attrs.get("labels", []), attrs.get("scores", []), strict=True)
    return tuple(
        Relation(head=default_id(head.start_char), label=label, child=default_id(child.start_char), score=score)
        for head, child, label, score in rows
    )


def _place(doc: Doc, span: Span, *, taken: dict[str, DocSpan]) -> DocSpan | None:
    found = doc.char_span(span.start, span.end, label=span.label, alignment_mode="expand")
    last = max((other.end for other in taken.values()), default=0)
    return found if found is not None and found.start >= last else None


def _write(doc: Doc, annotation: Annotation, placed: dict[str, DocSpan]) -> None:
    spans = {span.id: span for span in annotation.spans if span.id in placed}
    entities = [key for key in placed if spans[key].label not in EVENT_LABELS]
    events = [key for key in placed if spans[key].label in EVENT_LABELS]
    doc.set_ents([placed[key] for key in entities])
    for name, keys in ((ENTITIES, entities), (EVENTS, events)):
        scores = [spans[key].score for key in keys]
        attrs: dict[str, Any] = {"scores": scores if None not in scores else []}
        if name == EVENTS:
            attrs["modality"] = [spans[key].modality for key in keys]
        doc.spans[name] = SpanGroup(doc, name=name, attrs=attrs, spans=[placed[key] for key in keys])
    kept = [relation for relation in annotation.relations if {relation.head, relation.child} <= placed.keys()]
    add_relations(doc, ((placed[item.head], item.label, placed[item.child], item.score) for item in kept))
