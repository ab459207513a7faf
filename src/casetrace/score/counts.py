"""Counting agreement between a gold and a predicted annotation, or gold and predicted records: count once, divide once.

Every function returns counts by name (label, relation, field), so that documents can be added up, resampled and sliced
before anything is divided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

Key = TypeVar("Key")


class Counts(NamedTuple):
    """How many were found (hits), overlooked (missed) and invented (spurious).

    >>> counts = Counts(hits=3, missed=1, spurious=2)
    >>> counts.precision, counts.recall, round(counts.f1, 3)
    (0.6, 0.75, 0.667)
    """

    hits: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; 0 when nothing was predicted."""
        return self.hits / (self.hits + self.spurious) if self.hits + self.spurious else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 0 when there is no gold."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, as 2·hits / (2·hits + missed + spurious)."""
        total = 2 * self.hits + self.missed + self.spurious
        return 2 * self.hits / total if total else 0.0

    @property
    def shares(self) -> Shares:
        """The same as the four sums that every measure can be written in."""
        return Shares(self.hits, self.hits + self.spurious, self.hits, self.hits + self.missed)


class Shares(NamedTuple):
    """Sums of a measure whose precision and recall do not share their hits (coreference): right of all, on both sides.

    >>> shares = Shares(right_predicted=1.5, predicted=3, right_gold=2, gold=2)
    >>> shares.precision, shares.recall, round(shares.f1, 3)
    (0.5, 1.0, 0.667)
    """

    right_predicted: float = 0
    predicted: float = 0
    right_gold: float = 0
    gold: float = 0

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; 0 when nothing was predicted."""
        return self.right_predicted / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 0 when there is no gold."""
        return self.right_gold / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def shares(self) -> Shares:
        """Itself, so that counts and shares can be read alike."""
        return self


Tally = dict[str, Counts]


def add(tallies: Iterable[Mapping[str, Counts]]) -> Tally:
    """The sum of the counts of several documents, name by name."""
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for tally in tallies:
        for name, counts in tally.items():
            total[name] = [left + right for left, right in zip(total[name], counts, strict=True)]
    return {name: Counts(*numbers) for name, numbers in total.items()}


def overall(tally: Mapping[str, Counts]) -> Counts:
    """All names of a tally together (micro average)."""
    return Counts(*(sum(column) for column in zip(*tally.values(), strict=True))) if tally else Counts()


def add_shares(parts: Iterable[Counts | Shares]) -> Shares:
    """The sum of the shares of several documents or names."""
    columns = list(zip(*(part.shares for part in parts), strict=True))
    return Shares(*(sum(column) for column in columns)) if columns else Shares()


def tally(gold: Iterable[Key], predicted: Iterable[Key], *, name: Callable[[Key], str]) -> Tally:
    """Compare two bags of things that are either equal or not; things that occur twice count twice."""
    left, right = Counter(gold), Counter(predicted)
    return add(
        {name(key): Counts(min(left[key], right[key]), max(left[key] - right[key], 0), max(right[key] - left[key], 0))}
        for key in left | right
    )
