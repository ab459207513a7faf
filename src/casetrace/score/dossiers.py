"""Whether the records of one person in several documents were brought together, and nobody else's with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from casetrace.score.counts import Counts, Shares, add_shares, tally

Key = tuple[str, str]
"""Document id and name of a subject."""
Group = frozenset[Key]


def b_cubed_by_document(gold: Sequence[Group], predicted: Sequence[Group]) -> dict[str, Shares]:
    """B-cubed of all records, added up by the document that each record is from; single records count.

    >>> gold, alone = [frozenset({("a", "Ann"), ("b", "Ann")})], [frozenset({("a", "Ann")}), frozenset({("b", "Ann")})]
    >>> b_cubed_by_document(gold, alone)["a"]
    Shares(right_predicted=1.0, predicted=1, right_gold=0.5, gold=1)
    """
    theirs, ours = _homes(gold), _homes(predicted)
    found: dict[str, list[Shares]] = defaultdict(list)
    for key, group in ours.items():
        found[key[0]].append(
            Shares(right_predicted=len(group & theirs.get(key, frozenset())) / len(group), predicted=1)
        )
    for key, group in theirs.items():
        shared = len(group & ours.get(key, frozenset()))
        found[key[0]].append(Shares(right_gold=shared / len(group), gold=1))
    return {doc_id: add_shares(parts) for doc_id, parts in found.items()}


def pairs_by_document(gold: Sequence[Group], predicted: Sequence[Group]) -> dict[str, Counts]:
    """Pairs of records that belong together, counted at the document of the first: the stricter view."""
    found = tally(_pairs(gold), _pairs(predicted), name=lambda pair: pair[0][0])
    return dict(found)


def _homes(groups: Iterable[Group]) -> Mapping[Key, Group]:
    return {key: group for group in groups for key in group}


def _pairs(groups: Iterable[Group]) -> Iterator[tuple[Key, Key]]:
    for group in groups:
        yield from combinations(sorted(group), 2)
