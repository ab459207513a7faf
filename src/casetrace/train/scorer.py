"""Strict counts of a pipeline against annotation, for early stopping; published figures come from `evaluate`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from casetrace.schema import EVENTS
from casetrace.types import Annotation, Span

Counts = Counter[tuple[str, str]]
KINDS = ("entities", "events", "relations", "coref")


def count(gold: Annotation, found: Annotation) -> Counts:
    """(kind, right | gold | found) counts of one document."""
    counts: Counts = Counter()
    left, right = _items(gold), _items(found)
    for key, items in (("gold", left), ("found", right), ("right", left & right)):
        for kind, *_ in items:
            counts[kind, key] += 1
    counts.update(_modality(gold, found))
    counts.update(_coref(gold, found))
    return counts


def total(counts: Iterable[Counts]) -> Counts:
    """All counts added."""
    whole: Counts = Counter()
    for one in counts:
        whole.update(one)
    return whole


def f1(counts: Counts, kind: str) -> float:
    """F1 of a kind; 0 where nothing is there."""
    every = counts[kind, "gold"] + counts[kind, "found"]
    return 2 * counts[kind, "right"] / every if every else 0.0


def summary(counts: Counts) -> dict[str, float]:
    """The figures that training reports and stops by."""
    figures = {kind: f1(counts, kind) for kind in KINDS}
    figures["modality"] = counts["modality", "right"] / max(1, counts["modality", "gold"])
    figures["mean"] = sum(figures[kind] for kind in ("entities", "events", "relations", "coref")) / 4
    return {name: round(value, 4) for name, value in figures.items()}


def _items(annotation: Annotation) -> set[tuple[str, str, int, int, int, int]]:
    spans = {span.id: span for span in annotation.spans}
    items = {(_kind(span), span.label, span.start, span.end, 0, 0) for span in annotation.spans}
    for relation in annotation.relations:
        if relation.label != "coref":
            head, child = spans[relation.head], spans[relation.child]
            items.add(("relations", relation.label, head.start, head.end, child.start, child.end))
    return items


def _kind(span: Span) -> str:
    return "events" if span.label in EVENTS else "entities"


def _modality(gold: Annotation, found: Annotation) -> Counts:
    wanted = {(span.start, span.end, span.label): span.modality for span in gold.spans if span.modality}
    seen = {(span.start, span.end, span.label): span.modality for span in found.spans if span.modality}
    both = wanted.keys() & seen.keys()
    return Counter(
        {("modality", "gold"): len(both), ("modality", "right"): sum(wanted[key] == seen[key] for key in both)}
    )


def _coref(gold: Annotation, found: Annotation) -> Counts:
    """A found link is right when both ends are one gold entity; a gold link is found when the system joins its ends."""
    wanted, seen = entities(gold), entities(found)
    links = _links(gold), _links(found)
    right_found = sum(head in wanted and wanted.get(head) == wanted.get(child) for head, child in links[1])
    right_gold = sum(head in seen and seen.get(head) == seen.get(child) for head, child in links[0])
    return Counter({("coref", "gold"): len(links[0]), ("coref", "found"): len(links[1]),
                    ("coref", "right"): round((right_found + right_gold) / 2)})  # fmt: skip


def _links(annotation: Annotation) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    spans = {span.id: (span.start, span.end) for span in annotation.spans}
    return [(spans[item.head], spans[item.child]) for item in annotation.relations if item.label == "coref"]


def entities(annotation: Annotation) -> dict[tuple[int, int], tuple[int, int]]:
    """For each mention the first mention of its entity, identical names joined."""
    parents: dict[tuple[int, int], tuple[int, int]] = {}
    names: dict[tuple[str, str], tuple[int, int]] = {}
    for span in sorted(annotation.spans, key=lambda span: span.start):
        place = (span.start, span.end)
        named = span.label in {"PERSON", "ORG", "COURT"}
        parents[place] = names.setdefault((span.label, span.text), place) if named else place
    for head, child in _links(annotation):
        parents[_root(parents, head)] = _root(parents, child)
    return {place: _root(parents, place) for place in parents}


def _root(parents: dict[tuple[int, int], tuple[int, int]], place: tuple[int, int]) -> tuple[int, int]:
    while parents[place] != place:
        place = parents[place]
    return place
