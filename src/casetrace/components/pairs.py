"""Which spans may be joined by a relation, and what is seen of each such pair beside its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from casetrace.components.pieces import LINE_END, NO_BREAK
from casetrace.components.tags import FIRST_EVENT, NAMES, Mentions
from casetrace.schema import RELATIONS

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

LABELS = tuple(name for name in RELATIONS if name != "coref")
_GAPS = np.array([1, 2, 3, 4, 5, 7, 10, 15, 25, 40, 80])
_SIDE = len(_GAPS) + 1
SIZES = (len(NAMES) ** 2, 2 * _SIDE, 5, 4, 5, 3, 5)
GROUPS = (1, 1, 3, 2)
assert sum(GROUPS) == len(SIZES)


@dataclass(frozen=True)
class Pairs:
    """Candidate (head, child) pairs as indices of mentions, and the value of each feature of the pair."""

    heads: Ints
    children: Ints
    features: Ints


@cache
def allowed() -> npt.NDArray[np.bool_]:
    """Head label x child label x relation: what the vocabulary allows, coref left out."""
    table = np.zeros((len(NAMES), len(NAMES), len(LABELS)), bool)
    for number, name in enumerate(LABELS):
        heads = np.isin(NAMES, sorted(RELATIONS[name].head))
        table[:, :, number] = heads[:, None] & np.isin(NAMES, sorted(RELATIONS[name].child))[None]
    return table


def pairs(mentions: Mentions, breaks: Ints, *, reach: int) -> Pairs:
    """All allowed pairs of mentions at most `reach` words apart."""
    heads, children = _near(mentions, reach)
    possible = np.asarray(allowed().any(2))
    keep = possible[mentions.labels[heads], mentions.labels[children]] & (heads != children)
    heads, children = heads[keep], children[keep]
    return Pairs(heads, children, _features(mentions, breaks, heads, children))


def _near(mentions: Mentions, reach: int) -> tuple[Ints, Ints]:
    low = np.searchsorted(mentions.ends, mentions.starts - reach)
    high = np.searchsorted(mentions.starts, mentions.ends + reach, side="right")
    counts = high - low
    heads = np.repeat(np.arange(len(mentions)), counts)
    offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return heads, np.repeat(low, counts) + offsets


def _features(mentions: Mentions, breaks: Ints, heads: Ints, children: Ints) -> Ints:
    low, high = np.minimum(heads, children), np.maximum(heads, children)
    before = children < heads
    gap = np.searchsorted(_GAPS, mentions.starts[high] - mentions.ends[low], side="right")
    sentence = _between(breaks > NO_BREAK, mentions, low, high)
    paragraph = _between(breaks >= LINE_END, mentions, low, high)
    columns = (
        mentions.labels[heads] * len(NAMES) + mentions.labels[children],
        gap + _SIDE * before,
        np.minimum(_same_label(mentions, low, high, children), 4),
        np.minimum(_events(mentions, low, high), 3),
        np.minimum(sentence, 4),
        np.minimum(paragraph, 2),
        np.minimum(high - low - 1, 4),
    )
    return np.stack(columns, 1)


def _between(marks: npt.NDArray[np.bool_], mentions: Mentions, low: Ints, high: Ints) -> Ints:
    total = np.concatenate(([0], np.cumsum(marks)))
    return np.asarray(total[mentions.starts[high]] - total[mentions.ends[low]])


def _same_label(mentions: Mentions, low: Ints, high: Ints, children: Ints) -> Ints:
    """How many mentions strictly between have the child's label."""
    total = np.zeros((len(mentions) + 1, len(NAMES)), np.int64)
    np.cumsum(mentions.labels[:, None] == np.arange(len(NAMES)), axis=0, out=total[1:])
    labels = mentions.labels[children]
    return np.asarray(total[high, labels] - total[low + 1, labels])


def _events(mentions: Mentions, low: Ints, high: Ints) -> Ints:
    total = np.concatenate(([0], np.cumsum(mentions.labels >= FIRST_EVENT)))
    return np.asarray(total[high] - total[low + 1])
