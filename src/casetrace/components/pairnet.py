"""A small network over pairs of spans: what arguments and coreference compute at run time, in numpy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Weights = Mapping[str, Floats]

CHUNK = 16_384


def span_vectors(vectors: Floats, starts: Ints, ends: Ints) -> Floats:
    """Vector of the first word, then of the last word of each span (spans x 2 widths)."""
    return np.concatenate((vectors[starts], vectors[ends - 1]), axis=1)


def pair_logits(weights: Weights, spans: Floats, heads: Ints, children: Ints, features: Ints) -> Floats:
    """Logits (pairs x labels): an additive hidden layer, a low-rank product, and the sum of feature rows."""
    as_head, as_child = spans @ weights["head"], spans @ weights["child"]
    left, right = spans @ weights["left"], spans @ weights["right"]
    logits = np.empty((len(heads), weights["out"].shape[1]), np.float32)
    for low in range(0, len(heads), CHUNK):
        part = slice(low, low + CHUNK)
        head, child = heads[part], children[part]
        hidden = as_head[head]
        hidden += as_child[child]
        hidden += (left[head] * right[child]) @ weights["product"]
        for column in features[part].T:
            hidden += weights["features"][column]
        logits[part] = np.maximum(hidden, 0, out=hidden) @ weights["out"] + weights["out_bias"]
    return logits


def sigmoid(values: Floats) -> Floats:
    """Probability of a logit, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), np.float32)


def calibrate(probabilities: Floats, slope: float, shift: float) -> Floats:
    """Platt scaling: the probability whose log odds are `slope` times the raw ones plus `shift`."""
    clipped = np.clip(probabilities.astype(np.float64), 1e-4, 1 - 1e-4)
    return sigmoid((slope * np.log(clipped / (1 - clipped)) + shift).astype(np.float32))
