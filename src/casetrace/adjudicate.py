"""Where annotators of one document disagree, place by place, and the annotation that verdicts on these places make.

Spans come first: whatever overlaps is one place, and each annotator's marks there are one version of it. Relations
follow once the spans are settled: what one head is linked to under one name is one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple

from casetrace.markup import default_id
from casetrace.schema import EVENTS, RELATIONS, check
from casetrace.score import marks
from casetrace.types import Annotation, Document, Frozen, Modality, Relation, Span

Mark = tuple[int, int, str, Modality | None]
"""Start, end, label and modality: what makes two annotators' spans the same."""
Place = tuple[int, int]
Verdicts = Mapping[str, int]
"""The number of the version that was found right, by the id of the disagreement; -1: nothing is to be marked."""


class Version(Frozen):
    """What some of the annotators marked at one place: spans, or the spans that a head is linked to."""

    annotators: tuple[str, ...]
    marks: tuple[Mark, ...]


class Disagreement(Frozen):
    """One place of one document on which annotators differ; `head` and `relation` where it is about relations."""

    id: str
    doc_id: str
    kind: Literal["spans", "relation"]
    start: int
    end: int
    versions: tuple[Version, ...]
    head: Mark | None = None
    relation: str | None = None


class Settled(NamedTuple):
    """How far a document is: the annotation when every place has a verdict, else the places that need one."""

    annotation: Annotation | None
    open: tuple[Disagreement, ...]
    places: int


def settle(document: Document, hands: Mapping[str, Annotation], *, verdicts: Verdicts) -> Settled:
    """The annotation of a document that several annotators did, as far as they agree or a verdict decides."""
    agreed, disputed = span_places(document, hands)
    unsettled = tuple(place for place in disputed if place.id not in verdicts)
    if unsettled:
        return Settled(None, unsettled, len(disputed))
    final = sorted({*agreed, *_chosen(disputed, verdicts)})
    links, disputed_links = relation_places(document, hands, final=final)
    unsettled = tuple(place for place in disputed_links if place.id not in verdicts)
    places = len(disputed) + len(disputed_links)
    if unsettled:
        return Settled(None, unsettled, places)
    events = any(mark[2] in EVENTS for mark in final)
    no_case = not events and any(annotation.no_case for annotation in hands.values())
    links |= {(place.head, place.relation, mark) for place in disputed_links if place.head and place.relation
              for mark in _chosen([place], verdicts)}  # fmt: skip
    return Settled(check(_annotation(document, final, links, no_case=no_case), document), (), places)


def span_places(document: Document, hands: Mapping[str, Annotation]) -> tuple[list[Mark], list[Disagreement]]:
    """The spans that all marked alike, and each place where they did not."""
    marked = {name: sorted(map(mark_of, annotation.spans)) for name, annotation in hands.items()}
    agreed: list[Mark] = []
    disputed = []
    for start, end in _regions(mark for rows in marked.values() for mark in rows):
        there = {name: tuple(mark for mark in rows if start <= mark[0] < end) for name, rows in marked.items()}
        if len(set(there.values())) == 1:
            agreed += next(iter(there.values()))
        else:
            disputed.append(_place(document, "spans", (start, end), there))
    return agreed, disputed


Link = tuple[Mark | None, str | None, Mark]


def relation_places(
    document: Document, hands: Mapping[str, Annotation], *, final: Sequence[Mark]
) -> tuple[set[Link], list[Disagreement]]:
    """The relations between settled spans that all who marked the ends have, and the heads where they differ.

    A coreference link counts for its chain: whichever earlier mention of it was clicked.
    """
    known = {(mark[0], mark[1]): mark for mark in final}
    drawn = {name: _links(annotation, known) for name, annotation in hands.items()}
    marked = {name: {mark_of(span)[:2] for span in annotation.spans} for name, annotation in hands.items()}
    agreed: set[Link] = set()
    disputed = []
    for head, label in sorted({key for links in drawn.values() for key in links}):
        said = {name: drawn[name].get((head, label), set()) for name in hands if head in marked[name]}
        there = {
            name: tuple(known[child] for child in sorted(children))
            for name, children in said.items()
            if not any(_could_not(children, other, marked[name]) for other in said.values())
        }
        if len(set(there.values())) == 1:
            agreed |= {(known[head], label, child) for child in next(iter(there.values()))}
        else:
            disputed.append(_place(document, "relation", head, there, head=known[head], relation=label))
    return agreed, disputed


def _could_not(children: set[Place], other: set[Place], marked: set[Place]) -> bool:
    """Whether one annotator lacks links only because the spans at their ends were not marked by that annotator."""
    return children < other and not (other - children) & marked


def mark_of(span: Span) -> Mark:
    """What makes this span the same as another annotator's."""
    return span.start, span.end, span.label, span.modality


def _links(annotation: Annotation, known: Mapping[Place, Mark]) -> dict[tuple[Place, str], set[Place]]:
    """Children of each head and relation, where both ends are settled spans whose labels allow it."""
    spans = {span.id: span for span in annotation.spans}
    first = {place[:2]: start[:2] for place, start in marks.chains(annotation).items()}
    found: dict[tuple[Place, str], set[Place]] = defaultdict(set)
    for relation in annotation.relations:
        head, child = mark_of(spans[relation.head])[:2], mark_of(spans[relation.child])[:2]
        if relation.label == "coref" and first.get(child) in known and first[child] != head:
            child = first[child]
        if head in known and child in known and _allowed(known[head], relation.label, known[child]):
            found[head, relation.label].add(child)
    return found


def _allowed(head: Mark, label: str, child: Mark) -> bool:
    return head[2] in RELATIONS[label].head and child[2] in RELATIONS[label].child


def _regions(found: Iterable[Mark]) -> Iterator[Place]:
    """Stretches of text in which marks overlap, in order."""
    start, end = -1, -1
    for mark in sorted(set(found)):
        if mark[0] >= end:
            if start >= 0:
                yield start, end
            start, end = mark[0], mark[1]
        end = max(end, mark[1])
    if start >= 0:
        yield start, end


def _place(
    document: Document,
    kind: Literal["spans", "relation"],
    place: Place,
    there: Mapping[str, tuple[Mark, ...]],
    *,
    head: Mark | None = None,
    relation: str | None = None,
) -> Disagreement:
    hands: dict[tuple[Mark, ...], list[str]] = defaultdict(list)
    for name, version in sorted(there.items()):
        hands[version].append(name)
    versions = tuple(Version(annotators=tuple(hands[version]), marks=version) for version in sorted(hands, key=repr))
    seen = repr((document.id, document.sha256, kind, place, head, relation, [version.marks for version in versions]))
    return Disagreement(
        id=sha256(seen.encode()).hexdigest()[:16], doc_id=document.id, kind=kind, start=place[0], end=place[1],
        versions=versions, head=head, relation=relation,
    )  # fmt: skip


def _chosen(places: Iterable[Disagreement], verdicts: Verdicts) -> Iterator[Mark]:
    for place in places:
        if verdicts[place.id] >= 0:
            yield from place.versions[verdicts[place.id]].marks


def _annotation(document: Document, final: Iterable[Mark], links: Iterable[Link], *, no_case: bool) -> Annotation:
    spans = tuple(
        Span(id=default_id(start), start=start, end=end, label=label, modality=modality, text=document.text[start:end])
        for start, end, label, modality in final
    )
    relations = sorted((head[0], label, child[0]) for head, label, child in links if head and label)
    return Annotation(
        doc_id=document.id, sha256=document.sha256, spans=spans, no_case=no_case, made_by="adjudicated",
        relations=tuple(Relation(head=default_id(head), label=label, child=default_id(child))
                        for head, label, child in relations),
    )  # fmt: skip
