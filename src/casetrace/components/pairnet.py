"""A small network over pairs of spans: what arguments and coreference compute at run time, in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Weights = Mapping[str, Floats]

CHUNK = 16_384
Sizes = tuple[int, ...]
Groups = tuple[int, ...]


def span_vectors(vectors: Floats, starts: Ints, ends: Ints) -> Floats:
    """Vector of the first word, then of the last word of each span (spans x 2 widths)."""
    return np.concatenate((vectors[starts], vectors[ends - 1]), axis=1)


class PairScorer:
    """Logits of pairs of spans: an additive hidden layer, a low-rank product, and one row for each group of features.

    In training each feature has a row of its own; here the rows of a group of features are added up beforehand for
    every combination of their values. `groups` says how many consecutive features go together.
    """

    def __init__(self, weights: Weights, *, sizes: Sizes, groups: Groups) -> None:
        self.weights = weights
        self.cuts = [0, *np.cumsum(groups).tolist()]
        self.sizes = sizes
        offsets = np.concatenate(([0], np.cumsum(sizes))).tolist()
        parts = [weights["features"][low:high] for low, high in pairwise(offsets)]
        self.tables = [_every_sum(parts[low:high]) for low, high in pairwise(self.cuts)]

    def __call__(self, spans: Floats, heads: Ints, children: Ints, features: Ints) -> Floats:
        """Logits (pairs x labels) for span vectors, pair indices and feature values (pairs x features)."""
        weights = self.weights
        as_head, as_child = spans @ weights["head"], spans @ weights["child"]
        left, right = spans @ weights["left"], spans @ weights["right"]
        rows = [self._row(features, low, high) for low, high in pairwise(self.cuts)]
        logits = np.empty((len(heads), weights["out"].shape[1]), np.float32)
        for low in range(0, len(heads), CHUNK):
            part = slice(low, low + CHUNK)
            head, child = heads[part], children[part]
            hidden = (left[head] * right[child]) @ weights["product"]
            hidden += as_head[head]
            hidden += as_child[child]
            for table, row in zip(self.tables, rows, strict=True):
                hidden += table[row[part]]
            logits[part] = np.maximum(hidden, 0, out=hidden) @ weights["out"] + weights["out_bias"]
        return logits

    def _row(self, features: Ints, low: int, high: int) -> Ints:
        row = features[:, low]
        for column in range(low + 1, high):
            row = row * self.sizes[column] + features[:, column]
        return row


def _every_sum(tables: list[Floats]) -> Floats:
    """All sums of one row of each table, the last table's row changing fastest."""
    total = tables[0]
    for table in tables[1:]:
        total = (total[:, None] + table[None]).reshape(-1, table.shape[1])
    return total


def sigmoid(values: Floats) -> Floats:
    """Probability of a logit, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), np.float32)


def calibrate(probabilities: Floats, knots: Floats) -> Floats:
    """The calibrated probability: straight lines between `knots`, 2 x K, raw ones above what they are worth."""
    return np.asarray(np.interp(probabilities, knots[0], knots[1]), np.float32)
