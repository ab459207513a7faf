"""How many strangers are likely to bear a name, by how common its parts are among the names of the collection.

"Mohamed Hassan" is borne by many even where few records tell of one; "Wanjiku Odhiambo-Maina" by hardly anyone. The
frequency of each part is counted over the distinct full names of a country, so that the same words may be common here
and rare there.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from casetrace.link.facts import Facts

Name = frozenset[str]
UNSEEN = 0.5
"""What a part counts for that no other name of the collection holds."""
INITIAL = 0.08
"""How often two names begin with one letter."""
MOST = 2.2
"""No name says more than this by its rarity alone."""
KNOWN_FROM = 100
"""With so many distinct names, half of what their frequencies say is believed."""


class Rarity:
    """The names of the people of a collection, and how often each part occurs in them."""

    def __init__(self, facts: Iterable[Facts]) -> None:
        self._names: dict[str, set[Name]] = defaultdict(set)
        for fact in facts:
            if fact.kind == "person" and len(fact.parts) > 1:
                for country in {"", fact.country or ""}:
                    self._names[country].add(frozenset(fact.parts))
        self._parts = {
            country: Counter(part for name in names for part in name) for country, names in self._names.items()
        }

    def weight(self, left: Facts, right: Facts, *, scale: float) -> float:
        """What the rarity of a shared name adds to the log-odds.

        A country of which the collection knows few names is helped out by the names of all countries.
        """
        country = left.country if left.country and left.country == right.country else ""
        here, names = self._log_strangers(left, right, country), len(self._names.get(country, ()))
        everywhere, all_names = self._log_strangers(left, right, ""), len(self._names.get("", ()))
        known, known_at_all = names / (names + KNOWN_FROM), all_names / (all_names + KNOWN_FROM)
        rarity = known * _cut(-scale * here) + (1 - known) * known_at_all * _cut(-scale * everywhere)
        return round(rarity if country else known_at_all * _cut(-scale * everywhere), 2)

    def _log_strangers(self, left: Facts, right: Facts, country: str) -> float:
        """The logarithm of how many other people the parts that two names share are likely to name."""
        names, parts = self._names.get(country, set()), self._parts.get(country, Counter())
        own = {frozenset(fact.parts) for fact in (left, right)} & names
        shorter = min((left.parts, right.parts), key=len)
        shares = (self._share(part, parts, own, len(names)) for part in shorter)
        return math.log(max(1, len(names)) * math.prod(shares))

    def _share(self, part: str, parts: Counter[str], own: set[Name], names: int) -> float:
        if len(part) == 1:
            return INITIAL
        others = parts[part] - sum(part in name for name in own)
        return (others + UNSEEN) / (names + 1)


def _cut(weight: float) -> float:
    return max(-MOST, min(MOST, weight))
