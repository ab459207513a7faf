"""Counting agreement of two annotations of one document: spans, triggers, modality, arguments, coreference."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Literal

from casetrace.schema import ENTITIES, EVENTS
from casetrace.score.counts import Counts, Tally, add, tally
from casetrace.types import Annotation, Span

Match = Literal["strict", "exact", "partial", "type"]
"""strict: same border and label; exact: same border; partial: any overlap; type: any overlap and same label."""


def entities(gold: Annotation, predicted: Annotation, *, match: Match = "strict") -> Tally:
    """Entity spans, by gold label (by predicted label where spurious)."""
    return spans(_labelled(gold, ENTITIES), _labelled(predicted, ENTITIES), match=match)


def events(gold: Annotation, predicted: Annotation, *, match: Match = "strict") -> Tally:
    """Event triggers, by label."""
    return spans(_labelled(gold, EVENTS), _labelled(predicted, EVENTS), match=match)


def spans(gold: list[Span], predicted: list[Span], *, match: Match = "strict") -> Tally:
    """Spans under one of the four ways to match; each span is used once, the largest overlap first."""
    if match == "strict":
        return tally(map(_place, gold), map(_place, predicted), name=lambda place: place[2])
    pairs = _overlapping(gold, predicted, match)
    taken_gold = {left.id for left, _ in pairs}
    taken_predicted = {right.id for _, right in pairs}
    return add([
        *({left.label: Counts(hits=1)} for left, _ in pairs),
        *({span.label: Counts(missed=1)} for span in gold if span.id not in taken_gold),
        *({span.label: Counts(spurious=1)} for span in predicted if span.id not in taken_predicted),
    ])  # fmt: skip


def modality(gold: Annotation, predicted: Annotation) -> Counter[tuple[str, str]]:
    """(gold modality, predicted modality) of the triggers that both have, strictly matched: a confusion matrix."""
    known = {_place(span): span.modality for span in _labelled(predicted, EVENTS)}
    shared = [span for span in _labelled(gold, EVENTS) if _place(span) in known]
    return Counter((str(span.modality), str(known[_place(span)])) for span in shared)


def arguments(gold: Annotation, predicted: Annotation, *, through_coref: bool = False) -> Tally:
    """Relations but coreference, by relation: both ends strict and the relation the same.

    `through_coref`: an end counts as right when it is any mention of the same gold chain (ACE's entity level).
    """
    chain = chains(gold) if through_coref else {}
    return tally(_links(gold, chain), _links(predicted, chain), name=lambda link: link[1])


def coref_links(gold: Annotation, predicted: Annotation) -> Tally:
    """Mention pairs of one chain, mentions with explicit links only: the pairwise view of coreference."""
    return tally(_pairs(gold), _pairs(predicted), name=lambda _: "coref")


def chains(annotation: Annotation) -> dict[tuple[int, int, str], tuple[int, int, str]]:
    """For each mention the place of the first mention of its chain, through coreference links and equal names."""
    spans = {span.id: span for span in annotation.spans}
    parent = {span.id: span.id for span in annotation.spans}

    def root(span_id: str) -> str:
        while parent[span_id] != span_id:
            span_id = parent[span_id]
        return span_id

    def join(left: str, right: str) -> None:
        first, second = sorted((root(left), root(right)), key=lambda span_id: spans[span_id].start)
        parent[second] = first

    names: dict[tuple[str, str], str] = {}
    for span in annotation.spans:
        if span.label in ("PERSON", "ORG", "COURT"):
            join(names.setdefault((span.label, span.text), span.id), span.id)
    for relation in annotation.relations:
        if relation.label == "coref":
            join(relation.head, relation.child)
    return {_place(span): _place(spans[root(span.id)]) for span in annotation.spans}


Place = tuple[int, int, str]


def _place(span: Span) -> Place:
    return span.start, span.end, span.label


def _labelled(annotation: Annotation, labels: Mapping[str, object]) -> list[Span]:
    return [span for span in annotation.spans if span.label in labels]


def _overlapping(gold: list[Span], predicted: list[Span], match: Match) -> list[tuple[Span, Span]]:
    same_label, same_border = match == "type", match == "exact"
    candidates = [
        (min(left.end, right.end) - max(left.start, right.start), left, right)
        for left in gold
        for right in predicted
        if left.start < right.end and right.start < left.end
        and (not same_label or left.label == right.label)
        and (not same_border or (left.start, left.end) == (right.start, right.end))
    ]  # fmt: skip
    taken: set[tuple[str, str]] = set()
    pairs = []
    for _, left, right in sorted(candidates, key=lambda row: (-row[0], row[1].label != row[2].label, row[1].start)):
        if ("gold", left.id) not in taken and ("predicted", right.id) not in taken:
            taken |= {("gold", left.id), ("predicted", right.id)}
            pairs.append((left, right))
    return pairs


def _links(annotation: Annotation, chain: Mapping[Place, Place]) -> set[tuple[Place, str, Place]]:
    places = {span.id: _place(span) for span in annotation.spans}
    return {
        (places[relation.head], relation.label, chain.get(places[relation.child], places[relation.child]))
        for relation in annotation.relations
        if relation.label != "coref"
    }


def _pairs(annotation: Annotation) -> set[tuple[Place, Place]]:
    groups: dict[Place, list[Place]] = defaultdict(list)
    for place, first in chains(annotation).items():
        groups[first].append(place)
    return {(left, right) for group in groups.values() for left in group for right in group if left < right}
