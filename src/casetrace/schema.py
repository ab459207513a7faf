"""The vocabulary, read from schema.toml, and the one check that every annotation passes where it enters."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, get_args

from casetrace.types import Annotation, CasetraceError, Document, Frozen, Modality, Relation, Span


class Label(Frozen):
    """One entity or event label as annotators meet it."""

    name: str
    description: str
    colour: str
    hotkey: str
    ace: str
    huridocs: str
    ftm: str
    examples: tuple[str, ...]


class RelationType(Frozen):
    """One relation and the labels that may stand at its ends, events spelt out."""

    name: str
    head: frozenset[str]
    child: frozenset[str]
    description: str
    ace: str
    huridocs: str
    examples: tuple[str, ...]


class ModalityType(Frozen):
    """One modality of an event."""

    name: str
    description: str
    hotkey: str
    examples: tuple[str, ...]


class SchemaError(CasetraceError):
    """An annotation that does not fit its document or the vocabulary; the message lists every fault."""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("casetrace").joinpath("schema.toml").read_text("utf-8"))


def _spell_out(ends: list[str]) -> frozenset[str]:
    return frozenset(label for end in ends for label in (_tables()["events"] if end == "event" else [end]))


VERSION: str = _tables()["version"]
ENTITIES = {name: Label(name=name, **row) for name, row in _tables()["entities"].items()}
EVENTS = {name: Label(name=name, **row) for name, row in _tables()["events"].items()}
LABELS = ENTITIES | EVENTS
MODALITIES = {name: ModalityType(name=name, **row) for name, row in _tables()["modalities"].items()}
RELATIONS = {
    name: RelationType(name=name, **{**row, "head": _spell_out(row["head"]), "child": _spell_out(row["child"])})
    for name, row in _tables()["relations"].items()
}
assert tuple(MODALITIES) == get_args(Modality)


def faults(annotation: Annotation, document: Document) -> Iterator[str]:
    """Every way in which an annotation does not fit its document or the vocabulary, one sentence each."""
    if annotation.sha256 != document.sha256:
        yield f"made for another text (SHA-256 {annotation.sha256[:12]}, the document has {document.sha256[:12]})"
        return
    for span in annotation.spans:
        yield from _span_faults(span, document)
    yield from _set_faults(annotation.spans)
    if annotation.no_case and (events := [span.text for span in annotation.spans if span.label in EVENTS]):
        yield f"said to hold no case, but events are marked: {', '.join(map(repr, events))}"
    spans = {span.id: span for span in annotation.spans}
    for relation in annotation.relations:
        yield from _relation_faults(relation, spans)


def check(annotation: Annotation, document: Document) -> Annotation:
    """Return the annotation unchanged, or raise `SchemaError` naming every fault.

    >>> document = Document(id="a", text="Police arrested her.")
    >>> check(Annotation(doc_id="a", sha256=document.sha256), document).spans
    ()
    """
    found = list(faults(annotation, document))
    if found:
        raise SchemaError(f"document {document.id}: " + "; ".join(found))
    return annotation


def _span_faults(span: Span, document: Document) -> Iterator[str]:
    where = f"span {span.id} ({span.label} {span.start}-{span.end} {span.text!r})"
    if span.label not in LABELS:
        yield f"{where}: unknown label"
    if not span.start < span.end <= len(document.text):
        yield f"{where}: outside the text of {len(document.text)} characters"
    elif document.text[span.start : span.end] != span.text:
        yield f"{where}: the text has {document.text[span.start : span.end]!r} there"
    elif span.text != span.text.strip():
        yield f"{where}: white space at its edge"
    if (span.modality is not None) != (span.label in EVENTS):
        yield f"{where}: an event needs a modality, an entity has none"


def _set_faults(spans: tuple[Span, ...]) -> Iterator[str]:
    if len({span.id for span in spans}) < len(spans):
        yield "two spans share an id"
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    for left, right in pairwise(ordered):
        if right.start < left.end:
            yield f"spans {left.id} ({left.text!r}) and {right.id} ({right.text!r}) overlap"


def _relation_faults(relation: Relation, spans: dict[str, Span]) -> Iterator[str]:
    where = f"relation {relation.head} {relation.label} {relation.child}"
    if relation.label not in RELATIONS:
        yield f"{where}: unknown relation"
        return
    if relation.head == relation.child:
        yield f"{where}: points to itself"
    for end, allowed in (("head", RELATIONS[relation.label].head), ("child", RELATIONS[relation.label].child)):
        span = spans.get(getattr(relation, end))
        if span is None:
            yield f"{where}: its {end} is not a span of this annotation"
        elif span.label not in allowed:
            yield f"{where}: its {end} is a {span.label} ({span.text!r})"
