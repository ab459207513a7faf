"""Counting agreement of two annotations of one document: spans, triggers, modality, arguments, coreference."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import Literal

import numpy
from scipy.optimize import linear_sum_assignment

from casetrace.schema import ENTITIES, EVENTS
from casetrace.score.counts import Counts, Tally, add, tally
from casetrace.types import Annotation, Span

Match = Literal["strict", "exact", "partial", "type"]
"""strict: same border and label; exact: same border; partial: any overlap; type: any overlap and same label."""
Place = tuple[int, int, str]
"""Start, end and label of a span: what makes two spans of two annotations the same."""
Link = tuple[Place, str, Place]
"""Head, relation, child."""
Cluster = frozenset[Place]
MOST_CHARACTERS = 1_000_000
"""No document's overlaps add up to more, so that a further pair always outweighs them."""


def entities(gold: Annotation, predicted: Annotation, *, match: Match = "strict") -> Tally:
    """Entity spans, by gold label (by predicted label where spurious)."""
    return spans(_labelled(gold, ENTITIES), _labelled(predicted, ENTITIES), match=match)


def events(gold: Annotation, predicted: Annotation, *, match: Match = "strict") -> Tally:
    """Event triggers, by label."""
    return spans(_labelled(gold, EVENTS), _labelled(predicted, EVENTS), match=match)


def spans(gold: list[Span], predicted: list[Span], *, match: Match = "strict") -> Tally:
    """Spans under one of the four ways to match; each span is used once."""
    if match == "strict":
        return tally(map(_place, gold), map(_place, predicted), name=lambda place: place[2])
    pairs = overlapping(gold, predicted, match)
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


def confusion(gold: Annotation, predicted: Annotation) -> Counter[tuple[str, str]]:
    """(gold label, predicted label) of all spans that overlap best, "" where the other side has nothing there."""
    pairs = overlapping(list(gold.spans), list(predicted.spans), "partial")
    lefts, rights = {left.id for left, _ in pairs}, {right.id for _, right in pairs}
    return Counter([
        *((left.label, right.label) for left, right in pairs),
        *((span.label, "") for span in gold.spans if span.id not in lefts),
        *(("", span.label) for span in predicted.spans if span.id not in rights),
    ])  # fmt: skip


def arguments(gold: Annotation, predicted: Annotation, *, through_coref: bool = False, role: bool = True) -> Tally:
    """Arguments of events, by role: trigger, event type, role and argument all right, as ACE counts them.

    `through_coref`: the argument may be any mention of the same gold chain (ACE's entity level).
    `role=False`: the role may be wrong (ACE's argument identification); counted by event type.
    """
    chain = chains(gold) if through_coref else {}
    left, right = (_links(annotation, chain, of_events=True) for annotation in (gold, predicted))
    if role:
        return tally(left, right, name=lambda link: link[1])
    return tally({_no_role(link) for link in left}, {_no_role(link) for link in right}, name=lambda link: link[0][2])


def attributes(gold: Annotation, predicted: Annotation) -> Tally:
    """Relations that start at no event (has_role, member_of, law of a charge), both ends strict."""
    left, right = (_links(annotation, {}, of_events=False) for annotation in (gold, predicted))
    return tally(left, right, name=lambda link: link[1])


def coref_links(gold: Annotation, predicted: Annotation) -> Tally:
    """Mention pairs of one chain, every pair of a chain once: the pairwise view of coreference."""
    return tally(_pairs(gold), _pairs(predicted), name=lambda _: "coref")


def links(annotation: Annotation) -> set[Link]:
    """Every relation but coreference, by the places of its ends."""
    return _links(annotation, {}, of_events=True) | _links(annotation, {}, of_events=False)


def event_links(annotation: Annotation) -> set[Link]:
    """The arguments of events, by the places of their ends."""
    return _links(annotation, {}, of_events=True)


def clusters(annotation: Annotation) -> list[Cluster]:
    """Chains as sets of (start, end, label); a chain of one mention is left out, as CoNLL-2012 does."""
    groups: dict[Place, list[Place]] = defaultdict(list)
    for place, first in chains(annotation).items():
        groups[first].append(place)
    return [frozenset(group) for group in groups.values() if len(group) > 1]


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


def _place(span: Span) -> Place:
    return span.start, span.end, span.label


def _labelled(annotation: Annotation, labels: Mapping[str, object]) -> list[Span]:
    return [span for span in annotation.spans if span.label in labels]


def overlapping(gold: list[Span], predicted: list[Span], match: Match) -> list[tuple[Span, Span]]:
    """Pairs of gold and predicted spans that match, each span once: as many as can be, then the largest overlaps."""
    lefts, rights = sorted(gold, key=_place), sorted(predicted, key=_place)
    matrix = numpy.zeros((len(lefts), len(rights)))
    for at, left in enumerate(lefts):
        first = bisect_right(rights, left.start, key=lambda span: span.end)
        for other in range(first, bisect_left(rights, left.end, key=lambda span: span.start)):
            matrix[at, other] = _likeness(left, rights[other], match)
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return [(lefts[row], rights[column]) for row, column in zip(rows, columns, strict=True) if matrix[row, column] > 0]


def _likeness(left: Span, right: Span, match: Match) -> float:
    """0 for no match; else more than overlaps can add up to, the overlap, and a little for the same label."""
    same_label, same_border = left.label == right.label, (left.start, left.end) == (right.start, right.end)
    if (match == "type" and not same_label) or (match == "exact" and not same_border):
        return 0.0
    return MOST_CHARACTERS + min(left.end, right.end) - max(left.start, right.start) + same_label / 2


def _links(annotation: Annotation, chain: Mapping[Place, Place], *, of_events: bool) -> set[Link]:
    places = {span.id: _place(span) for span in annotation.spans}
    return {
        (head, relation.label, chain.get(places[relation.child], places[relation.child]))
        for relation in annotation.relations
        if relation.label != "coref" and ((head := places[relation.head])[2] in EVENTS) == of_events
    }


def _no_role(link: Link) -> tuple[Place, Place]:
    return link[0], link[2]


def _pairs(annotation: Annotation) -> set[tuple[Place, Place]]:
    return {pair for cluster in clusters(annotation) for pair in combinations(sorted(cluster), 2)}
