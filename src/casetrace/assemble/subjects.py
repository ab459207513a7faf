"""Whom a record is about: fullest name, other names, number, roles and organisations."""

from __future__ import annotations

from casetrace.assemble.chains import Chain, Chains
from casetrace.assemble.mentions import product
from casetrace.assemble.merge import marked
from casetrace.normalize.counts import read_count
from casetrace.normalize.names import plain
from casetrace.types import Annotation, Quote, Relation, Span, Subject, Value


def read_subject(chain: Chain, *, chains: Chains, annotation: Annotation, check_below: float) -> Subject:
    """The subject of one record."""
    spans = {span.id: span for span in annotation.spans}
    own = {mention.id for mention in chain.mentions}
    roles = [
        (spans[link.child], link) for link in annotation.relations if link.label == "has_role" and link.head in own
    ]
    heads = own | {role.id for role, _ in roles}
    bodies = [
        (spans[link.child], link) for link in annotation.relations if link.label == "member_of" and link.head in heads
    ]
    counts = (
        [count for mention in chain.mentions if (count := read_count(mention.text))] if chain.kind == "group" else []
    )
    return Subject(
        name=chain.name,
        kind=chain.kind,
        count=counts[0].value if counts else None,
        count_bound=counts[0].bound if counts else None,
        aliases=chain.aliases,
        roles=_values([(span.text, span, link) for span, link in roles], check_below),
        organisations=_values([(chains.of(span.id).name, span, link) for span, link in bodies], check_below),
        evidence=tuple(Quote(text=mention.text, start=mention.start, end=mention.end) for mention in chain.mentions),
    )


def _values(found: list[tuple[str, Span, Relation]], check_below: float) -> tuple[Value, ...]:
    """Distinct values in text order."""
    values: dict[str, Value] = {}
    for name, span, link in sorted(found, key=lambda row: row[1].start):
        value = Value(value=name, text=span.text, start=span.start, end=span.end, score=product(span.score, link.score))
        values.setdefault(plain(name), marked(value, check_below))
    return tuple(values.values())
