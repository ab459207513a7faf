"""Which records are compared at all: those that share a key, so that the work grows with the matches, not the
square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from casetrace.link.facts import Facts
from casetrace.normalize.names import name_parts
from casetrace.normalize.romanisation import consonants

LARGEST_BLOCK = 60
"""A key that more records share says too little by itself; it is narrowed by country and year."""

Key = tuple[str, ...]


def candidate_pairs(facts: list[Facts]) -> Iterator[tuple[int, int]]:
    """Positions of records that share a key, each pair once, lower first."""
    seen: set[int] = set()
    size = len(facts)
    for block in _blocks(facts):
        for left, right in combinations(block, 2):
            code = left * size + right
            if code not in seen and facts[left].kind == facts[right].kind and facts[left].doc_id != facts[right].doc_id:
                seen.add(code)
                yield left, right


def _blocks(facts: list[Facts]) -> Iterator[list[int]]:
    found: dict[Key, list[int]] = defaultdict(list)
    for at, fact in enumerate(facts):
        for key in set(_keys(fact)):
            found[key].append(at)
    for key in sorted(found):
        block = found[key]
        if 1 < len(block) <= LARGEST_BLOCK:
            yield block
        elif len(block) > LARGEST_BLOCK:
            yield from _narrowed(block, facts)


def _narrowed(block: list[int], facts: list[Facts]) -> Iterator[list[int]]:
    """A large block split by organisation, and by country and year; what is still too large is left out.

    A record whose country is not told may be of any country of its block.
    """
    finer: dict[Key, list[int]] = defaultdict(list)
    countries = sorted({facts[at].country or "" for at in block})
    for at in block:
        for organisation in facts[at].organisations:
            finer["organisation", organisation].append(at)
        for country in [facts[at].country or ""] if facts[at].country else countries:
            for year in _years(facts[at]):
                finer["year", country, year].append(at)
    yield from (part for key in sorted(finer) if 1 < len(part := finer[key]) <= LARGEST_BLOCK)


def _years(fact: Facts) -> Iterable[str]:
    return [str(year) for year in range(fact.years[0], fact.years[1] + 1)][:5] if fact.years else []


def _keys(fact: Facts) -> Iterator[Key]:
    if fact.kind == "person":
        yield from () if fact.name.islower() else _person_keys(fact)  # "the pair" is no name
    elif fact.kind == "group":
        yield from (("group", type_, fact.country or "", month) for type_, month in _months(fact))
        yield from (("group", type_, agent) for type_ in fact.types for agent in fact.agents)
        yield from (("group", type_, organisation) for type_ in fact.types for organisation in fact.organisations)
    else:
        yield from (
            ("organisation", word[:6]) for name in fact.names for word in name.casefold().split() if len(word) > 3
        )
        yield from (("organisation", name.casefold()) for name in fact.names)
        yield "organisation", "".join(word[0] for word in fact.name.split() if word[0].isupper()).casefold()


def _person_keys(fact: Facts) -> Iterator[Key]:
    """Any two parts of the name; one part with an organisation or the day of an event, for single names and slips."""
    long = sorted({part for part in fact.parts if len(part) > 1})
    yield from (("name", *pair) for pair in combinations(long, 2))
    yield "name", "".join(fact.parts)
    yield "sound", *(consonants(part) for part in name_parts(fact.name))
    for part in long:
        yield from (("organisation", part, organisation) for organisation in fact.organisations)
        yield from (("day", part, happened.type, happened.date) for happened in fact.events if len(happened.date) >= 7)
        yield "part", part


def _months(fact: Facts) -> set[tuple[str, str]]:
    return {(happened.type, happened.date[:7]) for happened in fact.events if len(happened.date) >= 7}
