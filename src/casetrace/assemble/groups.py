"""Who the named members of a group are: "the five defendants: A, B, C, D and E", "ten activists, including A and B"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from casetrace.assemble.chains import Chain, Chains
from casetrace.normalize.counts import read_count
from casetrace.types import Annotation, Document, Span

_OPENING = re.compile(
    r"[\s,]*(?:[:(–—-]|,?\s*(?:including|among them|namely|identified as|named as|who include|they are|are|"
    r"were named as)\b)[\s:,]*"
    r"(?:(?:mr|ms|mrs|dr|and|the|activists?|journalists?)\.?\s+)*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\W*(?:(?:and|&|as well as|together with|mr|ms|mrs|dr|\(?\d{1,2}\)?|aged|years? old|her|his|husband|wife|"
    r"brother|sister|son|daughter)\b\W*)*",
    re.IGNORECASE,
)


def group_members(document: Document, annotation: Annotation, *, chains: Chains) -> dict[str, frozenset[str]]:
    """For each group the people named as its members, all by the keys of their chains."""
    spans = sorted(annotation.spans, key=lambda span: span.start)
    members: dict[str, set[str]] = defaultdict(set)
    for at, span in enumerate(spans):
        if span.label in ("GROUP", "ANAPHOR") and chains.of(span.id).kind == "group":
            members[chains.of(span.id).key] |= _listed(span, spans[at + 1 :], document, chains=chains)
    for group, people in _told_together(annotation, chains=chains):
        members[group] |= people
    return {group: frozenset(people) for group, people in members.items() if people}


def _listed(group: Span, after: list[Span], document: Document, *, chains: Chains) -> set[str]:
    """The people in the list that a group opens; roles may stand between the names."""
    found: set[str] = set()
    end = group.end
    for span in after:
        between = document.text[end : span.start]
        fits = (_BETWEEN if found else _OPENING).fullmatch(between)
        if span.label == "ROLE" and (fits or not between.strip(" ,()")):
            end = span.end
        elif span.label == "PERSON" and fits:
            found.add(chains.of(span.id).key)
            end = span.end
        else:
            break
    return found


def _told_together(annotation: Annotation, *, chains: Chains) -> list[tuple[str, set[str]]]:
    """A group and exactly as many named people as it counts, all subjects of one event, are the same people."""
    together: dict[str, list[Chain]] = defaultdict(list)
    for link in annotation.relations:
        if link.label == "subject":
            together[link.head].append(chains.of(link.child))
    found = []
    for subjects in together.values():
        people = {chain.key for chain in subjects if chain.label == "PERSON"}
        found += [
            (chain.key, people)
            for chain in subjects
            if people and chain.kind == "group" and _count(chain) == len(people)
        ]
    return found


def only_describes(chain: Chain, subjects: Iterable[Iterable[str]], *, chains: Chains) -> bool:
    """Whether a chain without a name of its own ("the three") is told only beside those whom it counts."""
    if chain.label != "ANAPHOR" or chain.kind != "group":
        return False
    count = _count(chain)
    return count is not None and all(
        _people([chains.of(key) for key in keys if key != chain.key]) == count for keys in subjects
    )


def _people(chains: list[Chain]) -> int:
    return sum(1 if chain.kind == "person" else _count(chain) or 0 for chain in chains)


def _count(chain: Chain) -> int | None:
    counts = [count.value for mention in chain.mentions if (count := read_count(mention.text))]
    return counts[0] if counts else None
