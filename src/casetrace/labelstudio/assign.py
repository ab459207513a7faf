"""Who annotates what: each document to as many annotators as are wanted, evenly, everybody paired with everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations


def assign(doc_ids: Sequence[str], annotators: Sequence[str], *, overlap: int) -> dict[str, list[str]]:
    """The documents of each annotator, in the order given.

    Every group of `overlap` annotators gets nearly the same number of documents, so that agreement rests on all pairs.

    >>> assign(["a", "b", "c"], ["ann", "ben", "cho"], overlap=2)
    {'ann': ['a', 'b'], 'ben': ['a', 'c'], 'cho': ['b', 'c']}
    """
    groups = list(combinations(annotators, min(overlap, len(annotators))))
    desks: dict[str, list[str]] = {annotator: [] for annotator in annotators}
    used: Counter[tuple[str, ...]] = Counter()
    for doc_id in doc_ids:
        group = min(groups, key=lambda group: (used[group], sum(len(desks[name]) for name in group)))
        used[group] += 1
        for name in group:
            desks[name].append(doc_id)
    return desks
