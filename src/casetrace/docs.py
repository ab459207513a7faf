"""Annotation to spaCy Doc and DocBin, and back, with a report of every span that does not fit the words.

On a Doc, entities are in `doc.ents`, and `doc.spans["entities"]` holds the scores of those that were found; events are
in `doc.spans["events"]`; `doc.spans["relations"]` holds head and child of each relation in turn. Scores, modalities and
relation names are in the `attrs` of these groups, which spaCy writes to disk: nothing is in `doc._`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin, SpanGroup
from spacy.tokens import Span as DocSpan

from casetrace.markup import default_id
from casetrace.schema import ENTITIES as ENTITY_LABELS
from casetrace.schema import EVENTS as EVENT_LABELS
from casetrace.schema import RELATIONS as RELATION_LABELS
from casetrace.schema import check
from casetrace.types import Annotation, Document, Frozen, Relation, Span

ENTITIES, EVENTS, RELATIONS = "entities", "events", "relations"

Link = tuple[DocSpan, str, DocSpan, float | None]
Place = tuple[int, int, str]


class Misfit(Frozen):
    """A span whose ends are not ends of words: where it was, and the whole words that stand for it (null: lost)."""

    doc_id: str
    span: Span
    words: str | None


def to_annotation(doc: Doc, *, document: Document, made_by: str | None = None) -> Annotation:
    """Everything that the pipeline wrote on a Doc, checked against the document that it was made from.

    The entities are those of `doc.ents`; what a later component left of events and relations is warned of
    (`UserWarning`). The score of an event is the probability that trigger, label and modality are all right.
    """
    rows = [(found, _span(found, score=score)) for found, score in entities(doc)]
    rows += _clear_events(doc, document.id, taken=words_of(found for found, _ in rows))
    rows.sort(key=lambda row: row[0].start)
    relations = _relations(doc, document.id, there={place(found) for found, _ in rows})
    spans = tuple(span for _, span in rows)
    annotation = Annotation(
        doc_id=document.id, sha256=document.sha256, spans=spans, relations=relations, made_by=made_by
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


def place(span: DocSpan) -> Place:
    """What makes two spans of a Doc the same: ends, in words, and label."""
    return span.start, span.end, span.label_


def words_of(spans: Iterable[DocSpan]) -> set[int]:
    """The numbers of all words under some spans."""
    return {word for span in spans for word in range(span.start, span.end)}


def entities(doc: Doc) -> list[tuple[DocSpan, float | None]]:
    """The entities of `doc.ents` with a label of the vocabulary, each with the score it was found with, if any."""
    held = group(doc, ENTITIES)
    scores = held.attrs.get("scores") or [None] * len(held)
    known = dict(zip(map(place, held), scores, strict=True))
    return [(found, known.get(place(found))) for found in doc.ents if found.label_ in ENTITY_LABELS]


def set_entities(doc: Doc, spans: list[DocSpan]) -> None:
    """Replace the entities of the vocabulary; those of other labels stay where none of `spans` lies on them."""
    taken = words_of(spans)
    others = [held for held in doc.ents if held.label_ not in ENTITY_LABELS and taken.isdisjoint(words_of([held]))]
    for word in (word for held in doc.ents for word in held):
        word.ent_id_ = ""  # spaCy would leave the id of what goes to what comes
    doc.set_ents([*spans, *others])


def put_relations(doc: Doc, found: Iterable[Link], *, labels: Collection[str]) -> None:
    """Add (head, label, child, score) to the relations of a Doc, in place of those with one of `labels`."""
    rows = [*(row for row in _links(doc) if row[1] not in labels), *found]
    attrs = {"labels": [label for _, label, _, _ in rows], "scores": [score for _, _, _, score in rows]}
    ends = [end for head, _, child, _ in rows for end in (head, child)]
    doc.spans[RELATIONS] = SpanGroup(doc, name=RELATIONS, attrs=attrs, spans=ends)


def _links(doc: Doc) -> list[Link]:
    held = group(doc, RELATIONS)
    ends, attrs = list(held), held.attrs
    labels, scores = attrs.get("labels", []), attrs.get("scores", [])
    return list(zip(ends[::2], labels, ends[1::2], scores, strict=True))


def _clear_events(doc: Doc, doc_id: str, *, taken: set[int]) -> list[tuple[DocSpan, Span]]:
    """The events that no entity lies on; spans never overlap in an annotation."""
    rows = list(zip(group(doc, EVENTS), _event_spans(doc), strict=True))
    hidden = [row for row in rows if not taken.isdisjoint(words_of([row[0]]))]
    what = "events that an entity of doc.ents lies on"
    _warn(doc_id, what, dropped=[f"{span.label} {span.text!r}" for _, span in hidden])
    return [row for row in rows if row not in hidden]


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


def _relations(doc: Doc, doc_id: str, *, there: set[Place]) -> tuple[Relation, ...]:
    rows = _links(doc)
    loose = [row for row in rows if not {place(row[0]), place(row[2])} <= there]
    what = "relations of entities that a later component relabelled or took away"
    _warn(doc_id, what, dropped=[f"{head.text!r} {label} {child.text!r}" for head, label, child, _ in loose])
    return tuple(
        Relation(head=default_id(head.start_char), label=label, child=default_id(child.start_char), score=score)
        for head, label, child, score in (row for row in rows if row not in loose)
    )


def _warn(doc_id: str, what: str, *, dropped: list[str]) -> None:
    if dropped:
        told = f"document {doc_id}: {what} are left out: {', '.join(dropped)}"
        warnings.warn(f"{told}; put entity rulers before casetrace_mentions", stacklevel=4)


def _place(doc: Doc, span: Span, *, taken: dict[str, DocSpan]) -> DocSpan | None:
    found = doc.char_span(span.start, span.end, label=span.label, alignment_mode="expand")
    last = max((other.end for other in taken.values()), default=0)
    return found if found is not None and found.start >= last else None


def _write(doc: Doc, annotation: Annotation, placed: dict[str, DocSpan]) -> None:
    spans = {span.id: span for span in annotation.spans if span.id in placed}
    named = [key for key in placed if spans[key].label not in EVENT_LABELS]
    events = [key for key in placed if spans[key].label in EVENT_LABELS]
    doc.set_ents([placed[key] for key in named])
    for name, keys in ((ENTITIES, named), (EVENTS, events)):
        scores = [spans[key].score for key in keys]
        attrs: dict[str, Any] = {"scores": scores if None not in scores else []}
        if name == EVENTS:
            attrs["modality"] = [spans[key].modality for key in keys]
        doc.spans[name] = SpanGroup(doc, name=name, attrs=attrs, spans=[placed[key] for key in keys])
    kept = [relation for relation in annotation.relations if {relation.head, relation.child} <= placed.keys()]
    links = [(placed[item.head], item.label, placed[item.child], item.score) for item in kept]
    put_relations(doc, links, labels=RELATION_LABELS)
