"""Coreference measures of the field, as sums that documents can be added in: MUC, B-cubed, CEAF-e, LEA.

Formulas of Pradhan et al. (2014) and, for LEA, Moosavi and Strube (2016). They take clusters of anything hashable, so
that the same B-cubed scores dossiers (clusters of case records). Where the convention of CoNLL-2012 is wanted, the
caller leaves clusters of one mention out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy
from scipy.optimize import linear_sum_assignment

from casetrace.score.counts import Shares

Cluster = frozenset[Hashable]
Measure = Callable[[Sequence[Cluster], Sequence[Cluster]], Shares]


def muc(gold: Sequence[Cluster], predicted: Sequence[Cluster]) -> Shares:
    """Links needed to join the mentions of a cluster that the other side has joined as well.

    >>> muc([frozenset("abc"), frozenset("de")], [frozenset("ab"), frozenset("cde")])
    Shares(right_predicted=2, predicted=3, right_gold=2, gold=3)
    """
    return Shares(*_muc_side(predicted, gold), *_muc_side(gold, predicted))


def b_cubed(gold: Sequence[Cluster], predicted: Sequence[Cluster]) -> Shares:
    """For each mention the share of its cluster that the other side's cluster of it holds too.

    >>> shares = b_cubed([frozenset("abc"), frozenset("de")], [frozenset("ab"), frozenset("cde")])
    >>> round(shares.precision, 4), round(shares.recall, 4)
    (0.7333, 0.7333)
    """
    return Shares(*_b_cubed_side(predicted, gold), *_b_cubed_side(gold, predicted))


def ceaf_e(gold: Sequence[Cluster], predicted: Sequence[Cluster]) -> Shares:
    """Clusters aligned one to one; a pair counts 2·shared / (size + size).

    >>> round(ceaf_e([frozenset("abc"), frozenset("de")], [frozenset("ab"), frozenset("cde")]).f1, 4)
    0.8
    """
    if not gold or not predicted:
        return Shares(0, len(predicted), 0, len(gold))
    matrix = numpy.array([[2 * len(left & right) / (len(left) + len(right)) for right in predicted] for left in gold])
    likeness = float(matrix[linear_sum_assignment(matrix, maximize=True)].sum())
    return Shares(likeness, len(predicted), likeness, len(gold))


def lea(gold: Sequence[Cluster], predicted: Sequence[Cluster]) -> Shares:
    """Link-based and aware of entities: the share of a cluster's links that are kept, weighted by its size.

    >>> shares = lea([frozenset("abc"), frozenset("de")], [frozenset("ab"), frozenset("cde")])
    >>> round(shares.recall, 4)  # (3 · 1/3 + 2 · 1/1) / 5
    0.6
    """
    return Shares(*_lea_side(predicted, gold), *_lea_side(gold, predicted))


MEASURES: Mapping[str, Measure] = {"MUC": muc, "B-cubed": b_cubed, "CEAF-e": ceaf_e, "LEA": lea}
CONLL = ("MUC", "B-cubed", "CEAF-e")
"""The three whose mean F1 is the CoNLL-2012 score."""


def _muc_side(ours: Sequence[Cluster], theirs: Sequence[Cluster]) -> tuple[int, int]:
    home = _home(theirs)
    parts = [len({home.get(mention, ("alone", mention)) for mention in cluster}) for cluster in ours]
    return sum(len(cluster) - part for cluster, part in zip(ours, parts, strict=True)), sum(map(len, ours)) - len(ours)


def _b_cubed_side(ours: Sequence[Cluster], theirs: Sequence[Cluster]) -> tuple[float, int]:
    shared = (len(left & right) ** 2 / len(left) for left in ours for right in theirs)
    return sum(shared), sum(map(len, ours))


def _lea_side(ours: Sequence[Cluster], theirs: Sequence[Cluster]) -> tuple[float, int]:
    kept = (len(left) * sum(_links(left & right) for right in theirs) / _links(left) for left in ours if len(left) > 1)
    alone = sum(left in theirs for left in ours if len(left) == 1)
    return sum(kept) + alone, sum(map(len, ours))


def _links(cluster: Cluster) -> int:
    return len(cluster) * (len(cluster) - 1) // 2


def _home(clusters: Sequence[Cluster]) -> dict[Hashable, Hashable]:
    return {mention: number for number, cluster in enumerate(clusters) for mention in cluster}
